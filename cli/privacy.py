"""``hub privacy``: who read whose data, and whether that record is whole."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.output import AsJson, Exit, answer, grid, messages
from hub.clock import iso
from infra.wiring import current_hub

app = typer.Typer(help="Personal data: who read it, and is the record whole.", no_args_is_help=True)


@app.command()
def access(
    customer: Annotated[str, typer.Argument(help="Customer key (cus_...) or core-bank customer number.")],
    limit: Annotated[int, typer.Option(min=1)] = 1_000,
    as_json: AsJson = False,
) -> None:
    """List every read of a customer's data, newest first."""
    hub = current_hub()
    subject = customer if customer.startswith("cus_") else hub.pseudonyms.customer(customer)
    records = hub.catalog.access_log.list(subject=subject, limit=limit)
    rows = ((iso(r.at_ms), r.account, r.origin, r.task, r.purpose) for r in records)
    answer(records, as_json=as_json, render=lambda: grid(("when", "account", "origin", "task", "purpose"), rows))


@app.command()
def verify() -> None:
    """Check the hash chain of the access record; exit 1 and name the first record that does not fit."""
    broken = current_hub().catalog.access_log.verify()
    if broken is not None:
        messages.print(f"[red]The access record was changed at number {broken}.[/red]", highlight=False)
        raise typer.Exit(Exit.SOME_REFUSED)
    messages.print("Every record fits the chain.")
