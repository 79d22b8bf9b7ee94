"""``hub bench``: measure a promise; one JSON line per figure."""

from __future__ import annotations

import runpy
from typing import Annotated

import typer

from hub.settings import CHECKOUT


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bench")(bench)


def bench(name: Annotated[str, typer.Argument(help="A script of benchmarks/, without .py.")]) -> None:
    """Run one benchmark."""
    known = sorted(p.stem for p in (CHECKOUT / "benchmarks").glob("*.py") if p.stem != "__init__")
    if name not in known:
        raise typer.BadParameter(f"there are: {', '.join(known)}")
    runpy.run_path(str(CHECKOUT / "benchmarks" / f"{name}.py"), run_name="__main__")
