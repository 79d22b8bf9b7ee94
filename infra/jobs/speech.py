"""Speech work for the command line: transcribe files, measure a model, train the demo model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from hub.records import Transcript
from infra.wiring import Hub


class Transcribed(msgspec.Struct, frozen=True):
    """Transcripts as Call Analytics documents, and the files that could not be read with their reasons."""

    documents: list[dict[str, Any]]
    transcripts: list[Transcript]
    refused: list[tuple[str, str]]


def transcribe_files(hub: Hub, files: Sequence[Path], language: str = "", roles: Sequence[str] = ()) -> Transcribed:
    """Transcribe recordings together, so that short calls share batches; nothing is redacted, they are the user's own.

    Args:
        roles: whose each channel is, in order; without them, told by what is said.
    """
    from stt.audio import BadAudio
    from stt.transcriber import CallAudio

    calls = [CallAudio(path, path.stem, tuple(roles), language or None) for path in files]
    transcriber: Any = hub.transcriber
    results = list(transcriber.transcribe_many(calls))
    transcripts = [r for r in results if isinstance(r, Transcript)]
    refused = [
        (str(c.path), f"{r.reason}: {r}") for c, r in zip(calls, results, strict=True) if isinstance(r, BadAudio)
    ]
    return Transcribed([_document(hub, t) for t in transcripts], [normalise(t) for t in transcripts], refused)


def _document(hub: Hub, transcript: Transcript) -> dict[str, Any]:
    from stt.analytics import load_categories, to_call_analytics

    chosen = hub.settings.speech.categories
    categories = load_categories(Path(chosen)) if chosen else load_categories()
    readable = normalise(transcript)
    return dict(to_call_analytics(readable, hub.call_reader.facts(readable), categories))


def normalise(transcript: Transcript) -> Transcript:
    """Return a transcript in normal form: numbers in digits, fillers gone."""
    from stt.normalisation import normalise_transcript

    return normalise_transcript(transcript)


def as_text(result: Transcribed) -> str:
    """Return the turns as people read them."""
    return "\n\n".join("\n".join(_lines(t)) for t in result.transcripts)


def train_demo_model(out: Path, work: Path, *, steps: int, seed: int, start_from: Path | None = None) -> None:
    """Train the demo model on synthetic speech; goes on where it stopped, or from a finished model or a checkpoint."""
    from dataclasses import replace

    from demo.dialogues.recipe import training_sentences
    from demo.voices import speak
    from stt.training.trainer import Plan, train

    plan = Plan(steps=steps, seed=seed)
    if start_from:
        plan = replace(plan, learning_rate=6e-4, warmup_steps=150, korean_share=0.82, number_share=0.15)
    model = train(training_sentences(), speak, work, plan=plan, start_from=start_from, report=print)
    out.mkdir(parents=True, exist_ok=True)
    for file in model.iterdir():
        (out / file.name).write_bytes(file.read_bytes())


def _lines(transcript: Transcript) -> Iterator[str]:
    yield f"[{transcript.call_id}] {transcript.language}, {transcript.duration_ms / 1_000:.1f} s, model {transcript.model}"
    if transcript.warnings:
        yield f"  ({', '.join(transcript.warnings)})"
    for turn in transcript.turns:
        yield f"{turn.start_ms / 1_000:7.2f}-{turn.end_ms / 1_000:<7.2f} {turn.role:<8} {turn.text}"
