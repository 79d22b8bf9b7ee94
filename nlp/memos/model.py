"""The trained parts of the memo parser: a linear categoriser and a linear span finder, made by ``hub memo train``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from hub.errors import Misconfigured
from nlp.memos.features import hash_grams, hash_places

WEIGHTS = Path(__file__).parent / "weights"
CATEGORISER, SPANS = "categoriser.npz", "spans.npz"
NAME = 1


class Guess(NamedTuple):
    """The category a memo most probably has, how probable, and how probable every category is."""

    category: str
    probability: float
    chances: dict[str, float]


class NameSpan(NamedTuple):
    """Where a memo's counterparty stands: text[start:end]; the margin says how clearly."""

    start: int
    end: int
    margin: float


class Categoriser:
    """Multinomial logistic regression over hashed character n-grams; weights are bytes and one scale per class."""

    def __init__(self, labels: Sequence[str], weights: npt.NDArray[np.int8], scale: npt.NDArray[np.float32]) -> None:
        self.labels = tuple(labels)
        self._weights = weights
        self._scale = scale

    def save(self, path: Path) -> None:
        """Write the weights."""
        np.savez_compressed(path, labels=np.array(self.labels), weights=self._weights, scale=self._scale)

    def guess(self, texts: Sequence[str]) -> list[Guess]:
        """Return the most probable category of each text."""
        if not texts:
            return []
        grams = hash_grams(texts, len(self._weights))
        sums = np.add.reduceat(self._weights[grams.buckets], grams.starts, axis=0, dtype=np.float32)
        lengths = np.diff(np.concatenate([grams.starts, [len(grams.buckets)]]))
        scores = sums * self._scale / np.sqrt(np.maximum(lengths, 1))[:, None]
        scores -= scores.max(axis=1, keepdims=True)
        odds = np.exp(scores)
        chances = (odds / odds.sum(axis=1, keepdims=True)).tolist()
        best = odds.argmax(axis=1).tolist()
        return [
            Guess(self.labels[i], row[i], dict(zip(self.labels, row, strict=True)))
            for i, row in zip(best, chances, strict=True)
        ]


class SpanFinder:
    """Tags each character as name, branch or neither from its surroundings; the clearest run of name is the span."""

    def __init__(self, weights: npt.NDArray[np.float16]) -> None:
        self._weights = weights.astype(np.float32)

    def save(self, path: Path) -> None:
        """Write the weights."""
        np.savez_compressed(path, weights=self._weights.astype(np.float16))

    def find(self, texts: Sequence[str], marks: Sequence[bytes]) -> list[NameSpan | None]:
        """Return the counterparty's place in each text, None where there seems to be none."""
        texts = [text or " " for text in texts]
        if not texts:
            return []
        buckets = hash_places(texts, [mark or b"\0" for mark in marks], len(self._weights))
        scores = self._weights[buckets].sum(axis=1)
        others = np.delete(scores, NAME, axis=1).max(axis=1)
        margins = scores[:, NAME] - others
        ends = np.cumsum([len(text) for text in texts]).tolist()
        values = margins.tolist()
        return [_best_run(text, values[end - len(text) : end]) for text, end in zip(texts, ends, strict=True)]


def _best_run(text: str, margins: list[float]) -> NameSpan | None:
    """Return the run of characters with the largest sum of margins, without spaces at its edges."""
    best = NameSpan(0, 0, 0.0)
    start, total = 0, 0.0
    for place, margin in enumerate(margins):
        if total <= 0:
            start, total = place, 0.0
        total += min(max(margin, -4.0), 4.0)
        if total > best.margin:
            best = NameSpan(start, place + 1, total)
    if best.margin <= 0:
        return None
    inside = text[best.start : best.end]
    start = best.start + len(inside) - len(inside.lstrip())
    return NameSpan(start, start + len(inside.strip()), best.margin)


def load_categoriser(folder: Path = WEIGHTS) -> Categoriser:
    """Read the categoriser's weights.

    Raises:
        Misconfigured: there are none.
    """
    saved = _read(folder / CATEGORISER)
    return Categoriser([str(label) for label in saved["labels"]], saved["weights"], saved["scale"])


def load_span_finder(folder: Path = WEIGHTS) -> SpanFinder:
    """Read the span finder's weights.

    Raises:
        Misconfigured: there are none.
    """
    return SpanFinder(_read(folder / SPANS)["weights"])


def _read(path: Path) -> dict[str, npt.NDArray[Any]]:
    try:
        with np.load(path, allow_pickle=False) as saved:
            return dict(saved)
    except FileNotFoundError:
        raise Misconfigured(
            f"There are no weights in {path.name}: run `hub memo train`", reason="no_memo_model"
        ) from None
