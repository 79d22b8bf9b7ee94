"""Savings pages looked at three times and more in one visit, and nothing subscribed."""

from __future__ import annotations

from random import Random

from demo.customer import Customer
from demo.diary import APP, WEB, Diary
from demo.period import Period, at
from demo.products import BY_TYPE, SAVING_TYPES, Product
from demo.session import MIDDLE, START, Session
from demo.stories.story import Story, late_day


def _suits(customer: Customer, period: Period) -> bool:
    return 20 <= customer.age_on(period.first_day) <= 54


def _prepare(customer: Customer, period: Period, random: Random) -> None:
    customer.consent_to("marketing_offers")


def _product(random: Random) -> Product:
    return random.choice(BY_TYPE[random.choice(SAVING_TYPES)])


def _look(diary: Diary, random: Random, views: int) -> Session:
    day = late_day(diary.period, random, 0.3, 0.95)
    device, login = random.choice((APP, WEB)), random.choice((START, MIDDLE))
    session = diary.visit(at(day, random.uniform(9, 21.5)), device, login)
    for _ in range(views):
        session.view(_product(random))
    return session


def _play(diary: Diary, random: Random) -> None:
    _look(diary, random, random.randrange(3, 6)).end()


def _miss(diary: Diary, random: Random) -> None:
    if random.random() < 0.5:
        _look(diary, random, 2).end()
        return
    session, product = _look(diary, random, 3), _product(random)
    session.apply(product)
    session.wait(random.uniform(60, 200))
    diary.subscribe(product, session.at_ms, session)
    session.end()


STORY = Story("savings-browse-abandon", _play, _miss, _suits, _prepare, players=4, near_misses=2)
