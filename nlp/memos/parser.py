"""The memo parser of the hub: texts in, facts out, each distinct text parsed once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING

from hub.records import MemoFacts
from nlp.memos.cleaning import MAX_CHARS
from nlp.memos.records import MemoReading, reading_of
from nlp.memos.version import pipeline_version

if TYPE_CHECKING:
    from spacy.language import Language

_BATCH = 256


class SpacyMemoParser:
    """Parses memos with the saved spaCy pipeline; loads it upon the first memo.

    Keeps the readings of up to ``cache_size`` distinct texts, since a bank's memos repeat.
    """

    def __init__(self, cache_size: int = 100_000) -> None:
        self._cache_size = cache_size
        self._cache: dict[str, MemoReading] = {}
        self._lock = Lock()

    def __getstate__(self) -> dict[str, object]:
        """Return what another process needs to make the same parser: pipeline and readings stay here."""
        return {"_cache_size": self._cache_size, "_cache": {}, "version": self.version}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state, _lock=Lock())

    @cached_property
    def version(self) -> str:
        """Return a name that changes with any rule, gazetteer or line of code of the parser."""
        return pipeline_version()

    @cached_property
    def _nlp(self) -> Language:
        from nlp.memos.pipeline import ANNOTATIONS, load_pipeline  # spaCy and Kiwi are loaded upon first use

        nlp = load_pipeline(exclude=ANNOTATIONS)
        nlp.vocab.lex_attr_getters.clear()  # shapes and the like of every new word: a sixth of the time, and nobody asks
        return nlp

    def parse(self, memos: Sequence[str]) -> list[MemoFacts]:
        """Return one result per memo, in order; never raises on text, and reads None as the empty memo."""
        facts: dict[str, MemoFacts] = {}
        for text, reading in self._readings(memos).items():
            facts[text] = reading.facts()
        return [facts[_key(memo)] for memo in memos]

    def read(self, memos: Sequence[str]) -> list[MemoReading]:
        """Return all that was read, persons' names included: for evaluation, never for the lake."""
        readings = self._readings(memos)
        return [readings[_key(memo)] for memo in memos]

    def _readings(self, memos: Sequence[str]) -> dict[str, MemoReading]:
        wanted = dict.fromkeys(_key(memo) for memo in memos)
        known = {text: self._cache[text] for text in wanted if text in self._cache}
        new = [text for text in wanted if text not in known]
        if new:
            fresh = dict(zip(new, self._read_new(new), strict=True))
            if len(self._cache) + len(fresh) > self._cache_size:
                self._cache.clear()
            self._cache.update(list(fresh.items())[: self._cache_size])
            known |= fresh
        return known

    def _read_new(self, texts: Sequence[str]) -> Iterator[MemoReading]:
        """Yield what texts say, some hundreds at a time: the words that spaCy keeps of them are given back after each.

        One thread at a time, since what is given back belongs to the vocabulary that all share.
        """
        rest = iter(texts)
        while batch := list(islice(rest, _BATCH)):
            with self._lock, self._nlp.memory_zone():
                readings = [reading_of(doc) for doc in self._nlp.pipe(batch, batch_size=_BATCH)]
            yield from readings


def _key(memo: str | None) -> str:
    """Return the part of a memo that is read: no bank's memo is longer than four times the limit."""
    return (memo or "")[: MAX_CHARS * 4]
