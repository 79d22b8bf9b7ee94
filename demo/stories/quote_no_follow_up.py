"""A car-insurance quote that nobody comes back to for days: first an e-mail is due, then the telemarketing centre."""

from __future__ import annotations

from random import Random

from demo.customer import Customer
from demo.diary import APP, WEB, Diary
from demo.period import Period, at
from demo.products import BY_ID
from demo.session import Session
from demo.stories.story import Story, late_day

_CAR = BY_ID["A01"]


def _prepare(customer: Customer, period: Period, random: Random) -> None:
    customer.consent_to("marketing_offers")
    customer.consent_to("service")


def _quote(diary: Diary, random: Random) -> tuple[Session, str]:
    day = late_day(diary.period, random, 0.25, 0.85)
    session = diary.visit(at(day, random.uniform(9, 21)), random.choice((APP, WEB)))
    session.view(_CAR)
    quote = diary.reference("Q")
    session.track("quote.requested", quote_id=quote, line="car", premium=1_000 * random.randrange(480, 1_400))
    return session, quote


def _follow_up(diary: Diary, quote: str, at_ms: int, step: str) -> None:
    session = diary.visit(at_ms)
    session.track("quote.followed_up", quote_id=quote, step=step)
    session.end()


def _play(diary: Diary, random: Random) -> None:
    session, quote = _quote(diary, random)
    session.end()
    if random.random() < 0.35:
        _follow_up(diary, quote, session.at_ms + at(0, random.uniform(30, 60)), "enquiry")


def _miss(diary: Diary, random: Random) -> None:
    session, quote = _quote(diary, random)
    session.end()
    _follow_up(diary, quote, session.at_ms + at(0, random.uniform(0.5, 1.5)), "application")


STORY = Story("quote-no-follow-up", _play, _miss, prepare=_prepare, players=4, near_misses=2)
