"""Every table of the lake, by name."""

from __future__ import annotations

from hub.errors import Permanent
from lakehouse.tables import bronze, call_analytics, gold, silver
from lakehouse.tables.declaration import Table

_DECLARED = (*bronze.TABLES, *silver.TABLES, *call_analytics.TABLES, *gold.TABLES)
TABLES: dict[str, Table] = {table.name: table for table in _DECLARED}


def table_named(name: str) -> Table:
    """Return a declaration. Raises Permanent (``unknown_table``)."""
    table = TABLES.get(name)
    if table is None:
        raise Permanent(f"No table is called {name}", reason="unknown_table", table=name)
    return table
