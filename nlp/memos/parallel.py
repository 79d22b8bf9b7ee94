"""Many new memos at once: the same parser in several processes, each with its own pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from itertools import islice
from multiprocessing import get_context
from types import TracebackType
from typing import Self

from hub.records import MemoFacts
from nlp.memos.parser import SpacyMemoParser

CHUNK = 1_000
_STREAM_BATCH = 500


class ParallelMemoParser:
    """A memo parser on so many processes; close it, or use it in a ``with`` block.

    A process takes seconds to start: it pays from some ten thousand distinct memos on.
    """

    def __init__(self, processes: int) -> None:
        self._parser = SpacyMemoParser()
        self._pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def version(self) -> str:
        """Return the version of the parser that every process runs."""
        return self._parser.version

    def parse(self, memos: Sequence[str]) -> list[MemoFacts]:
        """Return one result per memo, in order; each distinct text is read once, by one process."""
        distinct = list(dict.fromkeys(memo or "" for memo in memos))
        chunks = [distinct[start : start + CHUNK] for start in range(0, len(distinct), CHUNK)]
        facts = dict(zip(distinct, (fact for done in self._pool.map(_parse, chunks) for fact in done), strict=True))
        return [facts[memo or ""] for memo in memos]

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown()


def parse_stream(parser: SpacyMemoParser, memos: Iterable[str]) -> Iterator[MemoFacts]:
    """Yield the facts of a stream of memos, in order, some hundreds read at a time; repeated texts come from memory."""
    stream = iter(memos)
    while batch := list(islice(stream, _STREAM_BATCH)):
        yield from parser.parse(batch)


def _parse(texts: list[str]) -> list[MemoFacts]:
    return _own_parser().parse(texts)


@lru_cache(maxsize=1)
def _own_parser() -> SpacyMemoParser:
    return SpacyMemoParser(cache_size=0)
