"""Durations as people write them: ``90s``, ``7m``, ``1h``, ``14d``, ``2w``."""

from __future__ import annotations

import re

from hub.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS

UNITS_MS = {"ms": 1, "s": SECOND_MS, "m": MINUTE_MS, "h": HOUR_MS, "d": DAY_MS, "w": 7 * DAY_MS}
LONGEST_MS = 3_660 * DAY_MS
_DURATION = re.compile(r"(\d{1,9})(ms|[smhdw])")


def parse_duration(text: str) -> int | None:
    """Return milliseconds, or None where the text is not a duration of at most ten years."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        return None
    length_ms = int(found[1]) * UNITS_MS[found[2]]
    return length_ms if length_ms <= LONGEST_MS else None


def format_duration(length_ms: int) -> str:
    """Return the shortest exact spelling of a duration."""
    for unit in ("w", "d", "h", "m", "s"):
        if length_ms and length_ms % UNITS_MS[unit] == 0:
            return f"{length_ms // UNITS_MS[unit]}{unit}"
    return f"{length_ms}ms"
