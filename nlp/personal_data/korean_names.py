"""Whether a word in a Korean sentence is a person's name: by its syllables, and by what the dictionary makes of the place."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

import msgspec

from nlp import data_files
from nlp.kiwi import load_kiwi
from nlp.person_names import NameBook, load_name_book


class Reading(IntEnum):
    """What the dictionary makes of a word that could be a name."""

    WORD = 0
    """Another word, or the beginning of one."""
    BROKEN = 1
    """Syllables that make no word together: what an unlisted name looks like to the dictionary."""
    LOOSE = 2
    """A word and one syllable more that no suffix is: 강성수, 윤수진."""
    NAME = 3
    """A proper noun, or one that it guesses."""


_NOUNS = ("NNG", "NNP", "NNB", "NR")


class KoreanNames(msgspec.Struct, frozen=True):
    """Surnames, syllables, cues and titles, and words that are no names."""

    book: NameBook
    labels: tuple[str, ...]
    sure_labels: frozenset[str]
    ranks: tuple[str, ...]
    not_surnames_before_ranks: frozenset[str]
    titles: tuple[str, ...]
    purposes: tuple[str, ...]
    foreign: frozenset[str]
    given: frozenset[str]
    suffixes: frozenset[str]

    def plausibility(self, word: str) -> float:
        """Return how much a word looks like a full name: ``NameBook.plausibility``, and 0.6 for 제갈길, 황보라."""
        is_double = len(word) == 3 and word[:2] in self.book.surnames and word[2] in self.book.last
        is_listed = word[-2:] in self.given and word[:-2] in self.book.surnames
        score = self.book.plausibility(word)
        return max(score, 0.6) if (is_double or is_listed) and word not in self.book.not_names else score

    def has_surname(self, word: str) -> bool:
        """Return whether a word is a surname and one to three syllables more, whatever they are."""
        size = self.book.surname_length(word)
        if len(word) == 3 and word[:2] in self.book.surnames:
            size = 2
        return size > 0 and 1 <= len(word) - size <= 3 and word not in self.book.not_names

    def is_given(self, word: str) -> bool:
        """Return whether a word of two syllables may be a given name alone."""
        return (
            len(word) == 2
            and word[0] in self.book.first
            and word[1] in self.book.last
            and word not in self.book.not_names
        )

    def reading(self, text: str, start: int, name: str) -> Reading:
        """Return what the dictionary reads at a place. Kiwi gives no base form to words that it guesses."""
        if name in self.book.not_names:
            return Reading.WORD
        tokens = load_kiwi().tokenize(text[start : start + len(name) + 8])
        first = tokens[0] if tokens else None
        if first is None:
            return Reading.BROKEN
        if first.tag[0] == "V" and first.len > 1:
            return Reading.WORD
        if first.len >= len(name) and (first.tag == "NNP" or not first.base_form):
            return Reading.NAME if first.len == len(name) or not first.base_form else Reading.WORD
        inside = [token for token in tokens if token.start < len(name)]
        is_whole = inside[-1].start + inside[-1].len <= len(name)
        if is_whole and len(name) == 4 and first.form == name[:2] and first.form in self.book.surnames:
            return Reading.NAME
        if is_whole and all(token.len <= 1 or not token.base_form for token in inside):
            return Reading.BROKEN
        if first.tag == "NNP" and first.len == 1 and is_whole:
            return Reading.BROKEN
        is_loose = len(name) == 3 and [token.len for token in inside] == [2, 1] and name[-1] not in self.suffixes
        are_nouns = all(token.tag in _NOUNS for token in inside)
        return Reading.LOOSE if is_whole and is_loose and are_nouns else Reading.WORD


@lru_cache(maxsize=1)
def load_korean_names() -> KoreanNames:
    """Read the lists: those of all names, and what personal data adds."""
    book, more = load_name_book(), data_files.load("personal_data/name_cues_ko.yaml")
    book = msgspec.structs.replace(
        book,
        first=book.first | frozenset(more["first_syllables"]),
        last=book.last | frozenset(more["last_syllables"]),
        not_names=book.not_names | frozenset(more["not_names"]),
    )
    return KoreanNames(
        book=book,
        labels=_longest_first(more["labels"]),
        sure_labels=frozenset(more["sure_labels"]),
        ranks=_longest_first(more["ranks"]),
        not_surnames_before_ranks=frozenset(more["not_surnames_before_ranks"]),
        titles=_longest_first([*book.titles, *more["titles"]]),
        purposes=_longest_first(more["purposes"]),
        foreign=frozenset(more["foreign"]),
        given=frozenset(more["given"]),
        suffixes=frozenset(more["suffixes"]),
    )


def one_of(words: tuple[str, ...]) -> str:
    """Return the expression for any of the words, blanks within them optional."""
    return "|".join(re.escape(word).replace(r"\ ", r"\s?") for word in words)


def _longest_first(words: list[str]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(words), key=len, reverse=True))
