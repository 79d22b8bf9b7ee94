"""Kiwi as spaCy's tokenizer: Korean is segmented without a trained spaCy model, nothing is downloaded."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import spacy
import srsly
from kiwipiepy import Kiwi
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

import nlp.memos.cats_and_ents  # spaCy makes the tokenizer first: what the config names is registered from here
import nlp.memos.travel  # noqa: F401 - documents may travel from here on
from nlp.kiwi import load_kiwi
from nlp.memos.cleaning import CleanMemo
from nlp.memos.knowledge import load_knowledge
from nlp.memos.known import KnownHits, KnownWords, behind_card, find_known, known_words
from nlp.memos.matching import Squashed, is_hangul
from nlp.memos.offsets import text_offsets
from nlp.memos.periods import INSTALMENT, PERIOD
from nlp.memos.records import NOTES, MemoNotes
from nlp.memos.version import pipeline_version

_WORD = re.compile(r"\S+")
_RUN = re.compile(r"\s+|\S+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
MIN_UNKNOWN = 2
"""A word with so many syllables that no known word covers is looked at by Kiwi."""
WORDS_KEPT = 50_000
UNTAGGED = "UN"


class KiwiMemoTokenizer:
    """Cuts a memo into words: known ones, and what Kiwi sees in the rest. ``doc.text`` is the memo as it came.

    Cleaning happens beside: ``doc.user_data[NOTES]`` keeps the cleaned memo and what was seen on the way (``notes_of``).
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        self._knowledge = load_knowledge()
        self._morphemes: dict[str, tuple[tuple[int, str], ...]] = {}

    def __reduce__(self) -> tuple[type[KiwiMemoTokenizer], tuple[Vocab]]:
        """Travel as the vocabulary alone: Kiwi and the data files are read where it arrives."""
        return KiwiMemoTokenizer, (self.vocab,)

    @cached_property
    def _kiwi(self) -> Kiwi:
        return load_kiwi()

    def __call__(self, text: str) -> Doc:
        """Return the document of a memo."""
        return self._read(text, self._knowledge.cleaner.clean(text))

    def _read(self, text: str, memo: CleanMemo) -> Doc:
        squashed = Squashed(memo.text)
        hits = find_known(squashed, self._knowledge)
        tag_at = self._tags(memo.text, squashed, hits)
        starts: frozenset[int] = frozenset()
        if tag_at:
            place_of = {place: i for i, place in enumerate(squashed.places)}
            starts = frozenset(place_of[begin] for begin in _begins(memo.text, tag_at) if begin in place_of)
            hits = find_known(squashed, self._knowledge, starts)
        known = known_words(squashed, hits)
        if (shop := behind_card(memo, known)) is not None:
            return self._read(text, shop)
        nouns = frozenset(word for word, tag in _segments(memo.text, tag_at) if tag == "NNG")
        doc = self._document(text, memo, tag_at, known)
        doc.user_data[NOTES] = MemoNotes(text, memo, starts, nouns, known)
        return doc

    def _document(self, raw: str, memo: CleanMemo, tag_at: dict[int, str], known: KnownWords) -> Doc:
        """Return the raw memo cut where morphemes, known words, the branch, periods and spaces begin and end."""
        offsets = text_offsets(raw, memo)
        tags = {offsets.begins[place]: tag for place, tag in tag_at.items()}
        cuts = set(tags)
        size = len(memo.text)
        for place in _places_of_cuts(memo.text, known):
            if place < size:
                cuts.add(offsets.begins[place])
            if place:
                cuts.add(offsets.ends[place - 1])
        words, spaces, begins = _words(_SURROGATE.sub("\ufffd", raw), cuts)
        return Doc(self.vocab, words=words, spaces=spaces, tags=[tags.get(begin, UNTAGGED) for begin in begins])

    def _tags(self, text: str, squashed: Squashed, hits: KnownHits) -> dict[int, str]:
        """Return Kiwi's tag by the place where a morpheme begins, for the words that are not known."""
        known = hits.covered(len(squashed.text))
        unknown = {place for place, is_known in zip(squashed.places, known, strict=True) if not is_known}
        tag_at: dict[int, str] = {}
        for match in _WORD.finditer(text):
            start, end = match.span()
            if sum(1 for i in range(start, end) if i in unknown and is_hangul(text[i])) >= MIN_UNKNOWN:
                tag_at.update({start + offset: tag for offset, tag in self._analyse(match[0])})
        return tag_at

    def _analyse(self, word: str) -> tuple[tuple[int, str], ...]:
        found = self._morphemes.get(word)
        if found is None:
            tags: dict[int, str] = {}
            for token in self._kiwi.tokenize(word):
                # Kiwi calls a word it guesses a noun too, but gives it no base form
                tags.setdefault(token.start, token.tag if token.base_form else UNTAGGED)
            if len(self._morphemes) >= WORDS_KEPT:
                self._morphemes.clear()
            found = self._morphemes[word] = tuple(tags.items())
        return found

    def to_bytes(self, **_: object) -> bytes:
        """Return the version of rules and data files, which are not part of a pipeline."""
        return bytes(srsly.msgpack_dumps({"version": pipeline_version()}))

    def from_bytes(self, data: bytes, **_: object) -> KiwiMemoTokenizer:
        """Return itself; warn when the pipeline was written by another version."""
        _compare(srsly.msgpack_loads(data)["version"])
        return self

    def to_disk(self, path: str | Path, **_: object) -> None:
        """Write the version of rules and data files, which are not part of a pipeline."""
        Path(path).write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, **_: object) -> KiwiMemoTokenizer:
        """Return itself; warn when the pipeline was written by another version."""
        return self.from_bytes(Path(path).read_bytes()) if Path(path).is_file() else self


