"""What commands print: one JSON document on standard output with ``--json``, else something for people."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]

messages = Console(stderr=True)
_UNFOLDED = 400
"""Columns of a table that goes into a file or a pipe, where nobody's window folds it."""


class Exit(IntEnum):
    """Exit codes of every command."""

    DONE = 0
    SOME_REFUSED = 1
    MISCONFIGURED = 2


def answer(data: object, *, as_json: bool, render: Callable[[], object]) -> None:
    """Print an answer: the data as JSON, or what ``render`` makes of it."""
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(data), indent=2).decode())
    else:
        _answers().print(render())


def _answers() -> Console:
    """Return where answers go: what was said or read is printed as it stands, brackets and colons too."""
    is_window = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(soft_wrap=True, markup=False, emoji=False, width=None if is_window else _UNFOLDED)


def grid(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str | None = None) -> Table:
    """Return a plain table; numbers are set right."""
    listed = [list(row) for row in rows]
    table = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for index, name in enumerate(columns):
        is_number = bool(listed) and all(isinstance(row[index], int | float) for row in listed)
        table.add_column(name, justify="right" if is_number else "left", overflow="fold")
    for row in listed:
        table.add_row(*("" if value is None else str(value) for value in row))
    return table


def pairs(data: dict[str, Any], *, title: str | None = None) -> Table:
    """Return a two-column table of names and values."""
    return grid(("", ""), data.items(), title=title)
