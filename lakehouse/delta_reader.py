# ruff: noqa: S608 - the SQL is made of declared names
"""Reading the lake without a driver: delta-rs over the same files that Spark wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
from deltalake import DeltaTable, QueryBuilder
from deltalake.exceptions import DeltaError, TableNotFoundError

from hub.errors import Permanent, Transient
from hub.records import TableInfo
from lakehouse.tables import TABLES, table_named
from lakehouse.tables.schema import plain_rows


class AtVersion(NamedTuple):
    """A table as a version of it was; None: as it is."""

    name: str
    version: int | None = None


class DeltaReader:
    """Streams rows and lists tables; never writes."""

    def __init__(self, root: str, storage_options: Mapping[str, str] | None = None) -> None:
        self._is_local = "://" not in root
        self._root = str(Path(root).resolve()) if self._is_local else root.rstrip("/")
        self._options = dict(storage_options or {})

    def location(self, table: str) -> str:
        """Return where a table lies, as Spark spells it."""
        zone, _, name = table_named(table).name.partition(".")
        return f"{self._root}/{zone}/{name}"

    def read(
        self, table: str, columns: Sequence[str] | None = None, where: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Stream rows as plain values; nothing for a table that does not exist yet."""
        for batch in self.batches(table, columns, where):
            yield from plain_rows(batch)

    def batches(
        self, table: str, columns: Sequence[str] | None = None, where: str | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Stream rows as Arrow record batches.

        Raises:
            Permanent: an unknown table or column, or a ``where`` that does not parse.
        """
        opened = self._open(table)
        if opened is None:
            return
        chosen = ", ".join(f'"{name}"' for name in columns) if columns else "*"
        query = f"SELECT {chosen} FROM rows{f' WHERE {where}' if where else ''}"
        try:
            stream = pa.RecordBatchReader.from_stream(QueryBuilder().register("rows", opened).execute(query))
            yield from stream
        except (DeltaError, OSError, ValueError, pa.ArrowException) as error:
            raise Permanent(f"{table} cannot be read with this condition or columns", reason="bad_query") from error

    def query(self, sql: str, tables: Mapping[str, str | AtVersion]) -> Iterator[dict[str, Any]]:
        """Stream the rows of a query over several tables, given as alias -> table; nothing while one is missing.

        Raises:
            Permanent: ``version_gone``: an earlier version was asked for, and it is not on disk any more.
        """
        builder = QueryBuilder()
        asked = {alias: AtVersion(table) if isinstance(table, str) else table for alias, table in tables.items()}
        try:
            for alias, table in asked.items():
                opened = self._open(*table)
                if opened is None:
                    return
                builder = builder.register(alias, opened)
            for batch in pa.RecordBatchReader.from_stream(builder.execute(sql)):
                yield from plain_rows(batch)
        except (DeltaError, OSError, pa.ArrowException) as error:
            if not any(table.version is not None for table in asked.values()):
                raise
            names = ", ".join(f"{table.name} {table.version}" for table in asked.values())
            raise Permanent(f"Not all of these versions can be read: {names}", reason="version_gone") from error

    def list_tables(self) -> list[TableInfo]:
        """Return every declared table that exists, in order of declaration."""
        found = ((table, self._open(table)) for table in TABLES)
        return [
            TableInfo(
                name=name,
                zone=TABLES[name].zone,
                location=self.location(name),
                version=opened.version(),
                rows=_row_count(opened),
            )
            for name, opened in found
            if opened is not None
        ]

    def version(self, table: str) -> int | None:
        """Return the table's version, None while it does not exist."""
        opened = self._open(table)
        return None if opened is None else opened.version()

    def identity(self, table: str) -> str | None:
        """Return what tells a table from another one that was made anew in its place; None while it does not exist."""
        opened = self._open(table)
        return None if opened is None else str(opened.metadata().id)

    def row_count(self, table: str) -> int:
        """Return how many rows a table has, from its log alone."""
        opened = self._open(table)
        return 0 if opened is None else _row_count(opened)

    def rows_written(self, table: str, mark: str) -> int | None:
        """Return the rows of the recent commit with this user metadata, None where there is none."""
        opened = self._open(table)
        for commit in opened.history(limit=20) if opened is not None else ():
            if commit.get("userMetadata") == mark:
                return int(commit.get("operationMetrics", {}).get("numOutputRows", 0))
        return None

    def column_names(self, table: str) -> list[str]:
        """Return the columns the table has at present."""
        opened = self._open(table)
        return [] if opened is None else [field.name for field in opened.schema().fields]

    def _open(self, table: str, version: int | None = None) -> DeltaTable | None:
        location = self.location(table)
        if self._is_local and not Path(location, "_delta_log").is_dir():
            return None
        try:
            uri = location.replace("s3a://", "s3://", 1)
            return DeltaTable(uri, version=version, storage_options=self._options or None)
        except TableNotFoundError:
            return None
        except OSError as error:
            raise Transient(f"The store of {table} does not answer", reason="store_away", table=table) from error


def _row_count(table: DeltaTable) -> int:
    actions = pa.table(table.get_add_actions(flatten=True))
    return sum(actions.column("num_records").to_pylist())
