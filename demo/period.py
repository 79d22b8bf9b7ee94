"""The days a demo bank lives through. Moments are milliseconds since its first midnight in Seoul."""

from __future__ import annotations

from datetime import date, timedelta

from hub.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from hub.errors import Misconfigured

_OFFSET = "+09:00"


class Period:
    """A run of whole days that ends on a given one."""

    def __init__(self, last_day: date, days: int) -> None:
        if days < 1:
            raise Misconfigured("The demo bank needs at least one day; give --days 1 or more", reason="bad_days")
        self.days = days
        self.first_day = last_day - timedelta(days=days - 1)
        self.length_ms = days * DAY_MS
        self.names = tuple((self.first_day + timedelta(days=i)).isoformat() for i in range(days))
        self._late_names = (*self.names, *((last_day + timedelta(days=i)).isoformat() for i in (1, 2)))

    def date(self, day: int) -> date:
        """Return the date of a day, which may lie before or after the period."""
        return self.first_day + timedelta(days=day)

    def day_of(self, at_ms: int) -> int:
        """Return the index of the day a moment lies in."""
        return at_ms // DAY_MS

    def covers(self, at_ms: int) -> bool:
        """Say whether a moment lies within the period."""
        return 0 <= at_ms < self.length_ms

    def iso(self, at_ms: int) -> str:
        """Return a moment as ISO 8601 with Seoul's offset; up to two days after the period are allowed."""
        day, rest = divmod(at_ms, DAY_MS)
        hour, rest = divmod(rest, HOUR_MS)
        minute, rest = divmod(rest, MINUTE_MS)
        second, ms = divmod(rest, SECOND_MS)
        return f"{self._late_names[day]}T{hour:02d}:{minute:02d}:{second:02d}.{ms:03d}{_OFFSET}"


def at(day: int, hour: float) -> int:
    """Return the moment of a day and an hour, such as 13.5 for half past one."""
    return day * DAY_MS + int(hour * HOUR_MS)