def _compare(written: str) -> None:
    if written != pipeline_version():
        warnings.warn(
            f"This memo pipeline was written by {written}; rules and data files here are {pipeline_version()}",
            stacklevel=2,
        )


def _segments(text: str, tag_at: dict[int, str]) -> list[tuple[str, str]]:
    """Return the morphemes and words of a cleaned memo with their tags."""
    begins = [*_begins(text, tag_at), len(text)] if tag_at else []
    return [(text[begin:end].rstrip(), tag_at.get(begin, UNTAGGED)) for begin, end in pairwise(begins)]


def _begins(text: str, tag_at: dict[int, str]) -> list[int]:
    return sorted({match.start() for match in _WORD.finditer(text)} | tag_at.keys())


def _places_of_cuts(text: str, known: KnownWords) -> set[int]:
    """Return the places of a cleaned memo where a token should begin or end."""
    spans = [(found.start, found.end) for found in known.mentions] + [(found.start, found.end) for found in known.cues]
    places = {place for span in spans for place in span}
    if known.hits.branch < len(known.memo.places):
        places.add(known.memo.places[known.hits.branch])
    places.update(place for match in PERIOD.finditer(text) for place in match.span())
    if any(map(str.isdigit, text)):
        places.update(place for match in INSTALMENT.finditer(text) for place in match.span())
    places.add(0)
    places.add(len(text))
    return places


def _words(text: str, cuts: Iterable[int]) -> tuple[list[str], list[bool], list[int]]:
    """Return the tokens of a text, whether a space follows each, and where each begins; nothing of the text is lost."""
    words: list[str] = []
    spaces: list[bool] = []
    begins: list[int] = []
    order = sorted(cuts)
    for match in _RUN.finditer(text):
        start, end = match.span()
        if match[0][0] == " " and words:
            spaces[-1] = True
            start += 1
        if start == end:
            continue
        inner = [cut for cut in order if start < cut < end] if not match[0].isspace() else []
        edges = [start, *inner, end]
        words += [text[a:b] for a, b in pairwise(edges)]
        begins += edges[:-1]
        spaces += [False] * (len(edges) - 1)
    return words, spaces, begins


@spacy.registry.tokenizers("hub.KiwiMemoTokenizer.v1")
def create_tokenizer() -> Callable[[Language], KiwiMemoTokenizer]:
    """Return the factory that spaCy's config names."""
    return lambda nlp: KiwiMemoTokenizer(nlp.vocab)
