"""English numbers in words: one hundred twenty thousand, nineteen eighty-seven, twenty third."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SMALL = {name: value for value, name in enumerate((*ONES, *_TEENS))}
TENS = {name: 10 * value for value, name in enumerate(_TENS, start=2)}
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_FIRST = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"),
    *("twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"),
)
ORDINALS = {name: value for value, name in enumerate(_FIRST, start=1)}
ORDINALS |= {name[:-1] + "ieth": value for name, value in TENS.items()}
DIGIT_WORDS = {name: str(value) for value, name in enumerate(ONES)} | {"oh": "0", "o": "0", "nought": "0"}
NUMBER_WORDS = frozenset((*SMALL, *TENS, "hundred", *SCALES))
_ARABIC = re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?")


class Cardinal(NamedTuple):
    """A number of ``words`` words; ``text`` is it in digits, ``spoken`` tells words from digits."""

    words: int
    text: str
    spoken: bool


def cardinal(words: Sequence[str]) -> Cardinal | None:
    """Read the longest number at the beginning of lower-case words (hyphens already apart); None where there is none."""
    arabic = _ARABIC.fullmatch(words[0]) if words else None
    if arabic:
        return _scaled_arabic(words, arabic[0].replace(",", ""))
    total, block, place = 0, -1, 0
    limit = 10**15
    while place < len(words):
        word = words[place]
        joins = word == "and" and place + 1 < len(words) and (block >= 100 or (block < 0 and total > 0))
        if joins and _under_hundred(words[place + 1 :])[0] and block % 100 in (0, 99):
            place += 1
            continue
        count, value = _under_hundred(words[place:])
        if count and (block < 0 or (block >= 100 and block % 100 == 0)):
            block, place = max(0, block) + value, place + count
        elif word == "hundred" and 0 < block < 100:
            block, place = block * 100, place + 1
        elif word in SCALES and block > 0 and SCALES[word] < limit:
            limit, total, block, place = SCALES[word], total + block * SCALES[word], -1, place + 1
        elif word in {"a", "one"} and place == 0 and words[1:2] and (words[1] == "hundred" or words[1] in SCALES):
            block, place = 1, 1
        else:
            break
    return Cardinal(place, str(total + max(0, block)), True) if place else None


def _scaled_arabic(words: Sequence[str], digits: str) -> Cardinal:
    if len(words) > 1 and words[1] in SCALES:
        whole, _, fraction = digits.partition(".")
        zeros = len(str(SCALES[words[1]])) - 1
        if len(fraction) <= zeros:
            return Cardinal(2, str(int(whole + fraction.ljust(zeros, "0"))), False)
    return Cardinal(1, digits, False)


def _under_hundred(words: Sequence[str]) -> tuple[int, int]:
    """Return (words read, value) of 0 to 99 at the beginning."""
    if not words:
        return 0, 0
    if words[0] in SMALL:
        return 1, SMALL[words[0]]
    if words[0] not in TENS:
        return 0, 0
    if len(words) > 1 and 0 < SMALL.get(words[1], 0) < 10:
        return 2, TENS[words[0]] + SMALL[words[1]]
    return 1, TENS[words[0]]


def year(words: Sequence[str]) -> Cardinal | None:
    """Read nineteen eighty-seven or twenty twenty-six; "twenty ten" too, but no "twenty five"."""
    first, century = _under_hundred(words)
    if not first or not 13 <= century <= 21 or first > 1:
        return None
    rest = words[first:]
    if rest[:1] == ["hundred"]:
        return None
    if rest and rest[0] in {"oh", "o"} and len(rest) > 1 and 0 < SMALL.get(rest[1], 0) < 10:
        return Cardinal(3, f"{century}0{SMALL[rest[1]]}", True)
    second, value = _under_hundred(rest)
    return Cardinal(1 + second, f"{century}{value}", True) if second and 10 <= value <= 99 else None


def ordinal(words: Sequence[str]) -> Cardinal | None:
    """Read first ... ninety-ninth as 1st ... 99th."""
    if not words:
        return None
    if words[0] in ORDINALS:
        return Cardinal(1, with_suffix(ORDINALS[words[0]]), True)
    if len(words) > 1 and words[0] in TENS and 0 < ORDINALS.get(words[1], 0) < 10:
        return Cardinal(2, with_suffix(TENS[words[0]] + ORDINALS[words[1]]), True)
    return None


def with_suffix(value: int) -> str:
    """Return 1st, 2nd, 3rd, 4th, 11th ..."""
    suffix = "th" if 10 < value % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{suffix}"
