"""Kiwi as spaCy's tokenizer: Korean is segmented without a trained spaCy model, nothing is downloaded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from nlp.kiwi import load_kiwi
from nlp.memos.knowledge import load_knowledge
from nlp.memos.known import KnownHits, find_known
from nlp.memos.matching import Squashed, is_hangul
from nlp.memos.records import MemoNotes

_WORD = re.compile(r"\S+")
MIN_UNKNOWN = 2
"""A word with so many syllables that no known word covers is looked at by Kiwi."""
WORDS_KEPT = 50_000


class KiwiMemoTokenizer:
    """Cleans a memo and cuts it into words; words that the gazetteers do not know whole go to Kiwi, each once.

    ``doc.user_data["notes"]`` keeps what was seen on the way (``notes_of``).
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        self._knowledge = load_knowledge()
        self._kiwi = load_kiwi()
        self._morphemes: dict[str, tuple[tuple[int, str], ...]] = {}

    def __call__(self, text: str) -> Doc:
        """Return the document of the cleaned memo."""
        memo = self._knowledge.cleaner.clean(text)
        squashed = Squashed(memo.text)
        hits = find_known(squashed, self._knowledge)
        tag_at = self._tags(memo.text, squashed, hits)
        words, spaces, tags, begins = _segments(memo.text, tag_at)
        doc = Doc(self.vocab, words=words, spaces=spaces, tags=tags)
        starts: frozenset[int] = frozenset()
        if tag_at:
            place_of = {place: i for i, place in enumerate(squashed.places)}
            starts = frozenset(place_of[begin] for begin in begins if begin in place_of)
            hits = find_known(squashed, self._knowledge, starts)
        nouns = frozenset(word for word, tag in zip(words, tags, strict=True) if tag == "NNG")
        doc.user_data["notes"] = MemoNotes(text, memo, squashed, starts, nouns, hits)
        return doc

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
                tags.setdefault(token.start, token.tag if token.base_form else "UN")
            if len(self._morphemes) >= WORDS_KEPT:
                self._morphemes.clear()
            found = self._morphemes[word] = tuple(tags.items())
        return found

    def to_bytes(self, **_: object) -> bytes:
        """Return nothing: all knowledge is in the data files."""
        return b""

    def from_bytes(self, _data: bytes, **_: object) -> KiwiMemoTokenizer:
        """Return itself."""
        return self

    def to_disk(self, _path: str | Path, **_: object) -> None:
        """Write nothing: all knowledge is in the data files."""

    def from_disk(self, _path: str | Path, **_: object) -> KiwiMemoTokenizer:
        """Return itself."""
        return self


def _segments(text: str, tag_at: dict[int, str]) -> tuple[list[str], list[bool], list[str], list[int]]:
    words: list[str] = []
    spaces: list[bool] = []
    tags: list[str] = []
    begins: list[int] = []
    for start, end, has_space in _cuts(text, tag_at):
        words.append(text[start:end])
        spaces.append(has_space)
        tags.append(tag_at.get(start, "UN"))
        begins.append(start)
    return words, spaces, tags, begins


def _cuts(text: str, starts: dict[int, str]) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, end, followed by a space) of every segment; memos hold single spaces only."""
    begin = 0
    for place in range(1, len(text) + 1):
        at_end = place == len(text)
        if not at_end and text[place] == " ":
            yield begin, place, True
            begin = place + 1
        elif place > begin and (at_end or place in starts):
            yield begin, place, False
            begin = place


@spacy.registry.tokenizers("hub.KiwiMemoTokenizer.v1")
def create_tokenizer() -> Callable[[Language], KiwiMemoTokenizer]:
    """Return the factory that spaCy's config names."""
    return lambda nlp: KiwiMemoTokenizer(nlp.vocab)
