"""The SQLite file under the event log: connections, transactions, schema, and what its errors mean."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.errors import HubError, Misconfigured, Transient

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS layout (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS topics (topic INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    "CREATE TABLE IF NOT EXISTS heads (topic INTEGER NOT NULL, partition INTEGER NOT NULL,"
    " next_offset INTEGER NOT NULL, time_ms INTEGER NOT NULL, PRIMARY KEY (topic, partition)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS records (position INTEGER PRIMARY KEY, id TEXT NOT NULL, key TEXT NOT NULL,"
    " value BLOB NOT NULL, time_ms INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS ids (topic INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (topic, id)) WITHOUT ROWID",
)
_WAL_BYTES_KEPT = 64 << 20
_CACHE_KIB = 16_384
_AWAY = {sqlite3.SQLITE_BUSY: "event_log_busy", sqlite3.SQLITE_LOCKED: "event_log_busy"}
_DISK = {sqlite3.SQLITE_FULL: "disk_full", sqlite3.SQLITE_IOERR: "disk_failed"}


class SqliteFile:
    """A pool of connections to one file, safe for threads, and for processes that fork.

    Every commit is synced before it returns (WAL with ``synchronous = FULL``).
    """

    def __init__(self, path: Path, busy_timeout_s: float) -> None:
        self._path = path
        self._busy_timeout_s = busy_timeout_s
        self._guard = threading.Lock()
        self._writer = threading.Lock()
        self._owner = os.getpid()
        self._idle: list[sqlite3.Connection] = []
        self._of_the_parent: list[sqlite3.Connection] = []

    def prepare(self, partitions: int) -> None:
        """Create the tables, or check that the file was made for this number of partitions.

        Raises:
            Misconfigured: another number.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Misconfigured(
                f"The event log's folder cannot be made ({error.strerror}): check HUB_HOME.",
                reason="event_log_unusable",
            ) from error
        with self.writing() as db:
            for statement in _SCHEMA:
                db.execute(statement)
            db.execute("INSERT OR IGNORE INTO layout VALUES ('partitions', ?)", (partitions,))
            (found,) = db.execute("SELECT value FROM layout WHERE name = 'partitions'").fetchone()
        if found != partitions:
            raise Misconfigured(
                f"This event log was made with {found} partitions, HUB_EVENT_LOG__PARTITIONS says {partitions}: "
                f"set it to {found}, or start a new log.",
                reason="partitions_changed",
            )

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Run one transaction; it is on disk when the block ends. An error rolls it back."""
        with self._writer, self._connection() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            finally:
                if db.in_transaction:
                    db.execute("ROLLBACK")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """See the log as it is now; writers are not waited for."""
        with self._connection() as db:
            db.execute("BEGIN")
            try:
                yield db
            finally:
                db.execute("ROLLBACK")

    def close(self) -> None:
        """Close what is idle; a later call opens the file anew."""
        with self._guard:
            while self._idle:
                self._idle.pop().close()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            db = self._take()
        except sqlite3.Error as error:
            raise _as_hub_error(error) from error
        try:
            yield db
        except sqlite3.Error as error:
            db.close()
            raise _as_hub_error(error) from error
        except BaseException:
            self._give_back(db)
            raise
        self._give_back(db)

    def _take(self) -> sqlite3.Connection:
        with self._guard:
            if self._owner != os.getpid():
                # A forked child must neither use nor close its parent's connections: both would break their locks.
                self._of_the_parent += self._idle
                self._idle = []
                self._owner = os.getpid()
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def _give_back(self, db: sqlite3.Connection) -> None:
        with self._guard:
            self._idle.append(db)

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=self._busy_timeout_s, isolation_level=None, check_same_thread=False)
        try:
            self._switch_to_wal(db)
            db.execute("PRAGMA synchronous = FULL")
            db.execute(f"PRAGMA journal_size_limit = {_WAL_BYTES_KEPT}")
            db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        except sqlite3.Error:
            db.close()
            raise
        return db

    def _switch_to_wal(self, db: sqlite3.Connection) -> None:
        """Change the journal mode once in a file's life; SQLite's own busy timeout does not cover that change."""
        deadline = time.monotonic() + self._busy_timeout_s
        while db.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            try:
                db.execute("PRAGMA journal_mode = WAL")
                _sync_folder(self._path.parent)
            except sqlite3.OperationalError as error:
                if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _code(error: sqlite3.Error) -> int:
    """Return the primary result code, the low byte of an extended one."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def _as_hub_error(error: sqlite3.Error) -> HubError:
    code = _code(error)
    if code in _AWAY:
        return Transient("Another process holds the event log too long.", reason=_AWAY[code])
    if code in _DISK:
        return Transient(f"The event log's disk refuses: {error}.", reason=_DISK[code])
    return Misconfigured(
        f"The event log's file cannot be used ({error}): check the file and the folder HUB_HOME names.",
        reason="event_log_unusable",
    )
