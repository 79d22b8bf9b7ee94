"""``hub memo``: what a transaction memo says, how well we tell, and what a new version changes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Group

from cli.output import AsJson, answer, grid, messages, pairs
from infra.wiring import current_hub

app = typer.Typer(help="Memo parser: parse, eval, train, reparse, changes.", no_args_is_help=True)
CONFUSIONS_SHOWN = 15


@app.command()
def parse(text: str, as_json: AsJson = False) -> None:
    """Parse one memo."""
    facts = current_hub().memo_parser.parse([text])[0]
    answer(facts, as_json=as_json, render=lambda: pairs(msgspec.to_builtins(facts)))


@app.command("eval")
def evaluate(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            help="CSV with memo, category and perhaps counterparty, kind, life_event, period, instalment.",
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Measure the parser on labelled memos: precision, recall and F1 of each class, and what is taken for what."""
    from nlp.evaluate_memos import evaluate_memo_file

    report = msgspec.to_builtins(evaluate_memo_file(current_hub().memo_parser, file))
    answer(report, as_json=as_json, render=lambda: _scores(report))


@app.command()
def train(
    out: Annotated[Path, typer.Option(help="Where weights and card go.")] = Path("nlp/memos/weights"),
    seed: int = 5,
    as_json: AsJson = False,
) -> None:
    """Train the categoriser and the span finder on the demo bank's memos (two minutes)."""
    from infra.jobs.memos import train_memo_models

    fit = train_memo_models(out, seed=seed, on_stage=messages.print)
    answer(fit, as_json=as_json, render=lambda: pairs(fit))


@app.command()
def reparse(as_json: AsJson = False) -> None:
    """Read every memo with the present version of the parser and say what changed."""
    from infra.jobs.memos import reparse_memos

    report = reparse_memos()
    answer(report, as_json=as_json, render=lambda: _changes(report["changes"]))


@app.command()
def changes(before: str, after: str, as_json: AsJson = False) -> None:
    """Say what differs between the facts of two versions of the parser."""
    from infra.jobs.memos import compare_memos

    report = compare_memos(before, after)
    answer(report, as_json=as_json, render=lambda: _changes(report))


def _scores(report: dict[str, Any]) -> object:
    parts = [_classes("category", report["category"])]
    if report["life_event"]:
        parts.append(_classes("life event", report["life_event"]))
    shares = [(name, round(share["right"], 3), share["rows"]) for name, share in report["fields"].items()]
    if shares:
        parts.append(grid(("field", "right", "rows"), shares))
    confused = [row for row in report["category"]["confusions"] if "-" not in row[:2]][:CONFUSIONS_SHOWN]
    if confused:
        parts.append(grid(("true category", "taken for", "times"), confused))
    return Group(*parts)


def _classes(name: str, scores: dict[str, Any]) -> Any:  # noqa: ANN401 - what rich prints
    figures = ("precision", "recall", "f1")
    rows = [(c["label"], *(round(c[figure], 3) for figure in figures), c["support"]) for c in scores["classes"]]
    rows.append(("macro average", "", "", round(scores["macro_f1"], 3), scores["rows"]))
    return grid((name, "precision", "recall", "F1", "support"), rows)


def _changes(report: dict[str, Any] | None) -> object:
    if report is None:
        return "No earlier version has read these memos: nothing to compare."
    fields = [(name, change["texts"], change["facts"]) for name, change in report["fields"].items()]
    examples = [
        (name, example["memo"], example["before"], example["after"])
        for name, change in report["fields"].items()
        for example in change["examples"]
    ]
    title = f"{report['before']} -> {report['after']}: {report['texts']} texts, {report['facts']} facts"
    return Group(
        grid(("field", "texts changed", "facts changed"), fields, title=title),
        grid(("field", "memo", "before", "after"), examples),
    )
