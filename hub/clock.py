"""Time as a dependency: nothing in the hub calls the system clock directly."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


class Clock(Protocol):
    """Tells the time in epoch milliseconds, UTC."""

    def now_ms(self) -> int:
        """Return the current time."""
        ...


class SystemClock:
    """The machine's clock."""

    def now_ms(self) -> int:
        """Return the machine's time."""
        return time.time_ns() // 1_000_000


class SettableClock:
    """A clock that tests and replays move by hand."""

    def __init__(self, now_ms: int = 0) -> None:
        self._now_ms = now_ms

    def now_ms(self) -> int:
        """Return the time last set."""
        return self._now_ms

    def set(self, now_ms: int) -> None:
        """Move to a time."""
        self._now_ms = now_ms

    def advance(self, by_ms: int) -> None:
        """Move forward by a duration."""
        self._now_ms += by_ms


def to_ms(moment: datetime) -> int:
    """Return epoch milliseconds; a naive datetime is read as UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1_000)


def from_ms(epoch_ms: int) -> datetime:
    """Return the aware UTC datetime of an epoch millisecond."""
    return datetime.fromtimestamp(epoch_ms / 1_000, tz=UTC)


def iso(epoch_ms: int) -> str:
    """Return ISO 8601 in UTC with milliseconds and a Z."""
    return from_ms(epoch_ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_ms(text: str, *, naive_offset_hours: float = 0.0) -> int:
    """Parse an ISO 8601 time into epoch milliseconds.

    Args:
        text: with or without an offset; "2026-10-01" is midnight.
        naive_offset_hours: the UTC offset to assume where the text names none (Korea: 9).
    Raises:
        ValueError: not ISO 8601.
    """
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        return to_ms(moment) - round(naive_offset_hours * HOUR_MS)
    return to_ms(moment)
