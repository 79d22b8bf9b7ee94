"""``hub features``: what is known about a customer, and filling the online store."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.output import AsJson, answer, grid, pairs
from hub.clock import iso, parse_ms
from infra.wiring import current_hub

app = typer.Typer(help="Features: get, materialize.", no_args_is_help=True)


@app.command()
def get(
    customer: Annotated[str, typer.Option(help="Customer key (cus_...) or core-bank customer number.")],
    as_of: Annotated[
        str | None, typer.Option(help="ISO time; what was known then. Without it: the online store's values.")
    ] = None,
    purpose: Annotated[str, typer.Option(help="Why you read this person's data; it goes on record.")] = "operation",
    as_json: AsJson = False,
) -> None:
    """Show a customer's features, now or as of a time. The read goes on record."""
    from infra.jobs import inspection

    hub = current_hub()
    at_ms = parse_ms(as_of, naive_offset_hours=hub.settings.timezone_offset_hours) if as_of else None
    found = inspection.features_of(hub, customer, at_ms, purpose)
    rows = ((f["feature"], f["value"], iso(f["as_of_ms"]) if f["as_of_ms"] else "", f["version"]) for f in found)
    answer(found, as_json=as_json, render=lambda: grid(("feature", "value", "as of", "version"), rows))


@app.command()
def materialize(as_json: AsJson = False) -> None:
    """Load the newest feature values into the online store."""
    from infra.jobs import behavior

    report = behavior.materialize()
    answer(report, as_json=as_json, render=lambda: pairs(dict(report)))
