"""Measuring how well text is read, and looking for personal data in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from hub.records import Finding
from infra.wiring import Hub
from nlp.evaluate import Scores
from nlp.evaluate_calls import CallScores, evaluate_calls, read_calls
from nlp.evaluate_personal_data import PersonalDataScores, evaluate_personal_data, read_texts
from nlp.personal_data.discovery import detectors

Row = tuple[Any, ...]
MOST_CONFUSIONS = 20


def score_calls(hub: Hub, file: Path) -> CallScores:
    """Score the call reader on labelled conversations (JSON lines). Raises Misconfigured for a bad file."""
    return evaluate_calls(hub.call_reader, read_calls(file))


def score_personal_data(hub: Hub, file: Path) -> PersonalDataScores:
    """Score the redactor on labelled texts (JSON lines). Raises Misconfigured for a bad file."""
    version = getattr(hub.redactor, "version", "")
    return evaluate_personal_data(hub.redactor, read_texts(file), version)


def find_personal_data(hub: Hub, text: str, language: str) -> dict[str, Any]:
    """Return the kinds and places of personal data in a text and the masked text; the values are not repeated."""
    findings: list[Finding] = hub.redactor.find(text, language)
    return {"findings": msgspec.to_builtins(findings), "masked": hub.redactor.redact(text, language)}


def list_detectors(hub: Hub) -> dict[str, Any]:
    """Return the detectors of personal data, what each looks for, where it is defined and what a text must hold for it."""
    listed = [
        {"detector": d.name, "kinds": list(d.kinds), "module": d.module, "needs": d.needs.pattern if d.needs else ""}
        for d in detectors(hub.settings.privacy.detectors)
    ]
    return {"version": getattr(hub.redactor, "version", ""), "detectors": listed}


def train_call_reader() -> dict[str, int]:
    """Fit what callers mean to the examples and keep the weights; returns how many traits each language has."""
    from nlp.insights.examples import train

    return train()


def train_tagger(out: Path | None, seed: int) -> dict[str, int]:
    """Train the tagger of names, addresses and secrets and write its weights; returns from how many texts and values."""
    from nlp.personal_data.tagging.tagger import WEIGHTS
    from nlp.personal_data.tagging.training import train

    return train(out or WEIGHTS, seed)


def class_rows(scores: Scores, kind: str = "") -> list[Row]:
    """Return a line per class and the averages, as tables show them."""
    rows: list[Row] = [(kind, c.label, *_rounded(c.precision, c.recall, c.f1), c.support) for c in scores.classes]
    return [*rows, (kind, "macro average", "", "", *_rounded(scores.macro_f1), scores.rows)]


def confusion_rows(scores: Scores, kind: str = "") -> list[Row]:
    """Return the most frequent confusions: what it is, what was said, how often; ``-`` for nothing."""
    return [(kind, true, said, count) for true, said, count in scores.confusions[:MOST_CONFUSIONS]]


def _rounded(*values: float) -> tuple[str, ...]:
    return tuple(f"{value:.3f}" for value in values)
