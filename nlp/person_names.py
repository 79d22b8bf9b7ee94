"""Whether a word is a Korean person's name, by surname and given-name syllables."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from nlp import data_files

_NUMERALS = frozenset("영공일이삼사오육칠팔구십백천만억조")


class NameBook(msgspec.Struct, frozen=True):
    """Surnames, given-name syllables, titles, and words that only look like names."""

    surnames: dict[str, int]
    first: frozenset[str]
    last: frozenset[str]
    not_names: frozenset[str]
    titles: tuple[str, ...]
    english_given: frozenset[str]
    romanised_surnames: frozenset[str]
    english_not_names: frozenset[str]
    english_not_people: frozenset[str]
    english_brands: frozenset[str]

    def surname_length(self, word: str) -> int:
        """Return how many syllables of the word are a surname: 2, 1 or 0."""
        if len(word) >= 4 and word[:2] in self.surnames:
            return 2
        return 1 if word[:1] in self.surnames else 0

    def plausibility(self, word: str) -> float:
        """Return 0 to 1: how much a word of two to four syllables looks like a full name.

        0.9 for a common surname with two common given-name syllables, 0.6 with a rare surname, 0.45 for one given
        syllable, 0 for anything that cannot be read so or is a known other word.
        """
        size = len(word)
        if not 2 <= size <= 4 or word in self.not_names or _NUMERALS.issuperset(word):
            return 0.0
        surname = self.surname_length(word)
        given = word[surname:]
        if not surname or not given or len(given) > 2 or given[-1] not in self.last:
            return 0.0
        if len(given) == 1:
            return 0.6 if surname == 2 else 0.45
        if given[0] not in self.first:
            return 0.0
        return 0.9 if surname == 2 or self.surnames[word[0]] >= 30 else 0.6


@lru_cache(maxsize=1)
def load_name_book() -> NameBook:
    """Read the book of names."""
    raw: dict[str, Any] = data_files.load("person_names.yaml")
    return NameBook(
        surnames=raw["surnames"],
        first=frozenset(raw["first_syllables"]),
        last=frozenset(raw["last_syllables"]),
        not_names=frozenset(raw["not_names"]),
        titles=tuple(sorted(raw["titles"], key=len, reverse=True)),
        romanised_surnames=frozenset(raw["romanised_surnames"]),
        english_given=frozenset(raw["english_given"]),
        english_not_names=frozenset(raw["english_not_names"]),
        english_not_people=frozenset(raw["english_not_people"]),
        english_brands=frozenset(raw["english_brands"]),
    )
