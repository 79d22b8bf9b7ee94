"""``hub ingest``: bring in files by hand; a DAG does the same on schedule."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.output import AsJson, Exit, answer, pairs

app = typer.Typer(help="Bring in calls, memos, logs or master data.", no_args_is_help=True)
Where = Annotated[Path, typer.Argument(exists=True, help="A file or a folder.")]


@app.command()
def calls(folder: Where, as_json: AsJson = False) -> None:
    """Land recordings with their sidecars, transcribe and read them."""
    from infra.jobs import feeds

    landed = feeds.land_calls(str(folder))
    done: dict[str, int] = {}
    for batch in feeds.plan_calls():
        for name, count in feeds.refine_calls(batch).items():
            done[name] = done.get(name, 0) + count
    _finish(landed, done, as_json=as_json)


@app.command()
def memos(file: Where, as_json: AsJson = False) -> None:
    """Land transaction files and parse their memos."""
    from infra.jobs import feeds

    _finish(feeds.land_memos(str(file)), feeds.refine_memos(), as_json=as_json)


@app.command()
def logs(
    file: Where,
    log_format: Annotated[
        str, typer.Option("--format", help="segment, core or access; without it, by content and name.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Land web, app or business-system logs."""
    from infra.jobs import feeds

    _finish(feeds.land_logs(str(file), log_format), feeds.refine_logs(), as_json=as_json)


@app.command()
def master(folder: Where, as_json: AsJson = False) -> None:
    """Land core-bank master data."""
    from infra.jobs import feeds

    _finish(feeds.land_master(str(folder)), feeds.refine_master(), as_json=as_json)


def _finish(landed: dict[str, int], refined: dict[str, int], *, as_json: bool) -> None:
    """Answer with both counts; what was refused at either step is counted."""
    report = {**landed, **refined}
    report["refused"] = landed.get("refused", 0) + refined.get("refused", 0)
    answer(report, as_json=as_json, render=lambda: pairs(dict(report)))
    if report["refused"]:
        raise typer.Exit(Exit.SOME_REFUSED)
