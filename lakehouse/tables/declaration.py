"""What a table is: one declaration, from which DDL, Arrow schema, documentation and masking derive."""

from __future__ import annotations

from typing import NamedTuple

from hub.records import DataClass

ZONES = ("bronze", "silver", "gold")
BOOKKEEPING = frozenset({"created_ms", "processed_ms"})


class Column(NamedTuple):
    """One column.

    ``dtype`` is a Spark SQL type, or ``json`` (a string that holds JSON) or ``provenance`` (a struct).
    A raw identifier is ``SENSITIVE`` and lives in bronze alone; pseudonyms and redacted text are ``PERSONAL``.
    """

    name: str
    dtype: str
    description: str
    data_class: DataClass = DataClass.INTERNAL


class Table(NamedTuple):
    """One table.

    Attributes:
        identity: the columns that make a row the same row.
        mutable: a known identity is updated when it comes with other values; else the first one stays.
        same_when: the columns whose equality means "nothing changed"; empty: all but provenance and bookkeeping.
        day_of: the ``*_ms`` column whose local day becomes ``event_date``.
        cluster_by: the columns that liquid clustering orders the files by.
        checks: CHECK constraints by name.
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    identity: tuple[str, ...]
    mutable: bool = False
    same_when: tuple[str, ...] = ()
    day_of: str | None = None
    cluster_by: tuple[str, ...] = ()
    checks: tuple[tuple[str, str], ...] = ()
    change_feed: bool = True
    row_tracking: bool = False

    @property
    def zone(self) -> str:
        """``bronze``, ``silver`` or ``gold``."""
        return self.name.partition(".")[0]

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns in declared order."""
        return tuple(column.name for column in self.columns)

    @property
    def compared(self) -> tuple[str, ...]:
        """The columns that decide whether a known row changed."""
        if self.same_when:
            return self.same_when
        apart = {*self.identity, "provenance", "event_date"} | BOOKKEEPING
        return tuple(name for name in self.column_names if name not in apart)


def key(name: str, description: str, data_class: DataClass = DataClass.INTERNAL) -> Column:
    """Declare a string column; what most columns are."""
    return Column(name, "string", description, data_class)


def raw(name: str, description: str, dtype: str = "string") -> Column:
    """Declare a raw identifier or raw text, for bronze only."""
    return Column(name, dtype, description, DataClass.SENSITIVE)


def personal(name: str, description: str, dtype: str = "string") -> Column:
    """Declare what describes one person under a pseudonym."""
    return Column(name, dtype, description, DataClass.PERSONAL)


def time_ms(name: str, description: str) -> Column:
    """Declare a time in epoch milliseconds, UTC."""
    return Column(name, "bigint", f"{description}; epoch milliseconds, UTC")


EVENT_DATE = Column("event_date", "date", "Local day of the row, which orders the files")
PROVENANCE = Column("provenance", "provenance", "Where the row came from: dataset, object, offset, milliseconds")
CUSTOMER_KEY = personal("customer_key", "Customer, as a keyed pseudonym")
