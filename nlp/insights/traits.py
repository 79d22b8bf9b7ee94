"""What of a sentence is compared with examples: letters, sounds, words, lemmas, pairs of words and the lexicon's concepts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from functools import lru_cache

from nlp.insights.sound import sound
from nlp.kiwi import load_kiwi

MAX_CHARS = 400
Lemma = tuple[str, str]
Traits = dict[str, list[str]]
"""Group -> its traits; a group weighs as much as any other, however many traits it has."""
_HANGUL = re.compile("[가-힣]")
_DIGITS = re.compile(r"\d+")
_SIGNS = re.compile(r"\W+")
_MASK = re.compile(r"\[[A-Z_]+\]")
_BEGINNING = {"ko": 2, "en": 4}
_PAIR_REACH = 3
_CONTENT = frozenset("NVMXI")
_EMPTY = frozenset({"NNB", "NP", "NR", "VX", "VCP"})


def plain(sentence: str) -> str:
    """Return a sentence in lower case, without signs and masks, every number 0."""
    text = _MASK.sub(" ", sentence[:MAX_CHARS]).lower().replace("'", "").replace("’", "")
    return _DIGITS.sub("0", _SIGNS.sub(" ", text)).strip()


def language_of(text: str) -> str:
    """Return ``ko`` where a text has Korean letters, ``en`` otherwise."""
    return "ko" if _HANGUL.search(text) else "en"


def lemmas_of(text: str) -> list[Lemma]:
    """Return the morphemes of a plain Korean text, each with its tag; word by word, for words come again."""
    return [lemma for word in text.split() for lemma in _lemmas(word)]


def content_of(lemmas: Iterable[Lemma]) -> set[Lemma]:
    """Return the lemmas that mean something by themselves: nouns, verbs, adverbs."""
    return {lemma for lemma in lemmas if lemma[1] == "XR" or (lemma[1][0] in "NVM" and lemma[1] not in _EMPTY)}


def traits(text: str, language: str, lemmas: list[Lemma], concepts: Iterable[str]) -> Traits:
    """Return the traits of a plain text."""
    words = text.split()
    begun = [word[: _BEGINNING[language]] for word in words]
    found: Traits = {
        "word": words,
        "words": [f"{one} {other}" for one, other in itertools.pairwise(words)],
        "letters": [gram for word in words for gram in _letters(word, language)],
        "pairs": [f"{one}_{other}" for i, one in enumerate(begun) for other in begun[i + 1 : i + 1 + _PAIR_REACH]],
        "concepts": list(concepts),
    }
    if language == "ko":
        found["sounds"] = [gram for word in words for gram in _sounds(word)]
        bare = [f"{form}/{tag[0]}" for form, tag in lemmas if tag[0] in _CONTENT]
        found["lemma"] = bare
        found["lemmas"] = [f"{one} {other}" for one, other in itertools.pairwise(bare)]
        found["forms"] = [f"{one[0]} {other[0]}" for one, other in itertools.pairwise(lemmas)]
    return found


@lru_cache(maxsize=50_000)
def _lemmas(word: str) -> tuple[Lemma, ...]:
    return tuple((token.form, token.tag.split("-")[0]) for token in load_kiwi().tokenize(word))


@lru_cache(maxsize=50_000)
def _letters(word: str, language: str) -> tuple[str, ...]:
    return _grams(f" {word} ", *((1, 4) if language == "ko" else (3, 5)))


@lru_cache(maxsize=50_000)
def _sounds(word: str) -> tuple[str, ...]:
    return _grams(f" {sound(word).letters or word} ", 3, 6)


def _grams(text: str, shortest: int, longest: int) -> tuple[str, ...]:
    return tuple(
        text[i : i + size] for size in range(shortest, longest + 1) for i in range(max(0, len(text) - size + 1))
    )
