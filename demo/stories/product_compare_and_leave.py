"""Several deposit products compared in one app session by somebody with money to place, who leaves without one."""

from __future__ import annotations

from random import Random

from demo.customer import Customer
from demo.diary import APP, Diary
from demo.period import Period, at
from demo.products import BY_TYPE
from demo.stories.story import Story, late_day

_LUMP_SUM = 60_000_000


def _prepare(customer: Customer, period: Period, random: Random) -> None:
    customer.lump_sum = max(customer.lump_sum, _LUMP_SUM)
    customer.consent_to("marketing_offers")


def _compare(diary: Diary, random: Random, products: int) -> None:
    session = diary.visit(at(late_day(diary.period, random, 0.3, 0.95), random.uniform(9, 22)), APP)
    session.screen("home")
    for product in (*BY_TYPE["deposit"], *BY_TYPE["savings"])[:products]:
        session.view(product, "compare")
    session.end()


def _play(diary: Diary, random: Random) -> None:
    _compare(diary, random, random.randrange(3, 5))


def _miss(diary: Diary, random: Random) -> None:
    _compare(diary, random, 1)


STORY = Story("product-compare-and-leave", _play, _miss, prepare=_prepare)
