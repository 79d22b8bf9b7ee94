"""Coffee nearly every other day, paid by card."""

from __future__ import annotations

from random import Random

from demo.customer import Customer
from demo.diary import Diary
from demo.period import Period, at
from demo.routine.money import coffee
from demo.stories.story import Story

_WINDOW_DAYS = 28


def _suits(customer: Customer, period: Period) -> bool:
    return customer.account("card") is not None


def _prepare(customer: Customer, period: Period, random: Random) -> None:
    customer.coffees_a_day = 0.1
    customer.consent_to("marketing_offers")


def _drink(diary: Diary, random: Random, cups: int) -> None:
    window = min(_WINDOW_DAYS, diary.period.days)
    first = random.randrange(diary.period.days - window + 1)
    for number in range(cups):
        day = first + min(window - 1, number * window // cups)
        coffee(diary, at(day, random.uniform(7.5, 17)))


def _play(diary: Diary, random: Random) -> None:
    _drink(diary, random, random.randrange(12, 19))


def _miss(diary: Diary, random: Random) -> None:
    _drink(diary, random, 5)


STORY = Story("card-coffee-regular", _play, _miss, _suits, _prepare, players=4, near_misses=2)
