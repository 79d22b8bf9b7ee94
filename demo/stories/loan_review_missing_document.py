"""A loan goes into review and a document it needs does not come."""

from __future__ import annotations

from random import Random

from demo.customer import Customer
from demo.diary import Diary
from demo.period import Period, at
from demo.stories.story import Story, late_day

_REQUIRED = ("identity_card", "income_proof", "employment_certificate")


def _suits(customer: Customer, period: Period) -> bool:
    return customer.salary > 0


def _review(diary: Diary, random: Random, documents: tuple[str, ...]) -> None:
    started = at(late_day(diary.period, random, 0.2, 0.75), random.uniform(9.5, 16))
    review = diary.reference("RV")
    diary.business(started, "loan_review.started", "staff", review_id=review, product_id="L01")
    for number, document in enumerate(documents):
        moment = started + at(0, 2.0 + 5 * number)
        diary.business(moment, "document.received", "staff", review_id=review, document=document)


def _play(diary: Diary, random: Random) -> None:
    _review(diary, random, _REQUIRED[: random.randrange(0, 3)])


def _miss(diary: Diary, random: Random) -> None:
    _review(diary, random, _REQUIRED)


STORY = Story("loan-review-missing-document", _play, _miss, _suits)
