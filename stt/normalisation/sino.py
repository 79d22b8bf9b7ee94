"""Korean numerals: 삼천오백만, 3천500만, 1억 2천만 and 스물다섯, read from a place in a text and written in digits.

Large numbers are written by ten-thousands, as Korean banks write them: 1억 2000만.
"""

from __future__ import annotations

import re
from typing import NamedTuple

DIGITS = {"일": 1, "이": 2, "삼": 3, "사": 4, "오": 5, "육": 6, "륙": 6, "칠": 7, "팔": 8, "구": 9}
SMALL = {"십": 10, "백": 100, "천": 1_000}
LARGE = {"만": 10**4, "억": 10**8, "조": 10**12}
STARTS = "".join((*DIGITS, *SMALL, *LARGE))

_ONES = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
NATIVE = {ten + one: 10 * t + o for t, ten in enumerate(_TENS) for o, one in enumerate(_ONES) if t or o}
NATIVE |= {"스무": 20, "석": 3, "넉": 4}
NATIVE_PATTERN = "|".join(sorted(NATIVE, key=len, reverse=True))

_ARABIC = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d,])|\d+")


class Numeral(NamedTuple):
    """A number that ends at ``end``; ``morphemes`` counts what it is made of, ``spoken`` tells words from digits."""

    end: int
    value: int
    morphemes: int
    spoken: bool


def numerals(text: str, start: int) -> list[Numeral]:
    """Return every well-formed number that begins at a place, the longest first."""
    reading = _Reading(text, start)
    while reading.step():
        pass
    return reading.found[::-1]


def written(value: int) -> str:
    """Return a number by ten-thousands: 120000000 is 1억 2000만."""
    parts = []
    for name, unit in reversed(LARGE.items()):
        count, value = divmod(value, unit)
        if count:
            parts.append(f"{count}{name}")
    if value or not parts:
        parts.append(str(value))
    return " ".join(parts)


class _Reading:
    """Reads morpheme after morpheme; units must fall, within ten-thousands and from one to the next."""

    def __init__(self, text: str, start: int) -> None:
        self._text, self._place = text, start
        self._total = self._block = self._morphemes = 0
        self._digit: int | None = None
        self._small, self._large = 10_000, 10**16
        self._spoken = self._after_unit = False
        self.found: list[Numeral] = []

    def step(self) -> bool:
        """Read one more morpheme; False when the number is over."""
        place = self._place
        if self._after_unit and self._text[place : place + 1] == " ":
            place += 1
        char = self._text[place : place + 1]
        if char in DIGITS:
            known = self._take_digit(DIGITS[char])
        elif char.isascii() and char.isdigit():
            return self._take_arabic(place)
        elif char in SMALL:
            known = self._take_small(SMALL[char])
        elif char in LARGE and place == self._place:
            known = self._take_large(LARGE[char])
        else:
            return False
        if known:
            self._spoken = True
            self._advance(place + 1, is_unit=char not in DIGITS)
        return known

    def _advance(self, place: int, *, is_unit: bool) -> None:
        self._place, self._after_unit = place, is_unit
        self._morphemes += 1
        value = self._total + self._block + (self._digit or 0)
        self.found.append(Numeral(place, value, self._morphemes, self._spoken))

    def _take_digit(self, digit: int) -> bool:
        if self._digit is not None or self._small == 1:
            return False
        self._digit = digit
        return True

    def _take_arabic(self, place: int) -> bool:
        match = _ARABIC.match(self._text, place)
        if match is None or self._digit is not None:
            return False
        value = int(match[0].replace(",", ""))
        if (self._morphemes and value >= self._small) or (match[0][0] == "0" and len(match[0]) > 1):
            return False
        self._digit = value
        self._advance(match.end(), is_unit=False)
        return True

    def _take_small(self, unit: int) -> bool:
        if unit >= self._small or (self._digit or 1) > 9:
            return False
        self._block += (1 if self._digit is None else self._digit) * unit
        self._digit, self._small = None, unit
        return self._block > 0

    def _take_large(self, unit: int) -> bool:
        count = self._block + (self._digit or 0)
        if unit >= self._large or (count == 0 and (self._digit is not None or self._total)) or count > 9_999:
            return False
        self._total += max(1, count) * unit
        self._block, self._digit, self._small, self._large = 0, None, 10_000, unit
        return True
