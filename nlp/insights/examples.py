"""What sentences are like: linear models over their traits, one a kind of fact, fitted to the example files.

``hub nlp train`` keeps the fitted models in this room. Where examples, lexicon or code changed since, they are fitted when first asked
(half a minute), so a new example counts at once. A kind's sentences are examples of ``none`` for others, see ``KINDS``.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from nlp import data_files
from nlp.insights import kept
from nlp.insights.denials import denied, without
from nlp.insights.knowledge import load_insights
from nlp.insights.meanings import Meanings
from nlp.insights.traits import Lemma, Traits, content_of, language_of, lemmas_of, plain, traits

NONE = "none"
MIN_LETTERS = 4
COST = 0.5
"""What a wrong example costs the support vector machine, against the size of its weights."""
TOLERANCE = 0.03
MEANING_WEIGHT = 1.5
FEWEST = 3
"""Examples that must show a trait: what fewer show tells nothing."""
WEIGHTS = Path(__file__).parent / "weights"
LANGUAGES = ("ko", "en")
_MADE_FROM = ("examples", "traits", "meanings", "sound", "lexicon", "denials")
_LOG = logging.getLogger(__name__)
KNOWN = 0.5
"""Share of an English sentence's words that the examples must know: what is no English at all is like nothing."""
_OF_LIFE = re.compile(
    "이사|집|아파트|입주|전세|결혼|신혼|유학|퇴직|은퇴|태어|회사를|moved|married|wedding|baby|retiring|abroad|house|home|apartment|place|employer"
)
"""A wish that tells of a life event, too, is no example of none."""


class Kind(msgspec.Struct, frozen=True):
    """A kind of fact that examples tell: its file, the kinds whose sentences are none of it, and their labels that may be."""

    file: str
    others: tuple[str, ...]
    may_be: frozenset[str] = frozenset()
    every: int = 1
    """Of the other kinds' sentences every so many-th is taken: they are many, and more of them tell little more."""


KINDS = {
    "intent": Kind("intent_examples", ("life_event",)),
    "life_event": Kind("life_event_examples", ("intent",), every=3),
    "complaint": Kind("complaint_examples", ("intent", "life_event"), frozenset({"complaint"}), every=3),
    "churn_cue": Kind(
        "churn_cue_examples", ("intent", "life_event", "fraud_cue"), frozenset({"complaint", "deposit_cancel"}), every=3
    ),
    "fraud_cue": Kind(
        "fraud_cue_examples",
        ("intent", "life_event", "churn_cue"),
        frozenset({"fraud_report", "unknown_payment"}),
        every=3,
    ),
}
Scores = dict[str, float]
"""Label -> how like its examples a sentence is: about 1 for an example itself, -1 for what is nothing like it."""


class _Space(msgspec.Struct, frozen=True):
    """Group -> trait -> its place, and how rare the trait at a place is."""

    places: dict[str, dict[str, int]]
    rarity: Any


class _Model(msgspec.Struct, frozen=True):
    """A language's space of traits and the weights of every kind's labels in it, columns side by side."""

    space: _Space
    meanings: Meanings | None
    words: frozenset[str]
    columns: dict[str, tuple[int, tuple[str, ...]]]
    weights: Any


class _Example(msgspec.Struct, frozen=True):
    kind: str
    label: str
    text: str
    is_of_life: bool


def likeness(sentence: str, concepts: Iterable[str] = ()) -> Mapping[str, Scores]:
    """Return for every kind of fact how like its labels a sentence is; empty where a sentence is too short or no language."""
    text = plain(sentence)
    if len(text) < MIN_LETTERS:
        return {}
    return _likeness(text, tuple(sorted(concepts)))


def labels(kind: str) -> frozenset[str]:
    """Return the labels that the examples of a kind speak of."""
    document = data_files.load(f"insights/{KINDS[kind].file}.yaml")
    return frozenset({*document["ko"], *document["en"]} - {NONE})


@lru_cache(maxsize=4_096)
def _likeness(text: str, concepts: tuple[str, ...]) -> Mapping[str, Scores]:
    language = language_of(text)
    model = _model(language)
    lemmas = lemmas_of(text) if language == "ko" else []
    words = text.split()
    if language == "en" and sum(word in model.words for word in words) < KNOWN * len(words):
        return {}
    places, values = _row(model.space, traits(text, language, lemmas, concepts))
    if not places:
        return {}
    scores = values.astype(np.float32) @ model.weights[places] + model.weights[-1]
    if model.meanings is not None:
        place = model.meanings.place(content_of(lemmas)) * MEANING_WEIGHT
        scores = scores + place @ model.weights[-1 - len(place) : -1]
    return {
        kind: dict(zip(names, map(float, scores[first : first + len(names)]), strict=True))
        for kind, (first, names) in model.columns.items()
    }


