"""How good a speech model is on labelled calls, kept per model and compared; and the queue of what people should hear."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from hub.errors import Permanent
from hub.ids import content_id
from hub.records import ModelEvaluation, ReviewItem, Transcript
from infra.wiring import Hub

COLUMNS = ("lang", "role", "condition", "calls", "CER", "WER", "numbers", "keywords", "roles", "masked")
_FIELDS = ("cer", "wer", "number_recall", "keyword_recall", "role_accuracy", "redaction_recall")
_KEY = ("language", "role", "condition")
Report = dict[str, Any]


def evaluate_folder(hub: Hub, folder: Path, truth: Path, language: str = "") -> Report:
    """Score the configured model on labelled calls, and keep the result under the model's name."""
    from stt.evaluate import evaluate
    from stt.vocabulary import load_vocabulary

    vocabulary = hub.settings.speech.vocabulary
    transcriber: Any = hub.transcriber
    result = evaluate(
        folder,
        transcriber,
        truth_dir=truth if truth != folder else None,
        detect_language=not language,
        keywords=load_vocabulary(Path(vocabulary)).hotwords if vocabulary else (),
        mask=lambda transcript: _masked(hub, transcript),
    )
    report = dict(msgspec.to_builtins(result))
    hub.catalog.evaluations.save(
        ModelEvaluation(
            evaluation_id=content_id("evaluation", result.model, result.corpus),
            model=result.model,
            corpus=result.corpus,
            made_ms=hub.clock.now_ms(),
            document=msgspec.json.encode(report).decode(),
        )
    )
    return report


def _masked(hub: Hub, transcript: Transcript) -> Transcript:
    return hub.call_editor.edit(transcript).transcript


def rows_of(report: Report) -> Iterator[tuple[object, ...]]:
    """Yield the lines of the table that people see."""
    for score in report["scores"]:
        yield (*(score[name] for name in _KEY), score["calls"], *(_shown(score[name]) for name in _FIELDS))


def compare(hub: Hub, model: str, other: str, *, corpus: str = "") -> Report:
    """Return how two models scored on the same calls.

    Args:
        model: how its name begins, as transcripts cite it: ``demo``, ``large-v3``, ``base-905e5bf8``.
        other: the model it is compared with.
        corpus: of these calls; without it, the calls on which ``model`` was measured last and ``other`` too.
    Raises:
        Permanent: ``no_evaluation``.
    """
    ours = _evaluations(hub, model, corpus)
    theirs = {evaluation.corpus: evaluation for evaluation in reversed(_evaluations(hub, other, corpus))}
    for one in ours:
        two = theirs.get(one.corpus)
        if two is not None and two.model != one.model:
            return _difference(msgspec.json.decode(one.document), msgspec.json.decode(two.document))
    raise Permanent(
        f"There are no calls on which both {model} and {other} were measured; run `hub stt eval DIR --model NAME` with each.",
        reason="no_evaluation",
    )


def _evaluations(hub: Hub, model: str, corpus: str) -> list[ModelEvaluation]:
    return hub.catalog.evaluations.list(model=model, corpus=corpus or None)


def _difference(one: Report, two: Report) -> Report:
    theirs = {tuple(score[name] for name in _KEY): score for score in two["scores"]}
    calls = {call["call"]: call for call in two["by_call"]}
    both = [(call, calls[call["call"]]) for call in one["by_call"] if call["call"] in calls]
    return {
        "model": one["model"],
        "other": two["model"],
        "corpus": one["corpus"],
        "scores": [
            _side_by_side(score, theirs[key])
            for score in one["scores"]
            if (key := tuple(score[name] for name in _KEY)) in theirs
        ],
        "calls": len(both),
        "better": sum(a["wer"] < b["wer"] for a, b in both),
        "worse": sum(a["wer"] > b["wer"] for a, b in both),
        "most_worse": sorted(
            ({"call": a["call"], "wer": a["wer"], "other_wer": b["wer"]} for a, b in both if a["wer"] > b["wer"]),
            key=lambda item: item["other_wer"] - item["wer"],
        )[:10],
    }


def _side_by_side(score: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    row = {name: score[name] for name in (*_KEY, "calls")}
    for name in _FIELDS:
        row[name], row[f"other_{name}"] = score[name], other[name]
        known = score[name] is not None and other[name] is not None
        row[f"{name}_change"] = round(score[name] - other[name], 2) if known else None
    return row


def difference_rows(report: Report) -> Iterator[tuple[object, ...]]:
    """Yield the lines of the comparison: this model, the other, rate by rate."""
    for row in report["scores"]:
        cells = (f"{_shown(row[name])} ({_shown(row[f'other_{name}'])})" if _has(row, name) else "" for name in _FIELDS)
        yield (*(row[name] for name in _KEY), row["calls"], *cells)


def _has(row: Mapping[str, Any], name: str) -> bool:
    return row[name] is not None or row[f"other_{name}"] is not None


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def reviews(hub: Hub, *, is_done: bool = False, reason: str = "", limit: int = 100) -> list[ReviewItem]:
    """Return what waits for a person's ear, oldest first."""
    return hub.catalog.reviews.list(is_done=is_done, reason=reason or None, limit=limit)


def finish_review(hub: Hub, review_id: str, note: str) -> None:
    """Note what a person heard."""
    hub.catalog.reviews.done(review_id, note, hub.clock.now_ms())
