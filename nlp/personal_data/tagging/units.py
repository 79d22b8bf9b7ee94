"""A text in units: a syllable of Hangul, a word of Latin letters, a run of digits, any other sign."""

from __future__ import annotations

import re

import msgspec

_UNIT = re.compile(
    r"(?P<H>[가-힣])|(?P<L>[A-Za-zÀ-ÖØ-öø-ɏ]+(?:['’][A-Za-zÀ-ÖØ-öø-ɏ]+)*)|(?P<D>[0-9]+)|(?P<C>[一-鿿ぁ-ヿ])|(?P<S>[^\s])"
)
MAX_DIGITS = 6


class Unit(msgspec.Struct, frozen=True):
    """One unit, text[start:end]; ``kind`` is H, L, D, C or S, ``is_first`` after white space or at the beginning."""

    form: str
    kind: str
    start: int
    end: int
    is_first: bool


def units(text: str) -> list[Unit]:
    """Cut a text; white space is no unit. Digits are all alike, letters lower-case, line breaks a sign of their own."""
    found: list[Unit] = []
    end = 0
    for match in _UNIT.finditer(text):
        kind = match.lastgroup or "S"
        gap = text[end : match.start()]
        if "\n" in gap or "\t" in gap:
            found.append(Unit("\n" if "\n" in gap else "\t", "S", end, match.start(), is_first=False))
        is_first = bool(gap) or match.start() == 0
        found.append(Unit(_form(match[0], kind), kind, match.start(), match.end(), is_first))
        end = match.end()
    return found


def _form(text: str, kind: str) -> str:
    if kind == "D":
        return "0" * min(len(text), MAX_DIGITS)
    return text.lower() if kind == "L" else text