def _row(space: _Space, found: Traits) -> tuple[list[int], Any]:
    """Return the places and weights of a sentence's known traits; those of a group have length 1."""
    columns: list[int] = []
    weights: list[Any] = []
    for group, names in found.items():
        known = space.places[group]
        counts = Counter(place for name in names if (place := known.get(name)) is not None)
        if counts:
            here = np.fromiter(counts, np.int64, len(counts))
            weight = (1.0 + np.log(np.fromiter(counts.values(), np.float64, len(counts)))) * space.rarity[here]
            columns.extend(counts)
            weights.append(weight / np.sqrt(weight @ weight))
    return columns, np.concatenate(weights) if weights else np.zeros(0)


def _matrix(found: list[Traits]) -> tuple[_Space, Any]:
    """Return the space that the traits of all examples span, and their rows in it."""
    from scipy.sparse import csr_matrix

    groups = list(found[0])
    places: dict[str, dict[str, int]] = {group: {} for group in groups}
    first, columns, rows, sets = 0, [], [], []
    for number, group in enumerate(groups):
        known = places[group]
        ids = [[known.setdefault(name, first + len(known)) for name in one[group]] for one in found]
        first += len(known)
        sizes = np.fromiter(map(len, ids), np.int64, len(ids))
        columns.append(np.fromiter((place for one in ids for place in one), np.int64, int(sizes.sum())))
        rows.append(np.repeat(np.arange(len(found)), sizes))
        sets.append(np.full(int(sizes.sum()), number))
    keys = np.concatenate(rows) * first + np.concatenate(columns)
    keys, index, counts = np.unique(keys, return_index=True, return_counts=True)
    row, column, group_of = keys // first, keys % first, np.concatenate(sets)[index]
    rarity = np.log((1 + len(found)) / (1 + np.bincount(column, minlength=first))) + 1
    weight = (1.0 + np.log(counts)) * rarity[column]
    length = np.sqrt(np.bincount(row * len(groups) + group_of, weights=weight * weight))
    weight = weight / length[row * len(groups) + group_of]
    return _without_rare(_Space(places, rarity), csr_matrix((weight, (row, column)), shape=(len(found), first)))


def _without_rare(space: _Space, matrix: Any) -> tuple[_Space, Any]:  # noqa: ANN401
    shown = np.bincount(matrix.indices, minlength=matrix.shape[1])
    known = np.flatnonzero(shown >= min(FEWEST, shown.max(initial=0)))
    moved = np.full(matrix.shape[1], -1)
    moved[known] = np.arange(len(known))
    places = {
        group: {name: int(moved[place]) for name, place in names.items() if moved[place] >= 0}
        for group, names in space.places.items()
    }
    return _Space(places, space.rarity[known]), matrix[:, known]


@cache
def _model(language: str) -> _Model:
    mark = mark_of(language)
    arrays = kept.read(WEIGHTS / f"{language}.npz", mark)
    if arrays is not None:
        return _unpacked(arrays)
    _LOG.warning("examples, lexicon or code changed: fitting the models (%s); `hub nlp train` keeps them", language)
    return _fitted(language)


def train(folder: Path = WEIGHTS) -> dict[str, int]:
    """Fit the models of every language and keep them; returns how many traits each has."""
    counts = {}
    for language in LANGUAGES:
        model = _fitted(language)
        kept.write(folder / f"{language}.npz", _packed(model), mark_of(language))
        counts[language] = len(model.space.rarity)
    _model.cache_clear()
    _likeness.cache_clear()
    return counts


