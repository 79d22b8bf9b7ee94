"""``hub explain`` and ``hub lineage``: why a decision was made, where a table came from."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.languages import Language
from cli.output import AsJson, answer, grid
from hub.clock import iso, parse_ms
from infra.wiring import current_hub


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("explain")(explain)
    app.command("lineage")(lineage)


def explain(
    decision_id: str,
    language: Annotated[Language, typer.Option(help="Language of the explanation.")] = Language.KO,
    purpose: Annotated[str, typer.Option(help="Why you read this; it goes on record.")] = "explanation",
    as_json: AsJson = False,
) -> None:
    """Tell the whole way back: scenario, events with the call's sentence and seconds, features, model, consent, control."""
    from infra.jobs import inspection

    told = inspection.explain(current_hub(), decision_id, purpose)
    answer(told, as_json=as_json, render=lambda: inspection.as_text(told, language))


def lineage(
    dataset: str,
    as_of: Annotated[str | None, typer.Option(help="ISO time: runs up to then.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show which runs wrote a dataset, from which versions of which datasets."""
    hub = current_hub()
    until = parse_ms(as_of, naive_offset_hours=hub.settings.timezone_offset_hours) if as_of else None
    runs = [r for r in hub.catalog.lineage.runs(dataset) if until is None or r.ended_ms <= until]
    rows = (
        (
            iso(r.ended_ms),
            r.job,
            ", ".join(f"{d.name}@{d.version}" for d in r.inputs),
            ", ".join(f"{d.name}@{d.version} ({d.rows} rows)" for d in r.outputs),
            r.status,
        )
        for r in runs
    )
    answer(runs, as_json=as_json, render=lambda: grid(("ended", "job", "from", "wrote", "status"), rows))
