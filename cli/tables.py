"""``hub tables``: what is in the lake."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.output import AsJson, answer, grid
from infra.wiring import current_hub


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("tables")(tables)


def tables(
    name: Annotated[str | None, typer.Argument(help="One table: its columns with their classes.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show every table: zone, location, version, rows."""
    if name:
        from infra.jobs import inspection

        columns = inspection.columns_of(name)
        answer(
            columns,
            as_json=as_json,
            render=lambda: grid(("column", "type", "class", "description"), (list(c.values()) for c in columns)),
        )
        return
    found = current_hub().tables.list_tables()
    answer(
        found,
        as_json=as_json,
        render=lambda: grid(
            ("table", "zone", "version", "rows", "location"),
            ((t.name, t.zone, t.version, t.rows, t.location) for t in found),
        ),
    )