def mark_of(language: str) -> str:
    """Return what changes with anything that a language's models are made from."""
    digest = hashlib.blake2b(language.encode(), digest_size=8)
    names = [*(kind.file for kind in KINDS.values()), "concepts", "products", "competitors"]
    files = [data_files.DATA / "insights" / f"{name}.yaml" for name in names]
    for path in (*files, *(Path(__file__).parent / f"{name}.py" for name in _MADE_FROM)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _packed(model: _Model) -> dict[str, Any]:
    traits_end = len(model.space.rarity)
    weights, scale = kept.in_whole_numbers(model.weights[:traits_end])
    columns = [f"{kind}\t{first}\t{','.join(names)}" for kind, (first, names) in model.columns.items()]
    arrays = {
        "groups": kept.pack_text(list(model.space.places)),
        "rarity": model.space.rarity.astype(np.float16),
        "words": kept.pack_text(sorted(model.words)),
        "columns": kept.pack_text(columns),
        "weights": weights,
        "scale": scale,
        "rest": model.weights[traits_end:],
    }
    for number, names in enumerate(model.space.places.values()):
        arrays[f"traits_{number}"] = kept.pack_text(list(names))
        arrays[f"places_{number}"] = np.fromiter(names.values(), np.int32, len(names))
    return arrays if model.meanings is None else {**arrays, **model.meanings.arrays()}


def _unpacked(arrays: dict[str, Any]) -> _Model:
    places = {
        group: dict(
            zip(kept.unpack_text(arrays[f"traits_{number}"]), arrays[f"places_{number}"].tolist(), strict=False)
        )
        for number, group in enumerate(kept.unpack_text(arrays["groups"]))
    }
    columns = {}
    for line in kept.unpack_text(arrays["columns"]):
        kind, first, names = line.split("\t")
        columns[kind] = (int(first), tuple(names.split(",")))
    weights = np.vstack([arrays["weights"].astype(np.float32) * arrays["scale"], arrays["rest"]])
    return _Model(
        _Space(places, arrays["rarity"].astype(np.float32)),
        Meanings.of_arrays(arrays) if "landmarks" in arrays else None,
        frozenset(kept.unpack_text(arrays["words"])),
        columns,
        weights.astype(np.float32),
    )


def _fitted(language: str) -> _Model:
    from scipy.sparse import csr_matrix, hstack

    examples = [example for kind in KINDS for example in _examples(kind, language)]
    texts = [plain(example.text) for example in examples]
    lemmas: list[list[Lemma]] = [lemmas_of(text) if language == "ko" else [] for text in texts]
    lexicon = load_insights().lexicon
    space, matrix = _matrix(
        [
            traits(text, language, forms, sorted(lexicon.find(example.text, errors=False)))
            for example, text, forms in zip(examples, texts, lemmas, strict=True)
        ]
    )
    meanings = None
    if language == "ko":
        content = [content_of(forms) for forms in lemmas]
        meanings = Meanings(content)
        places = np.array([meanings.place(one) for one in content]) * MEANING_WEIGHT
        matrix = hstack([matrix, csr_matrix(places)]).tocsr()
    columns, weights = _fit(matrix, examples)
    words = frozenset(word for text in texts for word in text.split())
    return _Model(space, meanings, words, columns, weights)


def _fit(matrix: Any, examples: list[_Example]) -> tuple[dict[str, tuple[int, tuple[str, ...]]], Any]:  # noqa: ANN401
    from sklearn.svm import LinearSVC

    columns: dict[str, tuple[int, tuple[str, ...]]] = {}
    weights: list[Any] = []
    for kind in KINDS:
        own = [(row, label) for row, one in enumerate(examples) if one.kind == kind and (label := _label(one, kind))]
        others = [(row, label) for row, one in enumerate(examples) if one.kind != kind and (label := _label(one, kind))]
        wanted = own + others[:: KINDS[kind].every]
        if len({label for _, label in wanted}) < 2:
            continue
        machine = LinearSVC(C=COST, tol=TOLERANCE, random_state=0)
        machine.fit(matrix[[row for row, _ in wanted]], [label for _, label in wanted])
        names = tuple(map(str, machine.classes_))
        columns[kind] = (sum(len(known) for _, known in columns.values()), names)
        fitted = np.vstack([machine.coef_.T, machine.intercept_[None]])
        weights.append(np.hstack([-fitted, fitted]) if len(names) == 2 else fitted)
    return columns, np.hstack(weights).astype(np.float32)


def _label(example: _Example, kind: str) -> str:
    """Return what an example is an example of for a kind, empty where it is of nothing."""
    if example.kind == kind:
        return example.label
    if example.kind not in KINDS[kind].others or example.label in {NONE, *KINDS[kind].may_be}:
        return ""
    return "" if example.is_of_life and kind in ("intent", "life_event") else NONE


def _examples(kind: str, language: str) -> Iterator[_Example]:
    document: dict[str, list[str]] = data_files.load(f"insights/{KINDS[kind].file}.yaml")[language]
    for label, texts in document.items():
        for text in texts:
            yield _Example(kind, label, without(text, denied(text)), bool(_OF_LIFE.search(text)))
