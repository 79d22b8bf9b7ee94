"""The functions an expression may call. Null in, null out, unless a function says otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hub.clock import DAY_MS, HOUR_MS, parse_ms
from rules.language.syntax import Value


@dataclass(frozen=True, slots=True)
class Function:
    """Types of the arguments, of the result, and what it does. The last argument may repeat if ``variadic``."""

    arguments: tuple[str, ...]
    result: str
    apply: Callable[..., Any]
    variadic: bool = False
    takes_null: bool = False


def parse_day_ms(text: Value, utc_offset_hours: float) -> int | None:
    """Return epoch milliseconds of an ISO date or time, None where it is neither. A bare date is its midnight."""
    if not isinstance(text, str) or len(text) > 40:
        return None
    try:
        return parse_ms(text, naive_offset_hours=utc_offset_hours)
    except (ValueError, OverflowError):
        return None


def _coalesce(*values: Value) -> Value:
    return next((value for value in values if value is not None), None)


FUNCTIONS: dict[str, Function] = {
    "lower": Function(("str",), "str", str.lower),
    "length": Function(("str",), "number", len),
    "contains": Function(("str", "str"), "bool", lambda text, part: part in text),
    "starts_with": Function(("str", "str"), "bool", str.startswith),
    "abs": Function(("number",), "number", abs),
    "min": Function(("number", "number"), "number", min, variadic=True),
    "max": Function(("number", "number"), "number", max, variadic=True),
    "round": Function(("number",), "number", round),
    "coalesce": Function(("any", "any"), "any", _coalesce, variadic=True, takes_null=True),
    # These two need the time of the log and the offset of the book; the compiler supplies both.
    "days_until": Function(("str",), "number", lambda day_ms, now_ms: (day_ms - now_ms) / DAY_MS),
    "hour": Function((), "number", lambda now_ms, utc_offset_hours: int((now_ms / HOUR_MS + utc_offset_hours) % 24)),
}
