"""``hub nlp``: how well conversations are read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group

from cli.output import AsJson, answer, grid, pairs
from infra.wiring import current_hub

app = typer.Typer(help="Conversations: eval, train.", no_args_is_help=True)


@app.command("eval")
def evaluate(
    file: Annotated[
        Path,
        typer.Argument(dir_okay=False, help="Labelled conversations as JSON lines (docs/conversations.md says how)."),
    ],
    as_json: AsJson = False,
) -> None:
    """Measure the call reader: precision, recall and F1 of each class of each kind of fact, and confusions."""
    from infra.jobs import text

    scores = text.score_calls(current_hub(), file)
    classes = [row for kind, found in scores.kinds.items() for row in text.class_rows(found, kind)]
    confusions = [row for kind, found in scores.kinds.items() for row in text.confusion_rows(found, kind)]
    answer(
        scores,
        as_json=as_json,
        render=lambda: Group(
            grid(("kind", "class", "precision", "recall", "F1", "support"), classes),
            "",
            grid(("kind", "true", "said", "times"), confusions, title="confusions"),
        ),
    )


@app.command()
def train(as_json: AsJson = False) -> None:
    """Fit the models of what callers mean to the examples and keep them (a minute)."""
    from infra.jobs import text

    fit = text.train_call_reader()
    answer(fit, as_json=as_json, render=lambda: pairs(fit))
