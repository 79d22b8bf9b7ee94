"""The online store in an LMDB file: the embedded default, nothing to start."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from weakref import WeakValueDictionary

import lmdb

from hub.errors import HubError, Misconfigured, Transient
from hub.records import FeatureRow
from lakehouse.online.stored import chunks, is_newer, link_key, pack, row_key, unpack

_ROWS_PER_TRANSACTION = 2_000
_MAX_READERS = 1_024
_MIB = 1 << 20


class LmdbOnlineStore:
    """Many processes read and write; readers never wait, one writer at a time commits.

    A chunk of rows is compared and replaced inside one write transaction, synced to disk when it ends.
    """

    def __init__(self, path: Path, map_size_mb: int) -> None:
        self._path = path
        self._map_size_mb = map_size_mb
        self._file = _open_file(path, map_size_mb)

    def write(self, rows: Iterable[FeatureRow]) -> int:
        """Store rows; returns how many were newer than what was there."""
        return sum(self._write_chunk(chunk) for chunk in chunks(rows, _ROWS_PER_TRANSACTION))

    def read(self, view: str, customer_keys: Sequence[str]) -> list[FeatureRow | None]:
        """Return one item per key, None where nothing is known."""
        found = self._get([row_key(view, customer_key) for customer_key in customer_keys])
        return [unpack(stored) if stored is not None else None for stored in found]

    def link(self, links: Mapping[str, str]) -> None:
        """Remember which customer an id belongs to; the last word counts."""
        for chunk in chunks(links.items(), _ROWS_PER_TRANSACTION):
            with self._transaction(write=True) as transaction:
                for id_, customer_key in chunk:
                    transaction.put(link_key(id_), customer_key.encode())

    def resolve(self, ids: Sequence[str]) -> list[str | None]:
        """Return the customer of each id, None where unknown."""
        found = self._get([link_key(id_) for id_ in ids])
        return [stored.decode() if stored is not None else None for stored in found]

    def forget(self, views: Sequence[str], customer_keys: Sequence[str], ids: Sequence[str]) -> int:
        """Remove customers' values in these views, and what ids belong to; returns how many entries there were."""
        keys = [row_key(view, key) for view in views for key in customer_keys] + [link_key(id_) for id_ in ids]
        with self._transaction(write=True) as transaction:
            return sum(transaction.delete(key) for key in keys)

    def _write_chunk(self, rows: Sequence[FeatureRow]) -> int:
        packed = [(row_key(row.view, row.customer_key), pack(row)) for row in rows]
        newer = 0
        with self._transaction(write=True) as transaction:
            for key, candidate in packed:
                if is_newer(candidate, _bytes(transaction.get(key))):
                    transaction.put(key, candidate)
                    newer += 1
        return newer

    def _get(self, keys: Sequence[bytes]) -> list[bytes | None]:
        with self._transaction(write=False) as transaction:
            return [_bytes(transaction.get(key)) for key in keys]

    @contextmanager
    def _transaction(self, *, write: bool) -> Iterator[lmdb.Transaction]:
        file = self._live_file()
        with _translated(), file.begin(write) as transaction:
            yield transaction

    def _live_file(self) -> _File:
        if self._file.owner != os.getpid():
            self._file.close()
            self._file = _open_file(self._path, self._map_size_mb)
        return self._file


def _bytes(stored: bytes | memoryview | None) -> bytes | None:
    return None if stored is None else bytes(stored)


class _File:
    """An open LMDB environment. A process must not open the same one twice, so stores share it."""

    def __init__(self, path: Path, map_size_mb: int) -> None:
        self.owner = os.getpid()
        with _translated():
            path.mkdir(parents=True, exist_ok=True)
            self._environment = lmdb.open(str(path), map_size=map_size_mb * _MIB, max_readers=_MAX_READERS)
            self._environment.reader_check()

    def begin(self, write: bool) -> lmdb.Transaction:
        """Begin a transaction; takes over the size another process has given the file since."""
        try:
            return self._environment.begin(write=write)
        except lmdb.MapResizedError:
            self._environment.set_mapsize(0)
            return self._environment.begin(write=write)
        except lmdb.ReadersFullError:
            self._environment.reader_check()
            return self._environment.begin(write=write)

    def close(self) -> None:
        """Let go of the file, as a forked child must before it opens its own."""
        self._environment.close()


_files: WeakValueDictionary[tuple[str, int], _File] = WeakValueDictionary()
_files_guard = threading.Lock()


def _open_file(path: Path, map_size_mb: int) -> _File:
    key = (str(path.absolute()), os.getpid())
    with _files_guard:
        file = _files.get(key)
        if file is None:
            file = _files[key] = _File(path.absolute(), map_size_mb)
        return file


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except lmdb.Error as error:
        raise _as_hub_error(error) from error
    except OSError as error:
        raise Misconfigured(
            f"The online store's folder cannot be used ({error.strerror}): check HUB_HOME.",
            reason="online_store_unusable",
        ) from error


def _as_hub_error(error: lmdb.Error) -> HubError:
    if isinstance(error, lmdb.MapFullError):
        return Misconfigured(
            "The online store is full: set HUB_ONLINE_STORE__MAP_SIZE_MB higher (the file is sparse) and restart.",
            reason="online_store_full",
        )
    if isinstance(error, lmdb.ReadersFullError | lmdb.DiskError | lmdb.MemoryError):
        return Transient(f"The online store cannot serve now: {error}.", reason="online_store_busy")
    return Misconfigured(
        f"The online store's file cannot be used ({type(error).__name__}): check HUB_HOME; "
        "a damaged file may be deleted, `hub features materialize` fills a new one.",
        reason="online_store_unusable",
    )
