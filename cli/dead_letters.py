"""``hub dead-letters``: everything that was refused, why, and what became of it."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from cli.output import AsJson, Exit, answer, grid, pairs
from hub.clock import iso
from hub.records import DeadLetter, LetterStatus
from infra.wiring import current_hub

app = typer.Typer(help="Refused records: list, show, replay, discard.", no_args_is_help=True)


@app.command("list")
def list_letters(
    feed: Annotated[str | None, typer.Option(help="calls, memos, logs, master, collector")] = None,
    status: Annotated[LetterStatus | None, typer.Option(help="open, replayed or discarded; all without it")] = None,
    limit: Annotated[int, typer.Option(min=1)] = 1_000,
    as_json: AsJson = False,
) -> None:
    """List refused records, oldest first."""
    letters = current_hub().catalog.dead_letters.list(feed=feed, status=status, limit=limit)
    rows = (
        (
            x.letter_id,
            x.feed,
            x.reason,
            f"{x.provenance.object}:{'' if x.provenance.offset is None else x.provenance.offset}",
            x.status,
        )
        for x in letters
    )
    answer(letters, as_json=as_json, render=lambda: grid(("id", "feed", "reason", "where", "status"), rows))


@app.command()
def show(letter_id: str, as_json: AsJson = False) -> None:
    """Show one refused record: its reason and where its bytes are kept. The bytes stay in the vault."""
    letter = current_hub().catalog.dead_letters.get(letter_id)
    answer(letter, as_json=as_json, render=lambda: pairs(_shown(letter)))


@app.command()
def replay(
    letter_ids: Annotated[list[str] | None, typer.Argument(help="Ids; without any, every open letter.")] = None,
    as_json: AsJson = False,
) -> None:
    """Feed the kept bytes through their format again, after the cause was mended."""
    from infra.jobs import letters

    report = letters.replay(current_hub(), letter_ids or None)
    answer(report, as_json=as_json, render=lambda: pairs(dict(report)))
    if report["refused"]:
        raise typer.Exit(Exit.SOME_REFUSED)


@app.command()
def discard(letter_id: str, note: Annotated[str, typer.Option(help="Why; it stays on record.")]) -> None:
    """Say that a refused record will not be replayed, and why."""
    current_hub().catalog.dead_letters.mark(letter_id, LetterStatus.DISCARDED, note)


def _shown(letter: DeadLetter) -> dict[str, object]:
    data = msgspec.to_builtins(letter)
    data["received"] = iso(data.pop("received_ms"))
    data["provenance"] = msgspec.json.encode(letter.provenance).decode()
    return dict(data)
