"""What derives from a declaration: DDL, Arrow schema, and rows in and out of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa

from hub.clock import DAY_MS, HOUR_MS
from hub.errors import Permanent
from lakehouse.tables.declaration import Column, Table

PROVENANCE_TYPE = "struct<dataset:string,object:string,offset:bigint,start_ms:bigint,end_ms:bigint>"

_ARROW: dict[str, pa.DataType] = {
    "string": pa.string(),
    "json": pa.string(),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "array<string>": pa.list_(pa.string()),
    "map<string,string>": pa.map_(pa.string(), pa.string()),
    "provenance": pa.struct(
        [
            ("dataset", pa.string()),
            ("object", pa.string()),
            ("offset", pa.int64()),
            ("start_ms", pa.int64()),
            ("end_ms", pa.int64()),
        ]
    ),
}


def spark_type(column: Column) -> str:
    """Return the column's type as Spark SQL spells it."""
    return {"json": "string", "provenance": PROVENANCE_TYPE}.get(column.dtype, column.dtype)


def arrow_schema(table: Table) -> pa.Schema:
    """Return the table's Arrow schema, with description and data class as field metadata."""
    return pa.schema(
        [
            pa.field(
                column.name,
                _ARROW[column.dtype],
                nullable=column.name not in table.identity,
                metadata={"description": column.description, "data_class": column.data_class.value},
            )
            for column in table.columns
        ]
    )


def column_ddl(column: Column, *, required: bool = False) -> str:
    """Return one column of a CREATE TABLE."""
    comment = column.description.replace("'", "\\'")
    return f"`{column.name}` {spark_type(column)}{' NOT NULL' if required else ''} COMMENT '{comment}'"


def create_ddl(table: Table, location: str) -> str:
    """Return the CREATE TABLE IF NOT EXISTS of a declaration at a location.

    Deletion vectors stay off: Arrow readers of delta-rs refuse tables that have them.
    """
    columns = ", ".join(column_ddl(column, required=column.name in table.identity) for column in table.columns)
    cluster = f" CLUSTER BY ({', '.join(f'`{name}`' for name in table.cluster_by)})" if table.cluster_by else ""
    properties = {"delta.enableDeletionVectors": "false"}
    if table.change_feed:
        properties["delta.enableChangeDataFeed"] = "true"
    if table.row_tracking:
        properties["delta.enableRowTracking"] = "true"
    properties |= {f"delta.constraints.{name}": condition for name, condition in table.checks}
    given = ", ".join(f"'{name}' = '{_sql_text(value)}'" for name, value in properties.items())
    comment = _sql_text(table.description)
    return (
        f"CREATE TABLE IF NOT EXISTS delta.`{location}` ({columns}) USING DELTA{cluster} "
        f"COMMENT '{comment}' TBLPROPERTIES ({given})"
    )


def arrow_rows(table: Table, rows: Iterable[Mapping[str, Any]], offset_hours: float) -> pa.Table:
    """Return the rows as Arrow, one per identity, the last one given for mutable tables and the first one else.

    Raises:
        Permanent: a row has a column that is not declared, lacks its identity or holds a value of another type.
    """
    declared = frozenset(table.column_names)
    unique: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        plain = _plain(row)
        if not declared.issuperset(plain):
            name = min(set(plain) - declared)
            raise Permanent(f"{table.name} has no column {name}", reason="unknown_column", table=table.name)
        identity = tuple(plain.get(name) for name in table.identity)
        if None in identity:
            name = table.identity[identity.index(None)]
            raise Permanent(f"A row for {table.name} has no {name}", reason="no_identity", table=table.name)
        if table.mutable or identity not in unique:
            unique[identity] = plain
    return _arrow_table(table, list(unique.values()), offset_hours)


def local_day(epoch_ms: int, offset_hours: float) -> int:
    """Return the local day as days since 1970-01-01."""
    return int((epoch_ms + round(offset_hours * HOUR_MS)) // DAY_MS)


def local_day_sql(expression: str, offset_hours: float) -> str:
    """Return the Spark SQL that turns epoch milliseconds into the local DATE."""
    shift = round(offset_hours * HOUR_MS)
    return f"date_from_unix_date(CAST(floor(({expression} + {shift}) / {DAY_MS}) AS INT))"


def plain_rows(batch: pa.RecordBatch | pa.Table) -> list[dict[str, Any]]:
    """Return Arrow rows as plain values: maps as dicts."""
    maps = [field.name for field in batch.schema if pa.types.is_map(field.type)]
    rows: list[dict[str, Any]] = batch.to_pylist()
    for row in rows:
        for name in maps:
            row[name] = None if row[name] is None else dict(row[name])
    return rows


def _arrow_table(table: Table, rows: Sequence[dict[str, Any]], offset_hours: float) -> pa.Table:
    arrays = []
    for column in table.columns:
        if column.name == "event_date" and table.day_of:
            values = [_day(row, table.day_of, offset_hours) for row in rows]
            arrays.append(pa.array(values, pa.int32()).cast(pa.date32()))
        else:
            arrays.append(_column_array(table, column, [row.get(column.name) for row in rows]))
    return pa.table(arrays, schema=arrow_schema(table))


def _column_array(table: Table, column: Column, values: list[Any]) -> pa.Array:
    try:
        return pa.array([_cell(column, value) for value in values], _ARROW[column.dtype])
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, AttributeError):
        raise Permanent(
            f"{table.name}.{column.name} takes {column.dtype}, a row holds something else",
            reason="wrong_type",
            table=table.name,
            column=column.name,
        ) from None


def _cell(column: Column, value: Any) -> Any:  # noqa: ANN401
    if value is None:
        return None
    if column.dtype == "json" and not isinstance(value, str):
        return msgspec.json.encode(value).decode()
    if column.dtype.startswith("map"):
        return list(value.items())
    if column.dtype == "double" and isinstance(value, int):
        return float(value)
    return value


def _day(row: Mapping[str, Any], source: str, offset_hours: float) -> int | None:
    moment = row.get(source)
    return None if moment is None else local_day(moment, offset_hours)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    plain = msgspec.to_builtins(row, builtin_types=(bytes,)) if isinstance(row, msgspec.Struct) else dict(row)
    provenance = plain.get("provenance")
    if isinstance(provenance, msgspec.Struct):
        plain["provenance"] = msgspec.to_builtins(provenance)
    return plain


def _sql_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
