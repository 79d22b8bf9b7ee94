# ruff: noqa: S608 - the SQL is made of declared names
"""The SQL of an idempotent write: what is new or different, and the MERGE that brings exactly that."""

from __future__ import annotations

from lakehouse.tables.declaration import Table


def quoted(name: str) -> str:
    """Return a column name that no keyword can hide."""
    return f"`{name}`"


def same_identity(table: Table, left: str = "s", right: str = "t") -> str:
    """Return the join condition of two rows that are the same row."""
    return " AND ".join(f"{left}.{quoted(name)} = {right}.{quoted(name)}" for name in table.identity)


def differs(table: Table, left: str = "s", right: str = "t") -> str:
    """Return the condition under which a known row carries other values."""
    parts = [f"NOT ({left}.{quoted(name)} <=> {right}.{quoted(name)})" for name in table.compared]
    return f"({' OR '.join(parts)})" if parts else "false"


def fresh_sql(table: Table, source: str, location: str) -> str:
    """Return the query of the rows a mutable table lacks or has with other values, and which of them it ``has``."""
    known = f"t.{quoted(table.identity[0])} IS NOT NULL"
    return (
        f"SELECT s.*, {known} AS has FROM {source} s LEFT JOIN delta.`{location}` t ON {same_identity(table)} "
        f"WHERE NOT ({known}) OR {differs(table)}"
    )


def merge_sql(table: Table, source: str, location: str, *, updates: bool) -> str:
    """Return the MERGE; running it twice changes nothing the second time.

    One that only inserts makes no version when there is nothing to insert; one that updates does.
    """
    names = [quoted(name) for name in table.column_names]
    update = ""
    if updates:
        kept = {quoted(name) for name in table.identity}
        changes = ", ".join(f"t.{name} = s.{name}" for name in names if name not in kept)
        update = f"WHEN MATCHED AND {differs(table)} THEN UPDATE SET {changes} "
    values = ", ".join(f"s.{name}" for name in names)
    return (
        f"MERGE INTO delta.`{location}` t USING {source} s ON {same_identity(table)} "
        f"{update}WHEN NOT MATCHED THEN INSERT ({', '.join(names)}) VALUES ({values})"
    )


def known_sql(table: Table, source: str, location: str) -> str:
    """Return the query of the table's rows whose identity the source names."""
    return f"SELECT 1 FROM delta.`{location}` t LEFT SEMI JOIN {source} s ON {same_identity(table)}"


def remove_sql(table: Table, source: str, location: str) -> str:
    """Return the MERGE that removes the rows whose identity the source names."""
    return f"MERGE INTO delta.`{location}` t USING {source} s ON {same_identity(table)} WHEN MATCHED THEN DELETE"
