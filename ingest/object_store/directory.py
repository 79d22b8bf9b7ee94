"""Objects as files under one directory: the embedded default, nothing to start."""

from __future__ import annotations

import errno
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from hub.errors import HubError, Misconfigured, Permanent, Transient
from hub.records import ObjectInfo
from ingest.object_store.keys import INCOMING, check_key, check_prefix, check_source

ABANDONED_AFTER_S = 86_400
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EIO, errno.ESTALE}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_IN_THE_WAY = {errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOTEMPTY}


class DirectoryObjectStore:
    """Keeps each object in a file named by its key.

    A put writes a file of its own under ``.incoming``, syncs it, and gives it its name in one
    step (``rename``, or ``link`` with ``if_absent``, which only one of many racing writers
    can win); then the folder is synced. A crash leaves at most an unfinished file under ``.incoming``.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()
        self._incoming = self._root / INCOMING
        with _translated():
            self._make_folders(self._incoming)
            self._sweep_incoming()

    def put(self, key: str, source: bytes | Path, *, if_absent: bool = False) -> bool:
        """Store a blob; False when ``if_absent`` and there is one already."""
        target = self._path(key)
        check_source(source)
        with _translated(key):
            self._make_folders(target.parent)
            if if_absent and target.is_file():
                _sync_folder(target.parent)
                return False
            return self._publish(source, target, if_absent=if_absent)

    def open(self, key: str) -> BinaryIO:
        """Open a blob for reading; the caller closes it."""
        path = self._path(key)
        with _translated(key):
            if not path.is_file():
                raise FileNotFoundError(errno.ENOENT, "missing")
            return path.open("rb")

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """Yield the blobs whose key starts with the prefix, in key order."""
        check_prefix(prefix)
        with _translated():
            yield from _walk(self._root, "", prefix)

    def delete(self, key: str) -> None:
        """Remove a blob; a missing one is no error."""
        path = self._path(key)
        with _translated(key), suppress(FileNotFoundError, NotADirectoryError):
            path.unlink()
            _sync_folder(path.parent)

    def _path(self, key: str) -> Path:
        return self._root.joinpath(*check_key(key).split("/"))

    def _publish(self, source: bytes | Path, target: Path, *, if_absent: bool) -> bool:
        unfinished = self._incoming / uuid.uuid4().hex
        try:
            _write_synced(source, unfinished)
            if if_absent:
                with suppress(FileExistsError):
                    os.link(unfinished, target)
                    return True
                return False
            unfinished.replace(target)
            return True
        finally:
            unfinished.unlink(missing_ok=True)
            _sync_folder(target.parent)

    def _make_folders(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make_folders(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)

    def _sweep_incoming(self) -> None:
        oldest = time.time() - ABANDONED_AFTER_S
        for unfinished in self._incoming.iterdir():
            with suppress(FileNotFoundError):
                if unfinished.stat().st_mtime < oldest:
                    unfinished.unlink()


def _write_synced(source: bytes | Path, target: Path) -> None:
    with target.open("xb") as sink:
        if isinstance(source, Path):
            with source.open("rb") as origin:
                shutil.copyfileobj(origin, sink, 1 << 20)
        else:
            sink.write(source)
        sink.flush()
        os.fsync(sink.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _walk(folder: Path, parents: str, prefix: str) -> Iterator[ObjectInfo]:
    """Yield in order of the whole key: ``a-b`` before ``a/b`` before ``a0``, as a sorted list of keys has them."""
    with os.scandir(folder) as entries:
        named = sorted((parents + entry.name + ("/" if entry.is_dir() else ""), entry) for entry in entries)
    for key, entry in named:
        if key.startswith(INCOMING + "/"):
            continue
        if key.endswith("/"):
            if key.startswith(prefix) or prefix.startswith(key):
                yield from _walk(Path(entry.path), key, prefix)
        elif key.startswith(prefix):
            with suppress(FileNotFoundError):
                yield ObjectInfo(key=key, size_bytes=entry.stat().st_size)


@contextmanager
def _translated(key: str = "") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _as_hub_error(error, key) from error


def _as_hub_error(error: OSError, key: str) -> HubError:
    place = {"object": key} if key else {}
    if error.errno == errno.ENOENT:
        return Permanent("No object has this key.", reason="missing_object", **place)
    if error.errno in _FORBIDDEN or (error.errno in _IN_THE_WAY and not key):
        return Misconfigured(
            f"The object store's directory cannot be written or read ({error.strerror}): "
            "give this user access to HUB_HOME or set HUB_HOME to another directory.",
            reason="object_store_forbidden",
        )
    if error.errno in _IN_THE_WAY:
        return Permanent("A key cannot be an object and a folder of others at once.", reason="key_in_the_way", **place)
    if error.errno in _FULL:
        return Transient(f"The object store's disk refuses: {error.strerror}.", reason="object_store_full", **place)
    return Transient(f"The object store's directory failed: {error.strerror}.", reason="object_store_io", **place)
