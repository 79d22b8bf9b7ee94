"""Many deposits and withdrawals, each a little under a million won, within a week."""

from __future__ import annotations

from random import Random

from demo.diary import Diary
from demo.memo import MemoText
from demo.period import at
from demo.stories.story import Story, late_day

_IN, _OUT = MemoText("ATM입금", "atm_cash"), MemoText("ATM출금", "atm_cash")


def _structure(diary: Diary, random: Random, pairs: int) -> None:
    first = late_day(diary.period, random, 0.3, 0.8)
    for number in range(pairs):
        day = min(first + number * 6 // pairs, diary.period.days - 1)
        amount = 1_000 * random.randrange(880, 995)
        diary.receive(at(day, random.uniform(9, 13)), amount, _IN, "atm")
        diary.pay(at(day, random.uniform(14, 20)), amount - 10_000, _OUT, "atm")


def _play(diary: Diary, random: Random) -> None:
    _structure(diary, random, random.randrange(7, 10))


def _miss(diary: Diary, random: Random) -> None:
    _structure(diary, random, 1)


STORY = Story("aml-structuring", _play, _miss)
