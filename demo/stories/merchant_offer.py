"""A customer eats out in a region where merchants run an offer of their own."""

from __future__ import annotations

from random import Random

from demo.customer import Customer
from demo.diary import Diary
from demo.merchants import nearby
from demo.period import Period, at
from demo.routine.money import buy
from demo.stories.story import Story, late_day


def _prepare(customer: Customer, period: Period, random: Random) -> None:
    customer.consent_to("marketing_offers")


def _eat_out(diary: Diary, random: Random, times: int) -> None:
    for _ in range(times):
        moment = at(late_day(diary.period, random, 0.3, 0.98), random.uniform(11.5, 20))
        amount = 1_000 * random.randrange(12, 60)
        buy(diary, moment, nearby(random, "restaurant", diary.customer.region), amount)


def _play(diary: Diary, random: Random) -> None:
    _eat_out(diary, random, random.randrange(3, 6))


def _miss(diary: Diary, random: Random) -> None:
    moment = at(late_day(diary.period, random, 0.3, 0.98), 12.4)
    buy(diary, moment, nearby(random, "convenience_store", diary.customer.region), 2_400)


STORY = Story("merchant-offer", _play, _miss, prepare=_prepare)
