"""``hub stt``: transcribe recordings, measure and compare models, hear what the model was unsure of, train the demo model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.output import AsJson, Exit, answer, grid, messages
from infra.wiring import Hub, current_hub

app = typer.Typer(help="Speech to text: transcribe, eval, compare, review, train-demo-model.", no_args_is_help=True)
review = typer.Typer(help="What the model was unsure of, and what was dropped: list, done.", no_args_is_help=True)
app.add_typer(review, name="review")
Model = Annotated[
    str, typer.Option(help="demo, a Whisper name such as large-v3, or a path; without it, HUB_SPEECH__MODEL.")
]
Language = Annotated[str, typer.Option(help="ko or en; without it, detected.")]


@app.command()
def transcribe(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False)],
    model: Model = "",
    language: Language = "",
    roles: Annotated[
        str, typer.Option(help="Whose each channel is, e.g. CUSTOMER,AGENT; without it, told by what is said.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Transcribe recordings. With --json: Call Analytics' JSON."""
    from infra.jobs import speech

    results = speech.transcribe_files(
        _hub(model), files, language, [r.strip().upper() for r in roles.split(",") if r.strip()]
    )
    documents = results.documents
    answer(documents[0] if len(documents) == 1 else documents, as_json=as_json, render=lambda: speech.as_text(results))
    for path, reason in results.refused:
        messages.print(f"{path}: {reason}", highlight=False, markup=False)
    if results.refused:
        raise typer.Exit(Exit.SOME_REFUSED)


@app.command("eval")
def evaluate(
    folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="Recordings with their true transcripts beside them.")
    ],
    truth: Annotated[
        Path | None, typer.Option(help="Folder of the true transcripts; without it, the same folder.")
    ] = None,
    model: Model = "",
    against: Annotated[str, typer.Option(help="A model measured before on these calls; show the difference.")] = "",
    language: Language = "",
    as_json: AsJson = False,
) -> None:
    """Measure a model on labelled calls: error rates and recalls per language, channel and condition. Results are kept."""
    from infra.jobs import speech_quality as quality

    hub = _hub(model)
    report = quality.evaluate_folder(hub, folder, truth or folder, language)
    if against:
        _show_difference(quality.compare(hub, report["model"], against, corpus=report["corpus"]), as_json=as_json)
    else:
        title = f"{report['model']}, {report['calls'] - len(report['refused'])} calls, percent"
        answer(
            report,
            as_json=as_json,
            render=lambda: grid(quality.COLUMNS, quality.rows_of(report), title=title),
        )
    for call, reason in report["refused"].items():
        messages.print(f"{call} was not scored: {reason}", highlight=False, markup=False)
    if report["refused"]:
        raise typer.Exit(Exit.SOME_REFUSED)


@app.command()
def compare(
    model: Annotated[str, typer.Argument(help="How the model's name begins, as transcripts cite it.")],
    other: Annotated[str, typer.Argument(help="The model to compare it with.")],
    as_json: AsJson = False,
) -> None:
    """Show how two models scored on the same calls; the other's figures stand in brackets."""
    from infra.jobs import speech_quality as quality

    _show_difference(quality.compare(current_hub(), model, other), as_json=as_json)


def _show_difference(report: dict[str, Any], *, as_json: bool) -> None:
    from infra.jobs import speech_quality as quality

    title = f"{report['model']} ({report['other']}): better in {report['better']}, worse in {report['worse']} of {report['calls']} calls"
    answer(report, as_json=as_json, render=lambda: grid(quality.COLUMNS, quality.difference_rows(report), title=title))


@review.command("list")
def list_reviews(
    reason: Annotated[str, typer.Option(help="low_confidence, phrase, repetition ...; without it, all.")] = "",
    done: Annotated[bool, typer.Option("--done", help="Those that somebody has heard.")] = False,
    limit: Annotated[int, typer.Option(min=1)] = 100,
    as_json: AsJson = False,
) -> None:
    """List what waits for a person's ear, oldest first; the text is redacted, the times are the recording's."""
    from infra.jobs import speech_quality as quality

    items = quality.reviews(current_hub(), is_done=done, reason=reason, limit=limit)
    columns = ("review", "call", "role", "from s", "to s", "reason", "confidence", "text")
    rows = [
        (i.review_id, i.call_id, i.role, i.start_ms / 1_000, i.end_ms / 1_000, i.reason, i.confidence, i.text)
        for i in items
    ]
    answer(items, as_json=as_json, render=lambda: grid(columns, rows))


@review.command("done")
def finish_review(
    review_id: Annotated[str, typer.Argument(help="As `hub stt review list` shows it.")],
    note: Annotated[str, typer.Option(help="What was really said, or why it does not matter.")] = "",
) -> None:
    """Take an item off the queue."""
    from infra.jobs import speech_quality as quality

    quality.finish_review(current_hub(), review_id, note)


@app.command("train-demo-model")
def train_demo_model(
    out: Annotated[Path, typer.Option(help="Where the model goes.")] = Path("stt/demo_model"),
    work: Annotated[
        Path, typer.Option(help="Where corpus and checkpoints go; an interrupted training goes on from there.")
    ] = Path(".hub/training"),
    steps: Annotated[int, typer.Option(min=1)] = 6_000,
    seed: int = 7,
    start_from: Annotated[
        Path | None, typer.Option(exists=True, help="A finished model's directory, or a checkpoint, to go on from.")
    ] = None,
) -> None:
    """Train the demo speech model on synthetic speech (needs the extra `train`)."""
    from infra.jobs import speech

    speech.train_demo_model(out, work, steps=steps, seed=seed, start_from=start_from)


def _hub(model: str) -> Hub:
    hub = current_hub()
    if not model:
        return hub
    speech = hub.settings.speech.model_copy(update={"model": model})
    return Hub(hub.settings.model_copy(update={"speech": speech}))
