"""Typed values out of whatever a source wrote; every failure is a Permanent with a reason, never with the value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from hub.clock import parse_ms
from hub.errors import Permanent
from ingest.formats.source import Source

MAX_ID = 200
MAX_INTEGER = 10**15
_INTEGER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.0+)?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_SECONDS_END = 100_000_000_000


def identifier(value: object, name: str, limit: int = MAX_ID) -> str | None:
    """Return an id as text, None for nothing; numbers are ids too.

    Raises:
        Permanent: ``bad_id``.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Permanent(f"{name} is neither text nor a whole number.", reason="bad_id")
    text = str(value).strip()
    if len(text) > limit or _CONTROL.search(text):
        raise Permanent(f"{name} is longer than {limit} characters or holds control characters.", reason="bad_id")
    return text or None


def required(fields: Mapping[str, Any], name: str, limit: int = MAX_ID) -> str:
    """Return an id that must be there.

    Raises:
        Permanent: ``missing_value`` or ``bad_id``.
    """
    text = identifier(fields.get(name), name, limit)
    if text is None:
        raise Permanent(f"{name} is missing.", reason="missing_value")
    return text


def moment(value: object, name: str, source: Source) -> int:
    """Return a time in epoch milliseconds: ISO 8601 text, or epoch seconds or milliseconds as a number.

    Raises:
        Permanent: ``bad_time``, or ``time_out_of_range`` when absurdly far away.
    """
    epoch_ms = _epoch_ms(value, name, source)
    if not source.earliest_ms <= epoch_ms < source.latest_ms:
        raise Permanent(f"{name} is absurdly far away.", reason="time_out_of_range")
    return epoch_ms


def _epoch_ms(value: object, name: str, source: Source) -> int:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return round(value * 1_000) if abs(value) < _SECONDS_END else round(value)
    if isinstance(value, str) and len(value) <= 64:
        try:
            return parse_ms(value, naive_offset_hours=source.offset_hours)
        except (ValueError, OverflowError):
            pass
    raise Permanent(f"{name} is no ISO 8601 time.", reason="bad_time")


def day(value: str, name: str) -> str:
    """Return an ISO date as it stands.

    Raises:
        Permanent: ``bad_date``, or ``time_out_of_range`` outside 1900 to 2199.
    """
    try:
        parsed = date.fromisoformat(value.strip()[:10])
    except ValueError:
        raise Permanent(f"{name} is no ISO date.", reason="bad_date") from None
    if not 1900 <= parsed.year < 2200:
        raise Permanent(f"{name} is absurdly far away.", reason="time_out_of_range")
    return value.strip()


def integer(value: object, name: str, *, least: int = -MAX_INTEGER) -> int:
    """Return a whole number, also from text such as ``1,234`` or ``1234.00``.

    Raises:
        Permanent: ``bad_number`` or ``number_out_of_range``.
    """
    text = str(value).strip()
    if isinstance(value, bool) or len(text) > 40 or not _INTEGER.fullmatch(text):
        raise Permanent(f"{name} is no whole number.", reason="bad_number")
    number = int(text.replace(",", "").partition(".")[0])
    if not least <= number <= MAX_INTEGER:
        raise Permanent(f"{name} is out of range.", reason="number_out_of_range")
    return number


def flag(value: object, name: str, default: bool) -> bool:
    """Return a truth value, also from text.

    Raises:
        Permanent: ``bad_flag``.
    """
    if value is None or value == "":
        return default
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in ("true", "1", "y", "yes"):
        return True
    if word in ("false", "0", "n", "no"):
        return False
    raise Permanent(f"{name} is neither true nor false.", reason="bad_flag")


def one_of(value: str, name: str, choices: tuple[str, ...]) -> str:
    """Return a value of a closed list.

    Raises:
        Permanent: ``bad_value``.
    """
    word = value.strip().lower()
    if word not in choices:
        raise Permanent(f"{name} is none of {', '.join(choices)}.", reason="bad_value")
    return word
