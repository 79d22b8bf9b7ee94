"""Rotating the pseudonym key: what old pseudonyms became, and writing them anew in every table.

Raw identifiers come from the vault; the key never leaves this process. Run it after the new key is set and the old one is
named among the previous ones. While it runs, and if it is cut off, lookups by raw identifier find rows under either key
(``Pseudonymizer.every``); running it again finishes the work and changes nothing that is done.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pyarrow as pa

from hub.ids import Pseudonymizer
from lakehouse.tables import TABLES
from lakehouse.tables.declaration import Column, Table
from lakehouse.tables.protection import Protection, columns_by_protection

if TYPE_CHECKING:
    from lakehouse.delta_tables import DeltaTables

_SCHEMA = pa.schema([("old", pa.string()), ("new", pa.string()), ("old_key_id", pa.string())])


def rekeyed(pseudonymizer: Pseudonymizer, raws: Iterable[tuple[str, str]]) -> pa.Table:
    """Return what each pseudonym under a previous key is under the current one.

    Args:
        raws: (kind, raw identifier) pairs.
    """
    rows: dict[str, tuple[str, str]] = {}
    for kind, raw in raws:
        new, *olds = pseudonymizer.every(kind, raw)
        for key_id, old in zip(pseudonymizer.key_ids[1:], olds, strict=True):
            rows[old] = (new, key_id)
    columns = [list(rows), [new for new, _ in rows.values()], [key_id for _, key_id in rows.values()]]
    return pa.table(columns, schema=_SCHEMA)


def raw_identifiers(tables: DeltaTables) -> Iterable[tuple[str, str]]:
    """Yield (kind, raw) of every identifier the vault knows, repeated as often as it stands there."""
    for table, kinds in _RAW.items():
        for row in tables.read(table, list(kinds)):
            yield from ((kind, str(row[name])) for name, kind in kinds.items() if row[name])
    for row in tables.read("bronze.master_rows", ["table", "key"]):
        if row["table"] in _MASTER_KINDS:
            yield _MASTER_KINDS[row["table"]], str(row["key"])


_RAW = {
    "bronze.calls": {"customer_no": "customer", "phone": "phone"},
    "bronze.memos": {"customer_no": "customer", "account_no": "account"},
    "bronze.log_lines": {"customer_no": "customer", "anonymous_id": "anonymous"},
}
_MASTER_KINDS = {"customers": "customer", "accounts": "account"}


def rekey_tables(tables: DeltaTables, mapping: pa.Table) -> dict[str, int]:
    """Write old pseudonyms anew in every pseudonym column of silver and gold; returns changed columns by table.

    One statement a column, each atomic, so that a cut leaves whole columns; a table that has none of the old pseudonyms gets no new version.
    """
    tables.local_frame(mapping).createOrReplaceTempView(_VIEW)
    existing = {info.name: info.location for info in tables.list_tables()}
    done: dict[str, int] = {}
    for table, column in columns_by_protection(TABLES.values(), Protection.PSEUDONYM):
        if table.name not in existing:
            continue
        place = f"delta.`{existing[table.name]}`"
        if tables.session().sql(_has_old_sql(place, column)).collect():
            tables.session().sql(_merge_sql(place, table, column)).collect()
            done[table.name] = done.get(table.name, 0) + 1
    return done


_VIEW = "rekeying"


def _has_old_sql(place: str, column: Column) -> str:
    value = f"explode({column.name})" if _is_list(column) else column.name
    return f"SELECT 1 FROM (SELECT {value} AS old FROM {place}) JOIN {_VIEW} USING (old) LIMIT 1"  # noqa: S608 - declared names


def _merge_sql(place: str, table: Table, column: Column) -> str:
    """Return the statement that writes one column anew; lists keep their order and what is not in the mapping."""
    if not _is_list(column):
        source = f"SELECT old, new AS made FROM {_VIEW}"  # noqa: S608
        matched = f"t.{column.name} = s.old"
    else:
        names = ", ".join(table.identity)
        source = f"""
            SELECT {names}, transform(sort_array(collect_list(struct(pos, coalesce(m.new, x) AS x))), e -> e.x) AS made
            FROM (SELECT {names}, posexplode({column.name}) AS (pos, x) FROM {place}) LEFT JOIN {_VIEW} m ON m.old = x
            GROUP BY {names} HAVING bool_or(m.new IS NOT NULL)"""  # noqa: S608
        matched = " AND ".join(f"t.{name} <=> s.{name}" for name in table.identity)
    return f"MERGE INTO {place} t USING ({source}) s ON {matched} WHEN MATCHED THEN UPDATE SET t.{column.name} = s.made"


def _is_list(column: Column) -> bool:
    return column.dtype.startswith("array")
