"""A good customer complains on the phone, and then moves money away."""

from __future__ import annotations

from random import Random

from demo.customer import Customer
from demo.diary import WEB, Diary
from demo.memo import MemoText
from demo.period import Period, at
from demo.stories.story import Story, late_day

_OTHER_BANKS = ("카카오뱅크", "토스뱅크", "신한은행")


def _suits(customer: Customer, period: Period) -> bool:
    return customer.segment in ("affluent", "vip")


def _complain(diary: Diary, random: Random) -> int:
    day = late_day(diary.period, random, 0.4, 0.75)
    diary.call(at(day, random.uniform(9.5, 17)), "complaint", priority=1)
    return day


def _play(diary: Diary, random: Random) -> None:
    day = _complain(diary, random)
    last = diary.period.days - 1
    session = diary.visit(at(min(day + random.randrange(1, 4), last), random.uniform(9, 21)), WEB)
    session.track("closing_page.viewed")
    session.end()
    bank = random.choice(_OTHER_BANKS)
    memo = MemoText(f"{bank}이체", "transfer_own", bank, "institution")
    for gap in (2, 5):
        diary.pay(
            at(min(day + gap, last), random.uniform(10, 20)), 1_000_000 * random.randrange(2, 20), memo, "transfer"
        )


def _miss(diary: Diary, random: Random) -> None:
    _complain(diary, random)


STORY = Story("complaint-then-churn-signs", _play, _miss, _suits)
