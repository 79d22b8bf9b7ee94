"""``hub stt``: transcribe recordings, measure a model, train the demo model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.output import AsJson, answer, grid, messages
from infra.wiring import Hub, current_hub

app = typer.Typer(help="Speech to text: transcribe, eval, train-demo-model.", no_args_is_help=True)
Model = Annotated[
    str, typer.Option(help="demo, a Whisper name such as large-v3, or a path; without it, HUB_SPEECH__MODEL.")
]
Language = Annotated[str, typer.Option(help="ko or en; without it, detected.")]


@app.command()
def transcribe(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False)],
    model: Model = "",
    language: Language = "",
    as_json: AsJson = False,
) -> None:
    """Transcribe recordings. Stereo: left is the agent, right the customer. With --json: Call Analytics' JSON."""
    from infra.jobs import speech

    results = speech.transcribe_files(_hub(model), files, language)
    documents = results.documents
    answer(documents[0] if len(documents) == 1 else documents, as_json=as_json, render=lambda: speech.as_text(results))
    for path, reason in results.refused:
        messages.print(f"{path}: {reason}", highlight=False)
    if results.refused:
        raise typer.Exit(1)


@app.command("eval")
def evaluate(
    folder: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="Recordings with their true transcripts beside them.")
    ],
    truth: Annotated[
        Path | None, typer.Option(help="Folder of the true transcripts; without it, the same folder.")
    ] = None,
    model: Model = "",
    language: Language = "",
    as_json: AsJson = False,
) -> None:
    """Measure a model on labelled calls: CER and WER per language and channel."""
    from infra.jobs import speech

    report = speech.evaluate_folder(_hub(model), folder, truth or folder, language)
    answer(
        report, as_json=as_json, render=lambda: grid(("condition", "calls", "CER %", "WER %"), speech.rows_of(report))
    )


@app.command("train-demo-model")
def train_demo_model(
    out: Annotated[Path, typer.Option(help="Where the model goes.")] = Path("stt/demo_model"),
    work: Annotated[
        Path, typer.Option(help="Where corpus and checkpoints go; an interrupted training goes on from there.")
    ] = Path(".hub/training"),
    steps: Annotated[int, typer.Option(min=1)] = 6_000,
    seed: int = 7,
) -> None:
    """Train the demo speech model on synthetic speech (needs the extra `train`)."""
    from infra.jobs import speech

    speech.train_demo_model(out, work, steps=steps, seed=seed)


def _hub(model: str) -> Hub:
    hub = current_hub()
    if not model:
        return hub
    speech = hub.settings.speech.model_copy(update={"model": model})
    return Hub(hub.settings.model_copy(update={"speech": speech}))
