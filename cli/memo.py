"""``hub memo``: what a transaction memo says, and how well we tell."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from cli.output import AsJson, answer, grid, pairs
from infra.wiring import current_hub

app = typer.Typer(help="Memo parser: parse, eval.", no_args_is_help=True)


@app.command()
def parse(text: str, as_json: AsJson = False) -> None:
    """Parse one memo."""
    facts = current_hub().memo_parser.parse([text])[0]
    answer(facts, as_json=as_json, render=lambda: pairs(msgspec.to_builtins(facts)))


@app.command("eval")
def evaluate(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="CSV with memo, category and optionally counterparty.")
    ],
    as_json: AsJson = False,
) -> None:
    """Measure the parser on labelled memos: precision, recall and F1 of each class."""
    from nlp.evaluate import evaluate_memo_file

    report = msgspec.to_builtins(evaluate_memo_file(current_hub().memo_parser, file))
    answer(report, as_json=as_json, render=lambda: _table(report))


def _table(report: dict[str, Any]) -> object:
    rows = [(c["label"], c["precision"], c["recall"], c["f1"], c["support"]) for c in report["category"]["classes"]]
    rows.append(("macro average", "", "", report["category"]["macro_f1"], report["category"]["rows"]))
    return grid(("category", "precision", "recall", "F1", "support"), rows)
