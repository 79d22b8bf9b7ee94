"""The hashes of files that lie where they lay the last time: a folder of thousands of recordings is not read every ten minutes."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec

from hub.errors import Permanent, Transient
from hub.ports import ObjectStore
from ingest.vault import hash_file

SETTLED_NS = 2_000_000_000
"""A file that changed a moment ago may change again within the same tick of its clock: its hash is not kept."""


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """A file's size, time of change and place on its disk, and the hash that its bytes had then."""

    size: int
    changed_ns: int
    inode: int
    digest: str


class SeenFiles:
    """Hashes of the files of one source, kept as one object.

    Args:
        key: where the object lies; None: nothing is kept.
    """

    def __init__(self, objects: ObjectStore, key: str | None) -> None:
        self._objects = objects
        self._key = key
        self._before = _read(objects, key) if key else {}
        self._now: dict[str, Seen] = {}

    def digest(self, path: Path) -> str:
        """Return the SHA-256 of a file; of one that did not change since the last time, the one that is kept.

        Raises:
            Transient: the file cannot be read just now.
        """
        name = str(path.absolute()).encode("utf-8", "backslashreplace").decode()
        try:
            state = path.stat()
        except OSError as error:
            raise Transient(
                f"The file cannot be read: {error.strerror}.", reason="unreadable_file", file=path.name
            ) from error
        known = self._now.get(name) or self._before.get(name)
        same = (state.st_size, state.st_mtime_ns, state.st_ino)
        if known is not None and (known.size, known.changed_ns, known.inode) == same:
            self._now[name] = known
            return known.digest
        digest = hash_file(path)
        if time.time_ns() - state.st_mtime_ns > SETTLED_NS:
            self._now[name] = Seen(*same, digest)
        return digest

    def save(self) -> None:
        """Keep what is there now, and no more than that."""
        if self._key and self._now != self._before:
            self._objects.put(self._key, msgspec.json.encode(self._now))


def _read(objects: ObjectStore, key: str) -> dict[str, Seen]:
    try:
        with objects.open(key) as stream:
            return msgspec.json.decode(stream.read(), type=dict[str, Seen])
    except (Permanent, msgspec.DecodeError):
        return {}
