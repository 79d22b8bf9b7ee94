"""The parts a landing needs, real ones in a folder, but for the lake."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from catalog.engine import open_catalog
from hub.clock import SettableClock, parse_ms
from hub.ids import Pseudonymizer
from hub.records import DeadLetter
from ingest.collector import Collector
from ingest.event_log.sqlite import SqliteEventLog
from ingest.object_store.directory import DirectoryObjectStore
from tests.doubles.memory_online import MemoryOnlineStore
from tests.doubles.memory_tables import MemoryTables

NOW_MS = parse_ms("2026-11-01T00:00:00+09:00")
PSEUDONYMS = Pseudonymizer(b"k" * 32)


class Rig:
    """One hub's ingest side under a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.source = root / "source"
        self.source.mkdir(parents=True)
        self.clock = SettableClock(NOW_MS)
        self.objects = DirectoryObjectStore(root / "vault")
        self.tables = MemoryTables()
        self.catalog = open_catalog(f"sqlite:///{root}/catalog.db")
        self.letters = self.catalog.dead_letters
        self.online = MemoryOnlineStore()
        self.log = SqliteEventLog(root / "events.db", 4)
        self.collector = Collector(
            log=self.log,
            online=self.online,
            objects=self.objects,
            dead_letters=self.letters,
            pseudonymizer=PSEUDONYMS,
        )

    @property
    def parts(self) -> dict[str, Any]:
        """The keyword arguments of every landing."""
        return {
            "objects": self.objects,
            "tables": self.tables,
            "dead_letters": self.letters,
            "clock": self.clock,
        }

    def file(self, name: str, content: bytes | str) -> Path:
        """Write a source file."""
        path = self.source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return what is in a table."""
        return list(self.tables.read(table))

    def reasons(self) -> list[str]:
        """Return the reasons of all dead letters, sorted."""
        return sorted(letter.reason for letter in self.letters.list())

    def letter(self) -> DeadLetter:
        """Return the one dead letter there is."""
        (only,) = self.letters.list()
        return only

    def close(self) -> None:
        """Close what is open."""
        self.log.close()
        self.catalog.close()


def events_in(log: SqliteEventLog, topic: str = "events") -> Iterable[Any]:
    """Return all records of a topic, partition by partition."""
    return [
        record for partition in range(len(log.end_offsets(topic))) for record in log.read(topic, partition, 0, 100_000)
    ]
