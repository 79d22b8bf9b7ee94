"""Whether words in Latin letters are a person's name: known given names and surnames, against words of ordinary English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from functools import lru_cache
from importlib import import_module

import msgspec

from nlp import data_files
from nlp.person_names import load_name_book

WORD = re.compile(r"[A-Za-z](?:[a-z]*[’'-])*[A-Za-z]*")
_INITIAL = re.compile(r"[A-Za-z]\.?")
_SUFFIXES = (("ies", "y"), ("es", ""), ("s", ""), ("ied", "y"), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("ly", ""), ("er", ""), ("er", "e"))  # fmt: skip
_LETTERS = str.maketrans({"ø": "o", "ı": "i", "ł": "l", "ß": "ss", "đ": "d", "æ": "ae"})
_PARTICLES = frozenset(
    [
        "de",
        "del",
        "della",
        "der",
        "den",
        "di",
        "da",
        "dos",
        "das",
        "du",
        "la",
        "le",
        "van",
        "von",
        "ter",
        "bin",
        "ibn",
        "al",
        "el",
        "ben",
    ]
)
"""Small words within surnames: Lorenzo di Marco."""
MAX_WORDS = 4


class Kind(IntEnum):
    """What a word is, as far as names go."""

    ORDINARY = 0
    """A word of English, or one that is known to be no name."""
    AMBIGUOUS = 1
    """Both: May, Grant, Jordan, Mr Young."""
    UNKNOWN = 2
    """In no list: a rare name, or a brand."""
    SURNAME = 3
    GIVEN = 4


class LatinNames(msgspec.Struct, frozen=True):
    """Lists of names and of words that are none, all in lower case."""

    given: frozenset[str]
    frequent: frozenset[str]
    ambiguous: frozenset[str]
    surnames: frozenset[str]
    korean_surnames: frozenset[str]
    ordinary: frozenset[str]
    never: frozenset[str]
    sentence_words: frozenset[str]
    """Words that go on with a sentence after a name, names or not: Desmond will call."""
    not_people: frozenset[str]
    brands: frozenset[str]
    streets: frozenset[str]

    def kind(self, word: str) -> Kind:
        """Return what a word is, whatever its case."""
        lowered = bare(word).lower()
        if lowered in self.never:
            return Kind.ORDINARY
        if lowered in self.ambiguous:
            return Kind.AMBIGUOUS
        if lowered in self.given:
            return Kind.GIVEN
        is_word = self._is_ordinary(lowered)
        if lowered in self.surnames:
            return Kind.AMBIGUOUS if is_word or lowered in self.not_people else Kind.SURNAME
        return Kind.ORDINARY if is_word or lowered in self.not_people else Kind.UNKNOWN

    def is_brand(self, words: Sequence[str]) -> bool:
        """Return whether the first two words are the name of a firm or of goods."""
        return " ".join(bare(word).lower() for word in words[:2]) in self.brands

    def _is_ordinary(self, word: str) -> bool:
        parts = re.split(r"[-’']", word)
        if len(parts) > 1 and all(part in self.ordinary for part in parts if len(part) > 2):
            return True
        if word in self.ordinary or len(word) < 2:
            return True
        return any(
            word.endswith(end) and len(word) - len(end) > 2 and word[: -len(end)] + instead in self.ordinary
            for end, instead in _SUFFIXES
        )


def bare(word: str) -> str:
    """Return a word without its full stop and its possessive ending."""
    word = word.rstrip(".")
    return word[:-2] if word[-2:].lower() in ("'s", "’s") else word


@lru_cache(maxsize=1)
def load_latin_names() -> LatinNames:
    """Read the lists."""
    book = load_name_book()
    lists = data_files.load("personal_data/latin_names.yaml")
    ordinary = frozenset(data_files.load("personal_data/ordinary_english.yaml")["words"].split())
    ambiguous = frozenset(lists["ambiguous"].split())
    given = frozenset(_listed("first_names", lists["faker_locales"])) - ordinary
    surnames = frozenset(_listed("last_names", lists["faker_locales"]))
    return LatinNames(
        frequent=frozenset(lists["frequent"].split()),
        given=given | book.english_given.union(lists["given"].split()),
        ambiguous=ambiguous,
        surnames=surnames.union(lists["surnames"].split()) | book.romanised_surnames,
        korean_surnames=book.romanised_surnames,
        ordinary=ordinary,
        never=book.english_not_names - ambiguous,
        sentence_words=book.english_not_names,
        not_people=book.english_not_people,
        brands=book.english_brands.union(lists["brands"]),
        streets=frozenset(data_files.load("personal_data/places.yaml")["streets_en"]),
    )


def _listed(prefix: str, locales: Iterable[str]) -> Iterator[str]:
    """Yield the single names that Faker lists for some countries, in plain Latin letters."""
    for locale in locales:
        provider = import_module(f"faker.providers.person.{locale}").Provider
        for attribute in dir(provider):
            if attribute.startswith(prefix):
                names = (_plain(name) for name in getattr(provider, attribute) if isinstance(name, str))
                yield from (name for name in names if len(name) > 2 and WORD.fullmatch(name))


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


class Run(msgspec.Struct, frozen=True):
    """Words that may be one name, from where they begin; ``kinds`` of each, initials left out."""

    start: int
    end: int
    words: tuple[str, ...]
    kinds: tuple[Kind, ...]

    @property
    def is_capitalised(self) -> bool:
        """Whether every word begins with a capital."""
        return all(word[0].isupper() for word in self.words)


def run_at(text: str, start: int, names: LatinNames, *, is_mixed: bool, trusts_capitals: bool) -> Run | None:
    """Return the longest run of words that may be a name from a place on.

    Args:
        is_mixed: the text has capitals where English has them, so that a small letter speaks against a name.
        trusts_capitals: a capitalised word of English goes on with a name too (after a title or a cue).
    """
    words: list[re.Match[str]] = []
    kinds: list[Kind] = []
    place, end = start, start
    while len(words) < MAX_WORDS:
        match = WORD.match(text, place)
        if match is None:
            break
        word, kind = match[0], names.kind(match[0])
        is_initial = bool(words) and bool(_INITIAL.fullmatch(word)) and word.isupper() and len(word) == 1
        is_initial = is_initial or (bool(words) and word.lower() in _PARTICLES)
        is_surname = bare(word).lower() in names.surnames and bare(word).lower() not in names.sentence_words
        if not is_initial and not _goes_on(
            word, kind, kinds, is_surname, is_mixed=is_mixed, trusts_capitals=trusts_capitals
        ):
            break
        if not is_initial:
            words.append(match)
            kinds.append(kind)
            end = match.start() + len(bare(word))
        gap = re.compile(r"\.?[ \t]+" if is_initial else r"[ \t]+").match(text, match.end())
        if gap is None or bare(word) != word:
            break
        place = gap.end()
    if not words:
        return None
    return Run(words[0].start(), end, tuple(bare(word[0]) for word in words), tuple(kinds))


def _goes_on(
    word: str, kind: Kind, before: Sequence[Kind], is_surname: bool, *, is_mixed: bool, trusts_capitals: bool
) -> bool:
    """Return whether a word may be the next one of a name."""
    if len(word) < 2:
        return False
    if is_mixed and before and word[0].islower():
        return False
    if kind >= Kind.UNKNOWN:
        return True
    if kind is Kind.ORDINARY:
        return False
    if not before:
        return True
    return (is_mixed and word[0].isupper()) or (
        trusts_capitals and is_surname and before[0] >= Kind.UNKNOWN and len(before) == 1
    )
