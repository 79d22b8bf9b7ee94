"""A caller tells of a life event, and looks at loans on the web within two weeks."""

from __future__ import annotations

from random import Random

from demo.customer import Customer
from demo.dialogues.scripts import LIFE_EVENT_SCRIPTS
from demo.diary import APP, WEB, Diary
from demo.needs import product_for
from demo.period import Period, at
from demo.products import BY_TYPE
from demo.session import MIDDLE, START
from demo.stories.story import Story

_EVENTS = ("marriage", "moving", "birth", "study_abroad")


def _suits(customer: Customer, period: Period) -> bool:
    return 27 <= customer.age_on(period.first_day) <= 46 and customer.salary > 0


def _prepare(customer: Customer, period: Period, random: Random) -> None:
    customer.life_event = random.choice(_EVENTS)
    customer.life_event_day = int(period.days * random.uniform(0.58, 0.72))
    customer.consent_to("marketing_offers")
    customer.consent_to("profiling")


def _view_loans(diary: Diary, random: Random, day: int) -> None:
    product = product_for(diary.customer, "loan", diary.period)
    session = diary.visit(at(day, random.uniform(9, 22)), random.choice((APP, WEB)), random.choice((START, MIDDLE)))
    session.screen("home")
    session.view(product)
    session.view(random.choice(BY_TYPE["loan"]), random.choice(("detail", "rate")))
    session.end()


def _play(diary: Diary, random: Random) -> None:
    """Look once before the call, so that a model knows the interest, call, and look again in the last third."""
    customer, days = diary.customer, diary.period.days
    called = customer.life_event_day
    _view_loans(diary, random, max(0, called - random.randrange(1, 5)))
    diary.call(at(called, random.uniform(9.5, 17.5)), LIFE_EVENT_SCRIPTS[customer.life_event], priority=0)
    first = max(called + 1, days * 2 // 3 + 1)
    last = min(called + 12, days - 1)
    for day in sorted(random.sample(range(first, last + 1), min(2, max(1, last + 1 - first)))):
        _view_loans(diary, random, day)


def _miss(diary: Diary, random: Random) -> None:
    """Speak of somebody else's wedding."""
    day = int(diary.period.days * random.uniform(0.6, 0.9))
    diary.call(at(day, random.uniform(9.5, 17.5)), "someone_elses_event", priority=2)


STORY = Story("loan-life-event", _play, _miss, _suits, _prepare, players=3, near_misses=1, min_days=20)
