"""The holder of a deposit that matures within a month looks at its yield or maturity page."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from demo.customer import Customer
from demo.diary import APP, WEB, Diary
from demo.period import Period, at
from demo.products import BY_ID
from demo.stories.story import Story, late_day

_DEPOSIT = BY_ID["D01"]


def _prepare(customer: Customer, period: Period, random: Random) -> None:
    matures = period.date(period.days + random.randrange(2, 12))
    customer.holdings = [h for h in customer.holdings if h.product.product_type != "deposit"]
    customer.give(_DEPOSIT, matures - timedelta(days=365), matures)
    customer.consent_to("marketing_offers")


def _check(diary: Diary, day: int, random: Random) -> None:
    session = diary.visit(at(day, random.uniform(9, 22)), random.choice((APP, WEB)))
    session.screen("accounts")
    session.view(_DEPOSIT, random.choice(("maturity", "yield")))
    session.end()


def _play(diary: Diary, random: Random) -> None:
    _check(diary, diary.period.days - random.randrange(2, min(15, diary.period.days)), random)


def _miss(diary: Diary, random: Random) -> None:
    """Look at the same page without holding anything that matures soon."""
    if not diary.customer.holds("deposit"):
        _check(diary, late_day(diary.period, random, 0.5, 0.95), random)


STORY = Story("maturity-yield-check", _play, _miss, prepare=_prepare)
