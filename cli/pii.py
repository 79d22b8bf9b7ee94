"""``hub pii``: personal data in text, and how well it is found."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group

from cli.languages import Language
from cli.output import AsJson, answer, grid, pairs
from infra.wiring import current_hub

app = typer.Typer(help="Personal data in text: find, detectors, eval, train.", no_args_is_help=True)


@app.command()
def find(
    text: str,
    language: Annotated[Language, typer.Option(help="Language of the text.")] = Language.KO,
    as_json: AsJson = False,
) -> None:
    """Show which kinds of personal data a text holds, where, and the text with them masked."""
    from infra.jobs import text as texts

    found = texts.find_personal_data(current_hub(), text, language)
    rows = [(f["kind"], f["start"], f["end"], f["score"], f["detector"]) for f in found["findings"]]
    answer(
        found,
        as_json=as_json,
        render=lambda: Group(grid(("kind", "from", "to", "score", "detector"), rows), found["masked"]),
    )


@app.command()
def detectors(as_json: AsJson = False) -> None:
    """List the detectors, the bank's own (HUB_PRIVACY__DETECTORS) last."""
    from infra.jobs import text

    found = text.list_detectors(current_hub())
    rows = [(d["detector"], ", ".join(d["kinds"]), d["module"], d["needs"]) for d in found["detectors"]]
    answer(
        found,
        as_json=as_json,
        render=lambda: Group(grid(("detector", "kinds", "module", "reads texts with"), rows), found["version"]),
    )


@app.command("eval")
def evaluate(
    file: Annotated[
        Path, typer.Argument(dir_okay=False, help="Labelled texts as JSON lines (docs/personal-data.md says how).")
    ],
    as_json: AsJson = False,
) -> None:
    """Measure the detectors: precision, recall and F1 of each kind, what would leak, false alarms, confusions."""
    from infra.jobs import text

    scores = text.score_personal_data(current_hub(), file)
    classes = [row[1:] for row in text.class_rows(scores.kinds)]
    confusions = [row[1:] for row in text.confusion_rows(scores.kinds)]
    leaks = [(leak.kind, leak.values, leak.leaked) for leak in scores.leaks]
    answer(
        scores,
        as_json=as_json,
        render=lambda: Group(
            grid(("kind", "precision", "recall", "F1", "support"), classes),
            "",
            grid(("kind", "values", "leaked"), leaks, title="values of which a letter or digit stays visible"),
            "",
            grid(("true", "said", "times"), confusions, title="confusions"),
            f"{scores.false_alarms} of {scores.clean_texts} texts without personal data raised an alarm",
        ),
    )


@app.command()
def train(
    out: Annotated[Path | None, typer.Option(help="Where the weights go; the room's own place unless given.")] = None,
    seed: int = 11,
    as_json: AsJson = False,
) -> None:
    """Train the tagger of names, addresses and secrets on the sentences of this room (minutes)."""
    from infra.jobs import text

    fit = text.train_tagger(out, seed)
    answer(fit, as_json=as_json, render=lambda: pairs(fit))
