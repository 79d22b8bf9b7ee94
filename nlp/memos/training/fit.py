"""Fit the categoriser and the span finder on examples and save their weights."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, SGDClassifier

from hub.records import Record
from nlp.memos.features import hash_grams, hash_places
from nlp.memos.model import CATEGORISER, NAME, SPANS
from nlp.memos.pipeline import RULE_COMPONENTS, build_pipeline
from nlp.memos.records import notes_of
from nlp.memos.trained import mark_characters
from nlp.memos.training.examples import Example

GRAM_BUCKETS, PLACE_BUCKETS = 1 << 15, 1 << 16
OTHER, BRANCH = 0, 2
_HELD_BACK = 20
"""Every twentieth example is held back to score the fit on."""


class Fit(Record, frozen=True, kw_only=True):
    """What a training run used and reached on the examples it held back."""

    examples: int
    labels: int
    category_accuracy: float
    span_exact: float
    seed: int


def fit_memo_models(
    examples: Sequence[Example], folder: Path, *, seed: int, on_stage: Callable[[str], None] = lambda _: None
) -> Fit:
    """Train both models and write their weights; the same examples and seed give the same weights."""
    folder.mkdir(parents=True, exist_ok=True)
    order = np.random.default_rng(seed).permutation(len(examples))
    kept = [examples[i] for i in order if i % _HELD_BACK]
    back = [examples[i] for i in order if i % _HELD_BACK == 0]
    on_stage(f"categoriser: {len(kept)} memos")
    accuracy = _fit_categoriser(kept, back, folder / CATEGORISER)
    on_stage("span finder")
    exact = _fit_spans(kept, back, folder / SPANS, seed)
    labels = len({example.category for example in examples})
    return Fit(examples=len(examples), labels=labels, category_accuracy=accuracy, span_exact=exact, seed=seed)


def _fit_categoriser(kept: Sequence[Example], back: Sequence[Example], path: Path) -> float:
    cleaned = [_text_of(example.memo) for example in kept]
    labels = sorted({example.category for example in kept})
    number = {label: i for i, label in enumerate(labels)}
    model = LogisticRegression(C=12.0, max_iter=60, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # sixty rounds are enough; more fit the noise
        model.fit(_gram_matrix(cleaned), [number[example.category] for example in kept])
    weights = model.coef_.T.astype(np.float32)
    scale = np.abs(weights).max(axis=0) / 127.0
    np.savez_compressed(
        path, labels=np.array(labels), weights=np.round(weights / scale).astype(np.int8), scale=scale.astype(np.float32)
    )
    known = [example for example in back if example.category in number]
    said = model.predict(_gram_matrix([_text_of(example.memo) for example in known]))
    return float(np.mean([number[e.category] == s for e, s in zip(known, said, strict=True)]))


def _text_of(memo: str) -> str:
    from nlp.memos.knowledge import load_knowledge

    return load_knowledge().cleaner.clean(memo).text


def _gram_matrix(texts: Sequence[str]) -> csr_matrix:
    """Return one row per text: each n-gram counts, divided by the root of how many there are."""
    grams = hash_grams(texts, GRAM_BUCKETS)
    ends = np.concatenate([grams.starts[1:], [len(grams.buckets)]])
    lengths = ends - grams.starts
    values = np.repeat(1.0 / np.sqrt(np.maximum(lengths, 1)), lengths)
    return csr_matrix(
        (values, grams.buckets, np.concatenate([[0], ends])), shape=(len(texts), GRAM_BUCKETS), dtype=np.float64
    )


def _fit_spans(kept: Sequence[Example], back: Sequence[Example], path: Path, seed: int) -> float:
    texts, marks, tags = _tagged(kept)
    buckets = hash_places(texts, marks, PLACE_BUCKETS)
    model = SGDClassifier(loss="log_loss", alpha=2e-6, max_iter=8, tol=None, random_state=seed, average=True)
    model.fit(_place_matrix(buckets), np.concatenate(tags))
    rows = {int(label): row for label, row in zip(model.classes_, model.coef_, strict=True)}
    weights = np.stack([rows[tag] for tag in (OTHER, NAME, BRANCH)], axis=1).astype(np.float32)
    bias = {int(label): value for label, value in zip(model.classes_, model.intercept_, strict=True)}
    weights += np.array([bias[tag] for tag in (OTHER, NAME, BRANCH)], dtype=np.float32) / buckets.shape[1]
    np.savez_compressed(path, weights=weights.astype(np.float16))
    return _span_score(back, weights.astype(np.float16))


def _span_score(back: Sequence[Example], weights: npt.NDArray[np.float16]) -> float:
    from nlp.memos.model import SpanFinder

    texts, marks, tags = _tagged(back)
    found = SpanFinder(weights).find(texts, marks)
    right = 0
    for span, tag in zip(found, tags, strict=True):
        place = np.flatnonzero(tag == NAME)
        said = (span.start, span.end) if span else None
        right += said == ((int(place[0]), int(place[-1]) + 1) if len(place) else None)
    return right / len(tags) if tags else 0.0


def _place_matrix(buckets: npt.NDArray[np.int64]) -> csr_matrix:
    rows, columns = buckets.shape
    return csr_matrix(
        (np.ones(rows * columns), buckets.ravel(), np.arange(0, rows * columns + 1, columns)),
        shape=(rows, PLACE_BUCKETS),
    )


def _tagged(examples: Sequence[Example]) -> tuple[list[str], list[bytes], list[npt.NDArray[np.int64]]]:
    """Return cleaned texts, what the rules mark in them, and a tag for each character."""
    texts, marks, tags = [], [], []
    nlp = build_pipeline(RULE_COMPONENTS)
    for example, doc in zip(examples, nlp.pipe([e.memo for e in examples], batch_size=512), strict=True):
        notes = notes_of(doc)
        text = notes.memo.text
        tag = _tags_of(text, example.name)
        if text and tag is not None:
            texts.append(text)
            marks.append(mark_characters(notes))
            tags.append(tag)
    return texts, marks, tags


def _tags_of(text: str, name: str) -> npt.NDArray[np.int64] | None:
    """Return the tags of a text, None where its name is not to be found in it (cut, spoiled)."""
    tag = np.zeros(len(text), dtype=np.int64)
    if not name:
        return tag
    places = [i for i, char in enumerate(text) if char != " "]
    squeezed, wanted = "".join(text[i] for i in places).upper(), name.replace(" ", "").upper()
    at = squeezed.find(wanted)
    if at < 0 or not wanted:
        return None
    start, end = places[at], places[at + len(wanted) - 1] + 1
    tag[start:end] = NAME
    rest = text[end:].strip()
    if rest.endswith("점"):
        tag[end:] = np.where(np.array([char != " " for char in text[end:]]), BRANCH, OTHER)
    return tag
