"""The same security bought and sold within the hour, three times and more in a day."""

from __future__ import annotations

from random import Random

from demo.diary import Diary
from demo.period import at
from demo.stories.story import Story, late_day

_SYMBOLS = ("HBK001", "HBK014", "HBK027", "HBK033")


def _trade(diary: Diary, random: Random, rounds: int, hold_minutes: tuple[int, int]) -> None:
    moment = at(late_day(diary.period, random, 0.2, 0.95), 9.1)
    price = 100 * random.randrange(90, 900)
    for symbol in random.sample(_SYMBOLS * 2, rounds):
        quantity = random.randrange(5, 200)
        _order(diary, moment, symbol, "buy", quantity, price)
        moment += 60_000 * random.randrange(*hold_minutes)
        _order(diary, moment, symbol, "sell", quantity, price + random.randrange(-300, 400))
        moment += 60_000 * random.randrange(3, 20)


def _order(diary: Diary, moment: int, symbol: str, side: str, quantity: int, price: int) -> None:
    diary.business(moment, "security.traded", "core", symbol=symbol, side=side, quantity=quantity, price=price)


def _play(diary: Diary, random: Random) -> None:
    _trade(diary, random, random.randrange(3, 6), (5, 50))


def _miss(diary: Diary, random: Random) -> None:
    _trade(diary, random, 2, (90, 120))


STORY = Story("day-trader", _play, _miss)
