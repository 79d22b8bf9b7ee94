"""The days that labels mean, counted from a small notation, independent of what reads them from speech."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def day_of(notation: str, today: date) -> date:
    """Return the day of ``+3d``, ``this fri``, ``next tue``, ``coming thu``, ``month_end 0``, ``month_day 1 15``.

    Weeks begin on Monday; ``this`` and ``next`` are the weeks, ``coming`` is the next such day after today.
    """
    word, *rest = notation.split()
    if word.startswith("+"):
        return today + timedelta(days=int(word[1:-1]))
    if word in ("this", "next", "coming"):
        wanted = _WEEKDAYS.index(rest[0])
        if word == "coming":
            return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)
        return today + timedelta(days=wanted - today.weekday() + (7 if word == "next" else 0))
    months = today.year * 12 + today.month - 1 + int(rest[0])
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, last if word == "month_end" else int(rest[1]))
