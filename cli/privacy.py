"""``hub privacy``: who read whose data and whether that record is whole; erasing a customer, and a new pseudonym key."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Group

from cli.output import AsJson, Exit, answer, grid, messages
from hub.clock import iso
from infra.wiring import current_hub

app = typer.Typer(
    help="Personal data: who read it, is the record whole, erase a customer, rotate the pseudonym key.",
    no_args_is_help=True,
)


@app.command()
def access(
    customer: Annotated[str, typer.Argument(help="Customer key (cus_...) or core-bank customer number.")],
    limit: Annotated[int, typer.Option(min=1)] = 1_000,
    as_json: AsJson = False,
) -> None:
    """List every read of a customer's data, newest first."""
    from infra.jobs import privacy

    records = privacy.reads_of(current_hub(), customer, limit)
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


@app.command()
def erase(
    customer: Annotated[str, typer.Argument(help="Customer key (cus_...) or core-bank customer number.")],
    reason: Annotated[str, typer.Option(help="Why, for the record: the request's number, say.")],
    is_trial: Annotated[bool, typer.Option("--trial", help="Only count what would go.")] = False,
    purges: Annotated[
        bool, typer.Option("--purge", help="Remove old versions from disk now; no other job may be reading.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Erase a customer from every table, the vault, redacted recordings, the online store and decisions."""
    from infra.jobs import privacy

    done = privacy.erase(
        current_hub(), customer, reason, is_trial=is_trial, purges=purges, on_progress=lambda *row: _progress(*row)
    )
    counted = {**done.rows, "objects": done.objects, "online store": done.online_entries, "decisions": done.decisions}
    title = "erased" if done.is_done else "would be erased"
    answer(
        done,
        as_json=as_json,
        render=lambda: Group(grid((title, "number"), counted.items()), *_not_covered(done.not_covered)),
    )


@app.command()
def rekey(as_json: AsJson = False) -> None:
    """Write what stands under previous pseudonym keys anew under the current one; run again, it finishes a cut."""
    from infra.jobs import privacy

    done = privacy.rekey(current_hub(), lambda *row: _progress(*row))
    answer(
        done,
        as_json=as_json,
        render=lambda: Group(
            grid(("column", "rows"), done.columns.items()),
            f"{done.identifiers} old pseudonyms are known from the vault",
            *_not_covered(done.not_covered),
        ),
    )


def _progress(what: str, rows: int) -> None:
    messages.print(f"{what}: {rows}", highlight=False)


def _not_covered(parts: tuple[str, ...]) -> list[str]:
    return ["", "Not covered:", *(f"  - {part}" for part in parts)]
