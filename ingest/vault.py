"""Where raw bytes are kept: files under the hash of their content, and notes of which are landed whole."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from hub.errors import Permanent, Transient
from hub.ports import ObjectStore
from hub.records import Record

CHUNK_BYTES = 1 << 20


class Landed(Record, frozen=True, kw_only=True):
    """The note that a file is in the tables whole: its content, what it held, what of it was refused."""

    content: str
    file: str
    records: int
    refused: int
    reasons: dict[str, int]


def raw_key(feed: str, digest: str) -> str:
    """Return where a source file is kept."""
    return f"vault/raw/{feed}/{digest}"


def refused_key(feed: str, digest: str) -> str:
    """Return where the bytes of a refused record that came in no file are kept."""
    return f"vault/refused/{feed}/{digest}"


def recording_key(digest: str, suffix: str) -> str:
    """Return where a recording is kept."""
    return f"vault/calls/{digest}{suffix}"


def landed_key(feed: str, name: str) -> str:
    """Return where the note about a landed file is kept."""
    return f"vault/landed/{feed}/{name}"


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes.

    Raises:
        Transient: the file cannot be read just now.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK_BYTES):
                digest.update(chunk)
    except OSError as error:
        raise Transient(
            f"The file cannot be read: {error.strerror}.", reason="unreadable_file", file=path.name
        ) from error
    return digest.hexdigest()


@contextmanager
def verified(objects: ObjectStore, key: str, digest: str) -> Iterator[BinaryIO]:
    """Open a kept file and, once it was read, hold its bytes against its hash.

    Raises:
        Transient: ``file_changed``: the file was still being written when it was kept; the copy is dropped.
    """
    with objects.open(key) as stored:
        hashing = _Hashing(stored)
        stream = io.BufferedReader(hashing, CHUNK_BYTES)
        yield stream
        while stream.read(CHUNK_BYTES):
            pass
        stream.detach()
    if hashing.digest.hexdigest() != digest:
        objects.delete(key)
        raise Transient("The file changed while it was read; land it again.", reason="file_changed", object=key)


def is_continued_by(objects: ObjectStore, start: str, whole: str) -> bool:
    """Tell whether one kept file begins with all the bytes of another."""
    try:
        with objects.open(start) as first, objects.open(whole) as second:
            while chunk := first.read(CHUNK_BYTES):
                if second.read(len(chunk)) != chunk:
                    return False
    except Permanent:
        return False
    return True


def read_note(objects: ObjectStore, key: str) -> Landed | None:
    """Return the note under a key, None where there is none."""
    try:
        with objects.open(key) as stream:
            return msgspec.json.decode(stream.read(), type=Landed)
    except (Permanent, msgspec.DecodeError):
        return None


def put_note(objects: ObjectStore, key: str, note: Landed) -> None:
    """Keep a note."""
    objects.put(key, msgspec.json.encode(note))


class _Hashing(io.RawIOBase):
    """Hashes what passes through it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - the interpreter's own buffer type
        chunk = self._stream.read(len(buffer))
        self.digest.update(chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)
