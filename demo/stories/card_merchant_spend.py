"""A large purchase at one of the department stores."""

from __future__ import annotations

from random import Random

from demo.customer import Customer
from demo.diary import Diary
from demo.merchants import nearby
from demo.period import Period, at
from demo.routine.money import buy
from demo.stories.story import Story, late_day


def _suits(customer: Customer, period: Period) -> bool:
    return customer.account("card") is not None


def _prepare(customer: Customer, period: Period, random: Random) -> None:
    customer.consent_to("marketing_offers")


def _spend(diary: Diary, random: Random, amount: int) -> None:
    moment = at(late_day(diary.period, random, 0.2, 0.97), random.uniform(11, 19))
    buy(diary, moment, nearby(random, "department_store", diary.customer.region), amount)


def _play(diary: Diary, random: Random) -> None:
    _spend(diary, random, 10_000 * random.randrange(35, 150))


def _miss(diary: Diary, random: Random) -> None:
    _spend(diary, random, 25_000)


STORY = Story("card-merchant-spend", _play, _miss, _suits, _prepare, players=2)
