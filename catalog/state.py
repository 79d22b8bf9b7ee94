"""Named values that survive a restart: cursors, snapshots, book versions."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Engine, select

from catalog.schema import state as table
from catalog.transactions import reading, upsert, writing


class SqlStateStore:
    """``hub.ports.StateStore`` on the catalogue's engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, name: str) -> bytes | None:
        """Return the value last put, None where there is none."""
        with reading(self._engine) as connection:
            value = connection.execute(select(table.c.value).where(table.c.name == name)).scalar_one_or_none()
        return None if value is None else bytes(value)

    def put(self, values: Mapping[str, bytes]) -> None:
        """Store all values together or none."""
        # In order of name: two writers that touch the same names cannot wait for each other.
        rows = [{"name": name, "value": bytes(values[name])} for name in sorted(values)]
        with writing(self._engine) as connection:
            upsert(connection, table, rows)
