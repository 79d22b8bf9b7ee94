"""Somebody lost in the app goes back and forth between the same two screens."""

from __future__ import annotations

from random import Random

from demo.diary import APP, Diary
from demo.period import at
from demo.stories.story import Story, late_day

_PAIRS = (("transfer", "transfer_limit"), ("card_bill", "card_settings"), ("certificate", "login_settings"))


def _wander(diary: Diary, random: Random, rounds: int) -> None:
    session = diary.visit(at(late_day(diary.period, random, 0.2, 0.98), random.uniform(9, 22)), APP)
    for screen in random.choice(_PAIRS) * rounds:
        session.screen(screen)
    session.end()


def _play(diary: Diary, random: Random) -> None:
    _wander(diary, random, random.randrange(3, 6))


def _miss(diary: Diary, random: Random) -> None:
    _wander(diary, random, 1)


STORY = Story("same-screens-back-and-forth", _play, _miss)
