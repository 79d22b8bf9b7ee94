"""A purchase is declined because it goes over the limit of the card."""

from __future__ import annotations

from random import Random

from demo.customer import Customer
from demo.diary import Diary
from demo.period import Period, at
from demo.stories.story import Story, late_day


def _suits(customer: Customer, period: Period) -> bool:
    return customer.account("card") is not None


def _play(diary: Diary, random: Random) -> None:
    card = diary.customer.account("card")
    if card is None or card.credit_limit is None:
        return
    moment = at(late_day(diary.period, random, 0.3, 0.97), random.uniform(11, 21))
    amount = card.credit_limit // 4 + 10_000 * random.randrange(1, 60)
    diary.business(
        moment, "card.limit_exceeded", "core", account_no=card.account_no, amount=amount, limit=card.credit_limit
    )


def _miss(diary: Diary, random: Random) -> None:
    """Look at the limit without reaching it."""
    session = diary.visit(at(late_day(diary.period, random, 0.3, 0.97), random.uniform(9, 21)))
    session.screen("card_limit")
    session.end()


STORY = Story("card-over-limit", _play, _miss, _suits)
