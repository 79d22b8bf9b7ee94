"""Which book was in force where in the log, so that a replay is exact after the book has changed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import msgspec

from hub.errors import Permanent
from hub.ports import StateStore
from rules.book import Book, compile_book
from rules.kernel.snapshot import pack, unpack


class BookText(msgspec.Struct, frozen=True):
    """A book as it is kept: enough to compile it again."""

    texts: dict[str, str]
    global_control_percent: float


class Activation(msgspec.Struct, frozen=True, array_like=True):
    """From this offset on, this book decides."""

    offset: int
    digest: str


_Activations = list[Activation]


def book_name(digest: str) -> str:
    return f"rules/book/{digest}"


def activations_name(topic: str, partition: int) -> str:
    return f"rules/{topic}/{partition}/books"


def encode_book(book: Book) -> bytes:
    """Return a book's texts as bytes."""
    return pack(msgspec.msgpack.encode(BookText(dict(book.texts), book.global_control_percent)))


def read_activations(state: StateStore, topic: str, partition: int) -> list[Activation]:
    """Return the books of a partition, oldest first."""
    data = state.get(activations_name(topic, partition))
    return [] if data is None else msgspec.msgpack.decode(data, type=_Activations)


def encode_activations(activations: Sequence[Activation]) -> bytes:
    """Return activations as bytes."""
    return msgspec.msgpack.encode(list(activations))


class BookHistory:
    """The books a host has run, read back from its state store."""

    def __init__(self, state: StateStore, topic: str) -> None:
        self._state = state
        self._topic = topic
        self._books: dict[str, Book] = {}
        self._activations: dict[int, list[Activation]] = {}

    def at(self, partition: int, offset: int) -> Book:
        """Return the book that decided a record.

        Raises:
            Permanent: no host has come that far.
        """
        if partition not in self._activations:
            self._activations[partition] = read_activations(self._state, self._topic, partition)
        activations = self._activations[partition]
        index = bisect_right([a.offset for a in activations], offset) - 1
        if index < 0:
            raise Permanent("No book was ever in force there.", reason="no_book", partition=partition, offset=offset)
        return self._book(activations[index].digest)

    def _book(self, digest: str) -> Book:
        if digest not in self._books:
            data = self._state.get(book_name(digest))
            if data is None:
                raise Permanent("A book of the past is missing.", reason="no_book", digest=digest)
            kept = msgspec.msgpack.decode(unpack(data), type=BookText)
            self._books[digest] = compile_book(kept.texts, global_control_percent=kept.global_control_percent)
        return self._books[digest]
