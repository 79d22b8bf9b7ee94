"""Find concepts in a sentence although its text was recognised with errors."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec
from rapidfuzz import fuzz, process

from nlp.insights.sound import Sound, sound

EXACT, SOUND_ALIKE, FUZZY = 0.95, 0.88, 0.82
_HANGUL = re.compile("[가-힣]")
_LATIN = re.compile("[A-Za-z]{2}")
MIN_FUZZY_LETTERS = 8
MIN_FUZZY_LATIN = 12
_LATIN_WORD = re.compile(r"\b(?=\w)")
_INFLECTION = re.compile(r"(?:s|es|ed|d|ing)?\b")
SHORT = 2
BEGINNING = 2
"""Letters that a word is looked up by."""


class Hit(msgspec.Struct, frozen=True):
    """A concept at a place of the sentence, and how surely it was heard."""

    score: float
    start: int
    end: int


Hits = dict[str, list[Hit]]


class _Variant(msgspec.Struct, frozen=True):
    concept: str
    text: str
    letters: str
    head: int
    at_word: bool
    is_exact: bool
    is_open: bool
    is_short: bool
    is_spelt: bool


class Lexicon:
    """Concepts with the words that express them, in Korean and English.

    Korean is compared as it sounds. Words of eight letters or more may differ in every sixth letter or so (the bound grows
    with length: 0.87 of the letters of 8, 0.80 of those of 12 and more); shorter ones must sound the same. ``^`` in front
    of a word: only where a word begins; ``=``: never with errors, for names and phrases that differ in a letter from others.
    Words of one or two syllables are not put together from two words (달러가 들어왔다 names no 카드), and
    with ``=`` they must be spelt so (=정년 is not heard in 청년).
    """

    def __init__(self, korean: Mapping[str, Iterable[str]], english: Mapping[str, Iterable[str]]) -> None:
        self._variants: list[_Variant] = []
        for concept, words in korean.items():
            self._variants += [_variant(concept, str(word)) for word in words]
        self._by_beginning: dict[str, list[_Variant]] = defaultdict(list)
        for variant in self._variants:
            self._by_beginning[variant.letters[:BEGINNING]].append(variant)
        self._fuzzy = [v for v in self._variants if len(v.letters) >= MIN_FUZZY_LETTERS and not v.is_exact]
        self._fuzzy_letters = [v.letters for v in self._fuzzy]
        self._english: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._english_long: list[tuple[str, str]] = []
        for concept, words in english.items():
            for text in (str(word).lower() for word in words):
                bare = text.lstrip("=")
                self._english[bare[:BEGINNING]].append((concept, bare))
                if len(text) >= MIN_FUZZY_LATIN and text[0] != "=":
                    self._english_long.append((concept, text))

    def find(self, sentence: str, *, errors: bool = True) -> Hits:
        """Return where each concept is said, without ``errors`` only what is said as it is written."""
        hits: Hits = {}
        if _HANGUL.search(sentence):
            self._find_korean(sentence, hits, errors=errors)
        if _LATIN.search(sentence):
            self._find_english(sentence.lower().replace("’", "'"), hits, errors=errors)
        return hits

    def _find_korean(self, sentence: str, hits: Hits, *, errors: bool) -> None:
        heard = sound(sentence)
        squeezed = sentence.replace(" ", "")
        for place in sorted(heard.begins):
            for size in range(BEGINNING + 1):
                for variant in self._by_beginning.get(heard.letters[place : place + size], ()):
                    if len(variant.letters[:BEGINNING]) != size or not heard.letters.startswith(variant.letters, place):
                        continue
                    if _stands(variant, heard, place, sentence):
                        score = EXACT if variant.text in squeezed else SOUND_ALIKE
                        last = heard.chars[place + len(variant.letters) - 1] + 1
                        _add(hits, variant.concept, score, heard.chars[place], last)
        if errors:
            self._find_misheard(heard, hits)

    def _find_misheard(self, heard: Sound, hits: Hits) -> None:
        """Look for long words with errors inside; their first two syllables and their end must be there roughly."""
        letters, chars = heard.letters, heard.chars
        if len(letters) < MIN_FUZZY_LETTERS - 2:
            return
        scores = process.cdist([letters], self._fuzzy_letters, scorer=fuzz.partial_ratio, score_cutoff=80.0)[0]
        for nth in scores.nonzero()[0]:
            variant = self._fuzzy[nth]
            if (
                variant.concept in hits
                or scores[nth] < _bound(len(variant.letters))
                or len(letters) < len(variant.letters) - 2
            ):
                continue
            found = fuzz.partial_ratio_alignment(variant.letters, letters)
            if found is None or (variant.at_word and found.dest_start not in heard.words):
                continue
            window = letters[found.dest_start : found.dest_end]
            head, tail = variant.head, min(5, len(variant.letters) - variant.head)
            if (
                fuzz.ratio(variant.letters[:head], window[:head]) < 75
                or fuzz.ratio(variant.letters[-tail:], window[-tail:]) < 60
            ):
                continue
            start, end = chars[found.dest_start], chars[min(found.dest_end, len(chars)) - 1] + 1
            _add(hits, variant.concept, FUZZY * float(scores[nth]) / 100, start, end)

    def _find_english(self, sentence: str, hits: Hits, *, errors: bool) -> None:
        for word in _LATIN_WORD.finditer(sentence):
            place = word.start()
            for concept, text in self._english.get(sentence[place : place + BEGINNING], ()):
                if sentence.startswith(text, place):
                    end = _INFLECTION.match(sentence, place + len(text))
                    if end is not None:
                        _add(hits, concept, EXACT, place, end.end())
        for concept, text in self._english_long if errors else ():
            if (
                concept not in hits
                and len(sentence) >= len(text)
                and fuzz.partial_ratio(text, sentence, score_cutoff=91.0)
            ):
                found = fuzz.partial_ratio_alignment(text, sentence)
                if found:
                    _add(hits, concept, FUZZY * found.score / 100, found.dest_start, found.dest_end)


def _stands(variant: _Variant, heard: Sound, place: int, sentence: str) -> bool:
    """Return whether letters that sound like a word are that word there: by syllables, and a short one within one word."""
    end = place + len(variant.letters)
    if place not in (heard.words if variant.at_word else heard.begins):
        return False
    if not variant.is_open and not heard.is_boundary(end):
        return False
    if not variant.is_short:
        return True
    if variant.is_spelt:
        return sentence.startswith(variant.text, heard.chars[place])
    last = sentence[heard.chars[end - 1]]
    return not any(begin in heard.words for begin in range(place + 1, end)) and (
        heard.is_boundary(end) or _is_opening(variant.text[-1], last)
    )


def _is_opening(syllable: str, longer: str) -> bool:
    """Return whether a syllable is another one without its last consonant: 하 of 합, but 주 not of 출."""
    return "가" <= syllable <= "힣" and ord(longer) - ord(syllable) in range(28)


def _variant(concept: str, word: str) -> _Variant:
    squeezed = word.lstrip("^=").replace(" ", "")
    at_word, is_exact = "^" in word[:2], "=" in word[:2] or concept.startswith("competitor:")
    head = len(sound(squeezed[:2]).letters)
    # 하 is heard in 합니다, but 수술 is not in 수수료: only what ends in a vowel may go on within its syllable.
    is_open = not squeezed or not "가" <= squeezed[-1] <= "힣" or (ord(squeezed[-1]) - 0xAC00) % 28 == 0
    is_short = len(squeezed) <= SHORT and " " not in word.strip()
    return _Variant(
        concept, squeezed, sound(squeezed).letters, head, at_word, is_exact, is_open, is_short, "=" in word[:2]
    )


def _bound(letters: int) -> float:
    return 87.0 if letters < 10 else 84.0 if letters < 12 else 80.0


def _add(hits: Hits, concept: str, score: float, start: int, end: int) -> None:
    hits.setdefault(concept, []).append(Hit(score, start, end))
