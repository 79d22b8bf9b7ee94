"""Tables in memory, with dials: merges by identity, and fails when told to."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from hub.errors import Transient
from hub.ports import Row
from hub.records import TableInfo

IDENTITIES = {
    "bronze.calls": ("call_id",),
    "bronze.memos": ("txn_id",),
    "bronze.log_lines": ("message_id",),
    "bronze.master_rows": ("table", "key"),
}
IMMUTABLE = ("bronze.log_lines",)


class MemoryTables:
    """``hub.ports.Tables`` in memory; rows of the same content hash are the same row.

    ``fail_every=3`` makes every third merge raise Transient and write nothing.
    """

    def __init__(self, fail_every: int = 0) -> None:
        self.fail_every = fail_every
        self.merges = 0
        self.versions: dict[str, int] = {}
        self._rows: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {}

    def merge(self, table: str, rows: Sequence[Row]) -> int:
        self.merges += 1
        if self.fail_every and self.merges % self.fail_every == 0:
            raise Transient("The tables are away, as told.")
        stored, changed = self._rows.setdefault(table, {}), 0
        for row in rows:
            identity = tuple(row[name] for name in IDENTITIES[table])
            old = stored.get(identity)
            if old is None or (table not in IMMUTABLE and old["content_hash"] != row["content_hash"]):
                stored[identity] = copy.deepcopy(dict(row))
                changed += 1
        self.versions[table] = self.versions.get(table, 0) + bool(changed)
        return changed

    def read(
        self, table: str, columns: Sequence[str] | None = None, where: str | None = None
    ) -> Iterator[dict[str, Any]]:
        assert where is None, "no SQL here"
        for row in self._rows.get(table, {}).values():
            yield copy.deepcopy(row if columns is None else {name: row[name] for name in columns})

    def list_tables(self) -> list[TableInfo]:
        return [
            TableInfo(name=name, zone="bronze", location="memory", version=self.versions[name], rows=len(rows))
            for name, rows in sorted(self._rows.items())
        ]
