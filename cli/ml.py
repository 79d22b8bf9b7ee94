"""``hub ml``: train, evaluate, promote, status."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.output import AsJson, Exit, answer, grid, pairs
from hub.clock import iso
from infra.wiring import current_hub

app = typer.Typer(help="Recommendation models: train, evaluate, promote, status.", no_args_is_help=True)


@app.command()
def train(
    cut: Annotated[str, typer.Option(help="ISO date: nothing later is used. Without it: now.")] = "",
    as_json: AsJson = False,
) -> None:
    """Train on what was known before the cut, measure on the newest snapshots, register."""
    from infra.jobs import learning

    report = learning.retrain(cut)
    answer(report, as_json=as_json, render=lambda: pairs(dict(report)))
    if not report.get("version"):
        raise typer.Exit(Exit.SOME_REFUSED)


@app.command()
def evaluate(version: str, as_json: AsJson = False) -> None:
    """Show what a version scored on the snapshots it had not seen, and its gates."""
    model = current_hub().registry.get(version)
    answer(
        model,
        as_json=as_json,
        render=lambda: pairs({**model.metrics, **model.gates}, title=f"{model.name} version {version}"),
    )


@app.command()
def promote(version: str) -> None:
    """Make a version champion; refused while a gate is not met."""
    current_hub().registry.promote(version)


@app.command()
def status(as_json: AsJson = False) -> None:
    """List versions, newest first."""
    versions = current_hub().registry.versions()
    rows = (
        (v.version, v.alias or "", iso(v.created_ms), f"{v.metrics.get('auc', 0):.3f}", all(v.gates.values()))
        for v in versions
    )
    answer(versions, as_json=as_json, render=lambda: grid(("version", "alias", "created", "auc", "gates met"), rows))
