"""Somebody asks again and again, on every channel, what a policy would pay."""

from __future__ import annotations

from random import Random

from demo.diary import WEB, Diary
from demo.period import at
from demo.stories.story import Story, late_day


def _ask(diary: Diary, random: Random, times: int) -> None:
    day = late_day(diary.period, random, 0.3, 0.7)
    for number in range(times):
        asked = at(min(day + 2 * number, diary.period.days - 1), random.uniform(9.5, 17))
        via = ("web", "call", "branch")[number % 3]
        if via == "web":
            session = diary.visit(asked, WEB)
            session.track("payout.enquired", accident_type="disability", via="web")
            session.end()
        else:
            diary.business(asked, "payout.enquired", "core", accident_type="disability", via=via)
            if via == "call":
                diary.call(asked - 240_000, "payout_enquiry", priority=1)


def _play(diary: Diary, random: Random) -> None:
    _ask(diary, random, random.randrange(4, 6))


def _miss(diary: Diary, random: Random) -> None:
    _ask(diary, random, 1)


STORY = Story("fraud-repeated-payout-enquiries", _play, _miss)
