"""Rows and frames on their way into silver: what their steps have not protected themselves is protected by declaration.

A step names the columns it has dealt with (masked with word times, joined to pseudonyms). Any other declared column of a
protected kind is dealt with here, so that a column that is only declared enters silver as a pseudonym or masked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from hub.errors import Misconfigured
from hub.ids import Pseudonymizer
from hub.ports import Redactor
from lakehouse.tables import table_named
from lakehouse.tables.declaration import Column, Table
from lakehouse.tables.protection import Protection, protect, protection_of

if TYPE_CHECKING:
    from pyspark.sql.connect.dataframe import DataFrame

    from lakehouse.delta_tables import DeltaTables

_DEFAULT_LANGUAGE = "ko"
_SCHEMA = pa.schema([("protect_was", pa.string()), ("protect_made", pa.string())])


def left_to_protect(table: Table, given: Iterable[str], done: Collection[str]) -> list[Column]:
    """Return the given columns of text that may not enter the table as they are, without those done."""
    wanted = (Protection.PSEUDONYM, Protection.MASKED)
    columns = [column for column in table.columns if column.name in set(given) - set(done) and column.dtype == "string"]
    return [column for column in columns if protection_of(table, column) in wanted]


def protect_rows(
    table: str,
    rows: Iterable[Mapping[str, Any]],
    pseudonymizer: Pseudonymizer,
    redactor: Redactor,
    language: str,
    done: Collection[str],
) -> list[dict[str, Any]]:
    """Return rows as they may enter a table; columns in ``done`` stay as they are."""
    declared = table_named(table)
    made = []
    for row in rows:
        left = left_to_protect(declared, row, done)
        changed = (
            protect(declared, {c.name: row[c.name] for c in left}, pseudonymizer, redactor, language) if left else {}
        )
        made.append({**row, **changed})
    return made


def protect_frame(
    tables: DeltaTables,
    table: str,
    frame: DataFrame,
    pseudonymizer: Pseudonymizer,
    redactor: Redactor | None,
    done: Collection[str],
) -> DataFrame:
    """Return a frame as it may enter a table: each distinct value of what is left goes through ``protect`` once.

    Raises:
        Misconfigured: a text is left to mask and the step has no redactor.
    """
    declared = table_named(table)
    for column in left_to_protect(declared, frame.columns, done):
        if redactor is None and protection_of(declared, column) is Protection.MASKED:
            raise Misconfigured(
                f"{table}.{column.name} must be masked, and this step has no redactor", reason="no_redactor"
            )
        frame = _protected(tables, declared, frame, column, pseudonymizer, redactor)
    return frame


def _protected(
    tables: DeltaTables,
    table: Table,
    frame: DataFrame,
    column: Column,
    pseudonymizer: Pseudonymizer,
    redactor: Redactor | None,
) -> DataFrame:
    name = column.name
    values = frame.select(name).where(f"length(`{name}`) > 0").distinct().toArrow().column(0).to_pylist()
    made = [
        protect(table, {name: value}, pseudonymizer, redactor, _DEFAULT_LANGUAGE)[name]  # type: ignore[arg-type]
        for value in values
    ]
    mapping = tables.local_frame(pa.table([values, made], schema=_SCHEMA))
    joined = frame.join(mapping, frame[name] == mapping["protect_was"], "left")
    kept = [
        f"`{other}`" if other != name else f"coalesce(protect_made, `{name}`) AS `{name}`" for other in frame.columns
    ]
    return joined.selectExpr(*kept)
