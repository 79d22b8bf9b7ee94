"""The tables of the lake on Delta: Spark writes, one writer per table; delta-rs reads, without a driver."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from hub.clock import Clock
from hub.ids import content_id
from hub.ports import LineageStore, Row
from hub.records import DatasetVersion, LineageRun, TableInfo
from lakehouse.delta_reader import DeltaReader
from lakehouse.lineage_lookup import last_input_versions
from lakehouse.merging import fresh_sql, known_sql, merge_sql, quoted, remove_sql
from lakehouse.session import kept
from lakehouse.spark_errors import WriteConflict, retried, translated
from lakehouse.tables import table_named
from lakehouse.tables.declaration import Table
from lakehouse.tables.schema import arrow_rows, arrow_schema, column_ddl, create_ddl, local_day_sql, spark_type

if TYPE_CHECKING:
    from pyspark.sql.connect.dataframe import DataFrame
    from pyspark.sql.connect.session import SparkSession

BATCH_ROWS = 100_000


class DeltaTables:
    """Implements ``hub.ports.Tables`` on Delta, and gives the batch its frames.

    Args:
        session: returns the open Spark Connect session (``SparkDoor``); called when first needed.
        root: a directory or ``s3a://bucket/path``; tables lie at ``root/zone/name``.
        storage_options: what delta-rs needs to read an S3 root.
        timezone_offset_hours: what a local day is; ``event_date`` derives from it.
    """

    def __init__(
        self,
        session: Callable[[], SparkSession],
        root: str,
        clock: Clock,
        lineage: LineageStore,
        *,
        timezone_offset_hours: float = 9.0,
        storage_options: Mapping[str, str] | None = None,
    ) -> None:
        self.session = session
        self.clock = clock
        self.lineage = lineage
        self.offset_hours = timezone_offset_hours
        self.reader = DeltaReader(root, storage_options)
        self._ready: set[str] = set()

    # --- the port ---------------------------------------------------------------------------------------

    def merge(self, table: str, rows: Sequence[Row]) -> int:
        """Write rows by the table's declared identity; returns how many were inserted or changed.

        Raises:
            Permanent: unknown table or column, a value of another type, a broken constraint.
            Transient: Spark is away, or other writers got in first again and again.
        """
        declaration = table_named(table)
        changed = 0
        for start in range(0, len(rows), BATCH_ROWS):
            batch = arrow_rows(declaration, rows[start : start + BATCH_ROWS], self.offset_hours)
            with translated(table):
                frame = self.session().createDataFrame(batch)
                changed += self._merge_unique(declaration, frame)
        return changed

    def read(
        self, table: str, columns: Sequence[str] | None = None, where: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Stream rows as plain values; needs no driver. ``where`` quotes keywords with double quotes."""
        return self.reader.read(table, columns, where)

    def list_tables(self) -> list[TableInfo]:
        """Return every table that exists; needs no driver."""
        return self.reader.list_tables()

    # --- what the batch uses ----------------------------------------------------------------------------

    def frame(self, table: str) -> DataFrame:
        """Return the table as it is now, created empty where it is missing."""
        declaration = table_named(table)
        self._ensure(declaration)
        return self.session().read.format("delta").load(self.location(table))

    def view(self, table: str) -> str:
        """Return the table as a FROM item of Spark SQL, created empty where it is missing."""
        self._ensure(table_named(table))
        return f"delta.`{self.location(table)}`"

    def local_frame(self, rows: pa.Table) -> DataFrame:
        """Return Arrow rows as a frame, also when there are none."""
        if rows.num_rows:
            return self.session().createDataFrame(rows)
        nulls = ", ".join(f"CAST(NULL AS string) AS {quoted(name)}" for name in rows.column_names)
        return self.session().sql(f"SELECT {nulls} WHERE false")

    def sql(self, query: str) -> DataFrame:
        """Return the result of a Spark SQL query, lazily."""
        return self.session().sql(query)

    def merge_frame(self, table: str, frame: DataFrame) -> int:
        """Write a frame by the table's declared identity; rows that share one must be equal or any will do."""
        declaration = table_named(table)
        with translated(table):
            conformed = self._conformed(declaration, frame).dropDuplicates(list(declaration.identity))
            return self._merge_unique(declaration, conformed)

    def remove(self, table: str, identities: DataFrame) -> int:
        """Remove the rows with these identities; returns how many there were. None there: no new version."""
        declaration = table_named(table)
        self._ensure(declaration)
        return retried(lambda: self._remove_once(declaration, identities))

    def remove_rows(self, table: str, identities: Sequence[Row]) -> int:
        """Remove the rows with these identities, given as plain rows."""
        if not identities:
            return 0
        names = table_named(table).identity
        columns = [[row[name] for row in identities] for name in names]
        schema = arrow_schema(table_named(table))
        arrays = [pa.array(values, schema.field(name).type) for name, values in zip(names, columns, strict=True)]
        return self.remove(table, self.session().createDataFrame(pa.table(arrays, names=list(names))))

    def location(self, table: str) -> str:
        """Return where a table lies, as Spark spells it."""
        return self.reader.location(table)

    def has_moved(self, job: str, inputs: Sequence[str], output: str) -> bool:
        """Tell whether any input has another version than the job's last complete run read, or the output is missing."""
        if self.version(output) is None:
            return True
        seen = last_input_versions(self.lineage, job, output)
        return any(name not in seen or seen[name] != self.version(name) for name in inputs)

    def row_count(self, table: str) -> int:
        """Return the table's rows from its log; needs no driver."""
        return self.reader.row_count(table)

    def version(self, table: str) -> int | None:
        """Return the table's version, None while it does not exist."""
        return self.reader.version(table)

    @contextmanager
    def run(self, job: str, inputs: Sequence[str], outputs: Sequence[str]) -> Iterator[dict[str, int]]:
        """Record a LineageRun around a step; the step counts the rows it wrote into the yielded dict."""
        started = self.clock.now_ms()
        read = tuple(DatasetVersion(name=name, version=self.version(name)) for name in inputs)
        rows: dict[str, int] = dict.fromkeys(outputs, 0)
        status = "FAIL"
        try:
            yield rows
            status = "COMPLETE"
        finally:
            written = tuple(DatasetVersion(name=name, version=self.version(name), rows=rows[name]) for name in outputs)
            run_id = content_id("run", job, started, uuid.uuid4().hex)
            self.lineage.save(
                LineageRun(
                    run_id=run_id,
                    job=job,
                    started_ms=started,
                    ended_ms=self.clock.now_ms(),
                    inputs=read,
                    outputs=written,
                    status=status,
                )
            )

    # --- inside -----------------------------------------------------------------------------------------

    def _merge_unique(self, table: Table, frame: DataFrame) -> int:
        self._ensure(table)
        return retried(lambda: self._merge_once(table, frame))

    def _first_load(self, table: Table, frame: DataFrame) -> int | None:
        """Append to a table that was only just created; None where another writer was first.

        Racing first loads carry one transaction id, of which Delta lets a single one through.
        """
        mark = uuid.uuid4().hex
        first = frame.write.format("delta").mode("append").option("userMetadata", mark)
        first = first.option("txnAppId", "hub-first-load").option("txnVersion", "1")
        with translated(table.name):
            first.save(self.location(table.name))
        return self.reader.rows_written(table.name, mark)

    def _merge_once(self, table: Table, frame: DataFrame) -> int:
        written = self._first_load(table, frame) if self.version(table.name) == 0 else None
        if written is not None:
            return written
        with translated(table.name), self._named(frame) as source:
            return self._update(table, source) if table.mutable else self._merged(table, source, updates=False)

    def _update(self, table: Table, source: str) -> int:
        """Bring what is new or different. That is computed once and kept, so that no empty version is ever made."""
        fresh = kept(self.sql(fresh_sql(table, source, self.location(table.name))))
        counts = fresh.selectExpr("count(*) AS fresh", "count_if(has) AS known").collect()[0]
        if counts["fresh"] == 0:
            return 0
        with self._named(fresh) as source_of_fresh:
            changed = self._merged(table, source_of_fresh, updates=counts["known"] > 0)
        if changed < counts["fresh"]:
            raise WriteConflict(f"Another writer changed {table.name} at the same time; try again", table=table.name)
        return changed

    def _merged(self, table: Table, source: str, *, updates: bool) -> int:
        statement = merge_sql(table, source, self.location(table.name), updates=updates)
        return int(self.sql(statement).collect()[0]["num_affected_rows"])

    @contextmanager
    def _named(self, frame: DataFrame) -> Iterator[str]:
        """Give a frame a name for the SQL of one statement."""
        name = f"frame_{uuid.uuid4().hex}"
        frame.createOrReplaceTempView(name)
        try:
            yield name
        finally:
            self.session().catalog.dropTempView(name)

    def _remove_once(self, table: Table, identities: DataFrame) -> int:
        location = self.location(table.name)
        with translated(table.name), self._named(identities) as source:
            if self.sql(known_sql(table, source, location)).isEmpty():
                return 0
            return int(self.sql(remove_sql(table, source, location)).collect()[0]["num_affected_rows"])

    def _conformed(self, table: Table, frame: DataFrame) -> DataFrame:
        given = set(frame.columns)
        parts = []
        for column in table.columns:
            if column.name == "event_date" and table.day_of and column.name not in given:
                parts.append(f"{local_day_sql(quoted(table.day_of), self.offset_hours)} AS event_date")
            elif column.name in given:
                parts.append(f"CAST({quoted(column.name)} AS {spark_type(column)}) AS {quoted(column.name)}")
            else:
                parts.append(f"CAST(NULL AS {spark_type(column)}) AS {quoted(column.name)}")
        return frame.selectExpr(*parts)

    def _ensure(self, table: Table) -> None:
        """Create the table where it is missing and add columns that were declared since."""
        if table.name not in self._ready:
            retried(lambda: self._create_or_grow(table))
            self._ready.add(table.name)

    def _create_or_grow(self, table: Table) -> None:
        location = self.location(table.name)
        with translated(table.name):
            if self.reader.version(table.name) is None:
                self.session().sql(create_ddl(table, location)).collect()
            else:
                self._add_missing_columns(table, location)

    def _add_missing_columns(self, table: Table, location: str) -> None:
        present = set(self.reader.column_names(table.name))
        missing = [column_ddl(column) for column in table.columns if column.name not in present]
        if missing:
            self.session().sql(f"ALTER TABLE delta.`{location}` ADD COLUMNS ({', '.join(missing)})").collect()
