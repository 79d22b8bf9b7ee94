"""The event log in one SQLite file: the embedded default, nothing to start.

A record's place is one integer, ``topic | partition | offset``, and the table's primary key: appending
writes at the end of a few B-tree leaves, reading a partition is one range scan.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from hub.errors import Permanent
from hub.ids import partition_of
from hub.ports import TICK_ID
from hub.records import LogEntry, LogRecord
from ingest.event_log.sqlite_file import SqliteFile

PARTITION_BITS = 10
OFFSET_BITS = 40
_OFFSET_MASK = (1 << OFFSET_BITS) - 1
_BEFORE_ALL_TIME = -(1 << 62)


class SqliteEventLog:
    """Any number of processes append and read; a reader is never blocked and sees whole appends only.

    One append is one transaction: all of its entries are on disk when it returns, or none is. An
    id is kept once per topic, for the life of the log; repeats are dropped here already.
    A tick that would not move its partition's clock is not written.
    """

    def __init__(self, path: Path, partitions: int, busy_timeout_s: float = 30.0) -> None:
        self._partitions = partitions
        self._file = SqliteFile(path, busy_timeout_s)
        self._file.prepare(partitions)
        self._topics: dict[str, int] = {}

    def append(self, topic: str, entries: Sequence[LogEntry]) -> int:
        """Append all entries or raise; returns how many were new."""
        if any(entry.id == TICK_ID for entry in entries):
            raise Permanent(f"The id {TICK_ID!r} is kept for ticks.", reason="reserved_id", topic=topic)
        if not entries:
            return 0
        with self._file.writing() as db:
            number = self._topic(db, topic, create=True)
            fresh = [entry for entry in entries if _is_new(db, number, entry.id)]
            heads = _Heads(db, number)
            rows = [heads.place(partition_of(entry.key, self._partitions), entry) for entry in fresh]
            _insert(db, rows)
            heads.save()
        return len(fresh)

    def tick(self, topic: str, partition: int, time_ms: int) -> None:
        """Append a tick that moves an idle partition's clock."""
        self._check(topic, partition)
        with self._file.writing() as db:
            heads = _Heads(db, self._topic(db, topic, create=True))
            if time_ms > heads.time_ms(partition):
                _insert(db, [heads.place(partition, LogEntry(id=TICK_ID, key="", value=b"", time_ms=time_ms))])
                heads.save()

    def read(self, topic: str, partition: int, offset: int, limit: int) -> list[LogRecord]:
        """Return up to ``limit`` records from ``offset`` on, in order; empty at the end of the log."""
        self._check(topic, partition)
        with self._file.reading() as db:
            number = self._topic(db, topic, create=False)
            first = _position(number, partition, max(offset, 0))
            last = _position(number, partition, _OFFSET_MASK)
            rows = db.execute(
                "SELECT position, id, key, value, time_ms FROM records"
                " WHERE position BETWEEN ? AND ? ORDER BY position LIMIT ?",
                (first, last, max(limit, 0)),
            ).fetchall()
        return [
            LogRecord(
                topic=topic,
                partition=partition,
                offset=position & _OFFSET_MASK,
                id=record_id,
                key=key,
                value=value,
                time_ms=time_ms,
            )
            for position, record_id, key, value, time_ms in rows
        ]

    def end_offsets(self, topic: str) -> list[int]:
        """Return the next offset to be written, one per partition."""
        with self._file.reading() as db:
            heads = _Heads(db, self._topic(db, topic, create=False))
        return [heads.next_offset(partition) for partition in range(self._partitions)]

    def offset_at(self, topic: str, partition: int, time_ms: int) -> int:
        """Return the offset of the first record at this time or later; the end where there is none."""
        low, high = 0, self.end_offsets(topic)[partition]
        while low < high:
            middle = (low + high) // 2
            if self.read(topic, partition, middle, 1)[0].time_ms < time_ms:
                low = middle + 1
            else:
                high = middle
        return low

    def close(self) -> None:
        """Close the file; the log may be opened again."""
        self._file.close()

    def _check(self, topic: str, partition: int) -> None:
        if not 0 <= partition < self._partitions:
            raise Permanent(
                f"The log has partitions 0 to {self._partitions - 1}.",
                reason="unknown_partition",
                topic=topic,
                partition=partition,
            )

    def _topic(self, db: sqlite3.Connection, name: str, *, create: bool) -> int:
        """Return the topic's number; 0, which no topic has, when it is not there."""
        if name in self._topics:
            return self._topics[name]
        if create:
            db.execute("INSERT OR IGNORE INTO topics (name) VALUES (?)", (name,))
        row = db.execute("SELECT topic FROM topics WHERE name = ?", (name,)).fetchone()
        if row is not None and not create:
            self._topics[name] = row[0]
        return int(row[0]) if row else 0


class _Heads:
    """Where each partition of one topic ends, inside one transaction."""

    def __init__(self, db: sqlite3.Connection, topic: int) -> None:
        self._db = db
        self._topic = topic
        rows = db.execute("SELECT partition, next_offset, time_ms FROM heads WHERE topic = ?", (topic,))
        self._heads: dict[int, tuple[int, int]] = {partition: (end, time_ms) for partition, end, time_ms in rows}
        self._moved: set[int] = set()

    def next_offset(self, partition: int) -> int:
        return self._heads.get(partition, (0, 0))[0]

    def time_ms(self, partition: int) -> int:
        return self._heads.get(partition, (0, _BEFORE_ALL_TIME))[1]

    def place(self, partition: int, entry: LogEntry) -> tuple[int, str, str, bytes, int]:
        """Give an entry the next offset, and the head's time if its own is older."""
        offset = self.next_offset(partition)
        time_ms = max(entry.time_ms, self.time_ms(partition))
        self._heads[partition] = (offset + 1, time_ms)
        self._moved.add(partition)
        return _position(self._topic, partition, offset), entry.id, entry.key, entry.value, time_ms

    def save(self) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO heads (topic, partition, next_offset, time_ms) VALUES (?, ?, ?, ?)",
            [(self._topic, partition, *self._heads[partition]) for partition in sorted(self._moved)],
        )


def _position(topic: int, partition: int, offset: int) -> int:
    return (topic << PARTITION_BITS | partition) << OFFSET_BITS | offset


def _is_new(db: sqlite3.Connection, topic: int, entry_id: str) -> bool:
    return db.execute("INSERT OR IGNORE INTO ids (topic, id) VALUES (?, ?)", (topic, entry_id)).rowcount == 1


def _insert(db: sqlite3.Connection, rows: Sequence[tuple[int, str, str, bytes, int]]) -> None:
    db.executemany("INSERT INTO records (position, id, key, value, time_ms) VALUES (?, ?, ?, ?, ?)", rows)
