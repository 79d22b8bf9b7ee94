"""Staff start a foreign-currency remittance for a customer."""

from __future__ import annotations

from random import Random

from demo.diary import Diary
from demo.memo import MemoText
from demo.period import at
from demo.stories.story import Story, late_day

_SENT = MemoText("해외송금", "remittance")
_WON = {"USD": 1_380, "EUR": 1_500, "JPY": 9}


def _play(diary: Diary, random: Random) -> None:
    moment = at(late_day(diary.period, random, 0.1, 0.97), random.uniform(9.5, 15.8))
    currency = random.choice(tuple(_WON))
    amount = 100 * random.randrange(5, 90)
    staff = f"E{random.randrange(1, 400):04d}"
    diary.business(moment, "remittance.started", "staff", staff_id=staff, currency=currency, amount=amount)
    diary.pay(moment + 900_000, amount * _WON[currency], _SENT, "transfer")


def _miss(diary: Diary, random: Random) -> None:
    """Look at exchange rates and send nothing."""
    session = diary.visit(at(late_day(diary.period, random, 0.1, 0.97), random.uniform(9, 20)))
    session.screen("exchange_rates")
    session.end()


STORY = Story("fx-remittance-staff-alert", _play, _miss)
