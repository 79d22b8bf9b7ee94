"""Transactions: a read sees one snapshot, a write waits its turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Connection, Engine, Table, text
from sqlalchemy.dialects import postgresql, sqlite

from catalog.faults import translated

WRITES = "hub_writes"


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Run queries in one short transaction."""
    with translated(), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine, *, turn: int | None = None) -> Iterator[Connection]:
    """Run changes in one transaction, all or none.

    Args:
        turn: writers that name the same number go one after the other, each seeing what the one
            before it committed. SQLite has one writer at a time anyway; PostgreSQL takes an advisory
            lock that it gives back only after the commit is visible.
    """
    with translated(), engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        if turn is not None and engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": turn})
        yield connection


def insert_absent(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], identity: Column[Any]
) -> list[Any]:
    """Insert the rows whose identity is new; returns the identities inserted."""
    if not rows:
        return []
    statement = _insert(connection, table).on_conflict_do_nothing().returning(identity)
    return list(connection.execute(statement, list(rows)).scalars())


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, or overwrite those whose primary key is there already."""
    if not rows:
        return
    insert = _insert(connection, table)
    keys = [column.name for column in table.primary_key]
    changes = {column.name: insert.excluded[column.name] for column in table.columns if column.name not in keys}
    connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=changes), list(rows))


def _insert(connection: Connection, table: Table) -> Any:  # noqa: ANN401
    # The two dialects spell ON CONFLICT the same way but share no class.
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
