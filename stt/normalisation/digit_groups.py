"""How digits that were read one by one are written: in known formats, else in the groups they were said in."""

from __future__ import annotations

import re
from collections.abc import Sequence

MIN_GROUPED = 7
"""Fewer digits are a code or the end of a card and are written in one piece."""

_FORMATS = (
    (re.compile(r"(01[016789])(\d{4})(\d{4})"), "mobile telephone"),
    (re.compile(r"(02)(\d{4})(\d{4})"), "Seoul"),
    (re.compile(r"(0[3-6]\d)(\d{3,4})(\d{4})"), "other areas"),
    (re.compile(r"(\d{4})(\d{4})(\d{4})(\d{4})"), "card"),
)
_UNNEEDED_LAST = (
    re.compile(r"(01[016789]\d{8})\d"),
    re.compile(r"(\d{16})\d"),
)


def write_groups(groups: Sequence[str]) -> str:
    """Return e.g. 010-1234-5678 of the groups 010, 1234, 5678; a code of up to six digits in one piece."""
    digits = "".join(groups)
    if len(digits) < MIN_GROUPED:
        return digits
    is_torn = len(groups) == 1 or any(len(group) == 1 for group in groups)
    for pattern, _ in _FORMATS:
        match = pattern.fullmatch(digits)
        if match and (is_torn or pattern is _FORMATS[0][0]):
            return "-".join(match.groups())
    return digits if is_torn else "-".join(groups)


def has_one_too_many(groups: Sequence[str]) -> bool:
    """Return whether the last digit does not belong: a particle (오육칠팔이) read as a digit."""
    digits = "".join(groups)
    if len(groups) == 2 and len(groups[0]) == 6 and len(groups[1]) == 8:
        return True
    if len(groups) > 2 and len(groups[-1]) == 5 and len(groups[-2]) == 4:
        return True
    return any(pattern.fullmatch(digits) for pattern in _UNNEEDED_LAST)
