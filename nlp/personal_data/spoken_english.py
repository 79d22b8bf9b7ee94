"""Numbers spoken in English as digits: ``four one five``, ``double two``, ``forty one eleven``, ``eight hundred``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.personal_data.mapped_text import MappedText, Piece, rewrite

MIN_SPOKEN, MIN_PAIRED = 4, 9
"""Fewer digits in a row are ordinary speech; pairs of digits are years, prices and times up to eight."""

_ONES = {
    "zero": "0",
    "oh": "0",
    "o": "0",
    "nought": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
}
_ONES |= {"six": "6", "seven": "7", "eight": "8", "nine": "9"}
_TIMES = {"double": 2, "triple": 3, "quadruple": 4}

_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_EN_DIGIT = r"(?:zero|oh|o|nought|one|two|three|four|five|six|seven|eight|nine)"
_EN_WORD = rf"(?:(?:double|triple|quadruple)\s+(?:{_EN_DIGIT}|\d)|{_EN_DIGIT}|\d{{1,6}})"
_EN_GAP = r"(?:\s*[-,.]{1,3}\s*|\s+)(?:(?:uh+|um+|er+m?|ah+|hm+|dash|hyphen|space|then|and then|okay|sorry)\b[,.]?\s+)*"
_EN_RUN = re.compile(rf"(?<![\d-])\b{_EN_WORD}(?:{_EN_GAP}{_EN_WORD})+\b", re.IGNORECASE)
_EN_STEP = re.compile(rf"(?P<unit>{_EN_WORD})\b|(?P<gap>{_EN_GAP})", re.IGNORECASE)
_SEPARATOR = re.compile(r"[-,.]|dash|hyphen", re.IGNORECASE)
_ONE_TO_NINE = "one|two|three|four|five|six|seven|eight|nine"
_EN_PAIR = rf"(?:(?:{'|'.join(_TENS)})(?:[\s-](?:{_ONE_TO_NINE})\b)?|{'|'.join(_TEENS)}|(?:{_ONE_TO_NINE})\s+(?:hundred|thousand)\b)"
_EN_PAIRED_RUN = re.compile(
    rf"(?<![\d-])\b(?:{_EN_PAIR}|{_EN_WORD})(?:{_EN_GAP}(?:{_EN_PAIR}|{_EN_WORD}))+\b(?!\s*(?:hundred|thousand|million|dollars?|percent|cents))",
    re.IGNORECASE,
)
_EN_PAIRED_STEP = re.compile(rf"(?P<pair>{_EN_PAIR})\b|(?P<unit>{_EN_WORD})\b|(?P<gap>{_EN_GAP})", re.IGNORECASE)
_HAS_PAIR = re.compile(rf"\b{_EN_PAIR}\b", re.IGNORECASE)


def with_digits(mapped: MappedText) -> MappedText:
    """Return the text with English numbers as digits where they are read out one by one or in pairs."""
    if _HAS_PAIR.search(mapped.text):
        mapped = rewrite(mapped, _EN_PAIRED_RUN, _paired_run)
    return rewrite(mapped, _EN_RUN, _digit_run)


def _digit_run(match: re.Match[str]) -> Sequence[Piece]:
    return _enough([_piece(step) for step in _EN_STEP.finditer(match[0])], match, MIN_SPOKEN)


def _paired_run(match: re.Match[str]) -> Sequence[Piece]:
    steps = list(_EN_PAIRED_STEP.finditer(match[0]))
    return _enough([_piece(step) for step in steps], match, MIN_PAIRED) if any(step["pair"] for step in steps) else ()


def _enough(pieces: Sequence[Piece], match: re.Match[str], least: int) -> Sequence[Piece]:
    """Return the digits, where they are many and words, in their place in the text."""
    is_number = sum(piece.is_spoken for piece in pieces) >= 3 and sum(len(p.text.strip("-")) for p in pieces) >= least
    return [piece.moved(match.start()) for piece in pieces if piece.text] if is_number else ()


def _piece(step: re.Match[str]) -> Piece:
    """Return the digits of ``zero`` or ``double five``; gaps of spaces vanish, commas become hyphens."""
    groups = step.groupdict()
    if groups.get("pair"):
        return Piece(_pair(step["pair"].lower()), step.start(), step.end(), True)
    if not step["unit"]:
        return Piece("-" if _SEPARATOR.search(step["gap"]) else "", step.start(), step.end())
    *times, word = step["unit"].lower().split()
    digits = _ONES.get(word, word) * _TIMES.get(times[0] if times else "", 1)
    return Piece(digits, step.start(), step.end(), word in _ONES)


def _pair(words: str) -> str:
    """Return the digits of ``forty one``, ``eleven``, ``eight hundred``, ``two thousand``."""
    first, *rest = re.split(r"[\s-]+", words)
    if first in _TEENS:
        return str(10 + _TEENS.index(first))
    if first in _TENS:
        return f"{2 + _TENS.index(first)}{_ONES[rest[0]] if rest else 0}"
    return _ONES[first] + ("00" if rest[0] == "hundred" else "000")
