# ruff: noqa: S608 - the SQL is made of declared names
"""Rotating the pseudonym key: what old pseudonyms became, and writing them anew in every table.

Raw identifiers come from the vault; the key never leaves this process. Run it after the new key is set and the old one is
named among the previous ones. While it runs, and if it is cut off, lookups by raw identifier find rows under either key
(``Pseudonymizer.every``); running it again finishes the work and changes nothing that is done.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from hub.ids import Pseudonymizer
from hub.records import DataClass, Record
from lakehouse.property_policy import ACCOUNT_NAMES
from lakehouse.spark_errors import retried, translated
from lakehouse.tables import TABLES
from lakehouse.tables.declaration import Column, Table
from lakehouse.tables.protection import Protection, columns_by_protection

if TYPE_CHECKING:
    from lakehouse.delta_tables import DeltaTables

_SCHEMA = pa.schema([("old", pa.string()), ("new", pa.string()), ("old_key_id", pa.string())])
_TOKEN = "(?:cus|ano|pho|acc|mem)_[0-9a-f]{24}"  # noqa: S105 - the form of a pseudonym
_VIEW = "rekeying"


class RekeyedColumn(Record, frozen=True, kw_only=True):
    """One column of one table, and how many of its rows were written anew."""

    table: str
    column: str
    rows: int


def rekeyed(pseudonymizer: Pseudonymizer, raws: Iterable[tuple[str, str]]) -> pa.Table:
    """Return what each pseudonym under a previous key is under the current one.

    Args:
        raws: (kind, raw identifier) pairs.
    """
    rows: dict[str, tuple[str, str]] = {}
    for kind, raw in dict.fromkeys(raws):
        new, *olds = pseudonymizer.every(kind, raw)
        for key_id, old in zip(pseudonymizer.key_ids[1:], olds, strict=True):
            rows[old] = (new, key_id)
    columns = [list(rows), [new for new, _ in rows.values()], [key_id for _, key_id in rows.values()]]
    return pa.table(columns, schema=_SCHEMA)


def raw_identifiers(tables: DeltaTables) -> Iterator[tuple[str, str]]:
    """Yield (kind, raw) of every identifier and memo text the vault knows, repeated as often as it stands there."""
    existing = {info.name for info in tables.list_tables()}
    for table, kinds in _RAW.items():
        if table not in existing:
            continue
        for row in tables.read(table, list(kinds)):
            yield from ((kind, str(row[name])) for name, kind in kinds.items() if row[name])
    if "bronze.memos" in existing:
        yield "memo", ""
    if "bronze.master_rows" in existing:
        for row in tables.read("bronze.master_rows", ["table", "key", "values"]):
            yield from _in_master_row(row)
    if "bronze.log_lines" in existing:
        for row in tables.read("bronze.log_lines", ["properties"]):
            yield from _in_properties(row["properties"])


_RAW = {
    "bronze.calls": {"customer_no": "customer", "phone": "phone"},
    "bronze.memos": {"customer_no": "customer", "account_no": "account", "memo": "memo"},
    "bronze.log_lines": {"customer_no": "customer", "anonymous_id": "anonymous"},
}
_MASTER_KINDS = {"customers": "customer", "accounts": "account"}
_VALUE_KINDS = {"customer_no": "customer", "phone": "phone", "account_no": "account"}


def _in_master_row(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if row["table"] in _MASTER_KINDS:
        yield _MASTER_KINDS[row["table"]], str(row["key"])
    values = dict(row["values"] or {})
    yield from ((kind, str(values[name])) for name, kind in _VALUE_KINDS.items() if values.get(name))


def _in_properties(properties: object) -> Iterator[tuple[str, str]]:
    """Yield the account numbers among the properties of a log line; one that is no JSON object has none."""
    try:
        given = json.loads(properties) if isinstance(properties, str) else properties
    except ValueError:
        return
    if isinstance(given, dict):
        values = (str(given[name]) for name in ACCOUNT_NAMES if given.get(name))
        yield from (("account", value) for value in values if not value.startswith("acc_"))


def rekey_tables(
    tables: DeltaTables, mapping: pa.Table, on_progress: Callable[[RekeyedColumn], None] | None = None
) -> list[RekeyedColumn]:
    """Write old pseudonyms anew in every declared column of silver and gold, within JSON too; returns what was changed.

    One statement a column, each atomic, so that a cut leaves whole columns; a column that has none of the old
    pseudonyms gets no new version. Where a row has come in under the new key meanwhile, it stays and the old one goes.
    """
    tables.local_frame(mapping).createOrReplaceTempView(_VIEW)
    existing = {info.name: info.location for info in tables.list_tables()}
    done: list[RekeyedColumn] = []
    for table, column in rekeyed_columns():
        if table.name not in existing:
            continue
        place = f"delta.`{existing[table.name]}`"
        rows = retried(partial(_rekey, tables, place, table, column))
        if rows:
            done.append(RekeyedColumn(table=table.name, column=column.name, rows=rows))
            if on_progress is not None:
                on_progress(done[-1])
    return done


def rekeyed_columns() -> list[tuple[Table, Column]]:
    """Return every declared column that pseudonyms stand in: as values, in lists or within JSON."""
    whole = columns_by_protection(TABLES.values(), Protection.PSEUDONYM)
    within = [(t, c) for t in TABLES.values() for c in t.columns if t.zone != "bronze" and _holds_json(c)]
    return whole + within


def _rekey(tables: DeltaTables, place: str, table: Table, column: Column) -> int:
    with translated(table.name):
        if not tables.sql(_has_old_sql(place, column)).collect():
            return 0
        if column.name in table.identity:
            tables.sql(_superseded_sql(place, table, column)).collect()
        return int(tables.sql(_merge_sql(place, table, column)).collect()[0]["num_affected_rows"])


def _has_old_sql(place: str, column: Column) -> str:
    return f"SELECT 1 FROM (SELECT {_olds(column)} AS old FROM {place}) JOIN {_VIEW} USING (old) LIMIT 1"


def _olds(column: Column) -> str:
    """Return the SQL of each pseudonym in a column, one a row."""
    if _holds_json(column):
        return f"explode(array_distinct(regexp_extract_all(`{column.name}`, '{_TOKEN}', 0)))"
    return f"explode(`{column.name}`)" if _is_list(column) else f"`{column.name}`"


def _superseded_sql(place: str, table: Table, column: Column) -> str:
    """Return the statement that removes rows under an old key whose like under the new key is there already."""
    names = ", ".join(f"o.`{name}`" for name in table.identity)
    same = " AND ".join(
        f"n.`{name}` <=> {'m.new' if name == column.name else f'o.`{name}`'}" for name in table.identity
    )
    matched = " AND ".join(f"t.`{name}` <=> s.`{name}`" for name in table.identity)
    source = (
        f"SELECT DISTINCT {names} FROM {place} o JOIN {_VIEW} m ON m.old = o.`{column.name}` JOIN {place} n ON {same}"
    )
    return f"MERGE INTO {place} t USING ({source}) s ON {matched} WHEN MATCHED THEN DELETE"


def _merge_sql(place: str, table: Table, column: Column) -> str:
    """Return the statement that writes one column anew; lists keep their order and what is not in the mapping."""
    names = ", ".join(f"`{name}`" for name in table.identity)
    matched = " AND ".join(f"t.`{name}` <=> s.`{name}`" for name in table.identity)
    if _holds_json(column):
        source = f"""
            SELECT {names}, aggregate(collect_set(struct(old, new)), any_value(held), (held, m) -> replace(held, m.old, m.new)) AS made
            FROM (SELECT {names}, `{column.name}` AS held, {_olds(column)} AS old FROM {place}) JOIN {_VIEW} USING (old)
            GROUP BY {names}"""
    elif _is_list(column):
        source = f"""
            SELECT {names}, transform(sort_array(collect_list(struct(pos, coalesce(m.new, x) AS x))), e -> e.x) AS made
            FROM (SELECT {names}, posexplode(`{column.name}`) AS (pos, x) FROM {place}) LEFT JOIN {_VIEW} m ON m.old = x
            GROUP BY {names} HAVING bool_or(m.new IS NOT NULL)"""
    else:
        source, matched = f"SELECT old, new AS made FROM {_VIEW}", f"t.`{column.name}` = s.old"
    return (
        f"MERGE INTO {place} t USING ({source}) s ON {matched} WHEN MATCHED THEN UPDATE SET t.`{column.name}` = s.made"
    )


def _is_list(column: Column) -> bool:
    return column.dtype.startswith("array")


def _holds_json(column: Column) -> bool:
    return column.dtype == "json" and column.data_class == DataClass.PERSONAL
