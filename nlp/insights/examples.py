"""What no rule catches, by likeness to examples: a linear model over letters, sounds and words, fitted to data files at loading.

The files are small (a thousand sentences), the fit is one linear system and takes a fraction of a second, so no weights
are kept: a new example counts at once. Examples of another file are examples of ``none``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from nlp import data_files
from nlp.insights.sound import sound

NONE = "none"
MIN_LETTERS, MAX_CHARS = 4, 400
RIDGE = 1.0
KNOWN = 0.5
"""Share of an English sentence's words that the examples must know: what is no English at all is like nothing."""
FILES = {"intent": "intent_examples", "life_event": "life_event_examples"}
_HANGUL = re.compile("[가-힣]")
_OF_LIFE = re.compile(
    "이사|집|아파트|입주|전세|결혼|신혼|유학|퇴직|은퇴|태어|회사를|moved|married|wedding|baby|retiring|abroad|house|home|apartment|place|employer"
)
"""A wish that tells of a life event, too, is no example of none."""
_DIGITS = re.compile(r"\d+")
_SPACES = re.compile(r"\W+")
_MASK = re.compile(r"\[[A-Z_]+\]")


class Likeness(NamedTuple):
    """The label a sentence is most like; ``score`` is 1 for an example itself, -1 for what is like none."""

    label: str
    score: float
    ahead: float = 0.0


class _Model(NamedTuple):
    features: Any
    classes: tuple[str, ...]
    weights: Any


def likeliest(kind: str, sentence: str, rivals: Iterable[str] = ()) -> Likeness:
    """Return what a sentence is most like; the label ``none`` where it is like nothing of the kind.

    ``rivals`` are labels that something else gave the sentence: ``ahead`` is by how much the likeliest beats them.
    """
    text = _plain(_MASK.sub(" ", sentence[:MAX_CHARS]))
    if len(text) < MIN_LETTERS:
        return Likeness(NONE, 0.0)
    language = "ko" if _HANGUL.search(text) else "en"
    model = _load(kind, language)
    row = model.features.transform([text])
    if not row.nnz or (language == "en" and _known_share(model, text) < KNOWN):
        return Likeness(NONE, 0.0)
    scores = (row @ model.weights)[0]
    best = int(scores.argmax())
    theirs = (float(scores[model.classes.index(label)]) for label in rivals if label in model.classes)
    return Likeness(model.classes[best], float(scores[best]), float(scores[best]) - max(theirs, default=-1.0))


def labels(kind: str) -> set[str]:
    """Return the labels that the examples of a kind speak of."""
    document = data_files.load(f"insights/{FILES[kind]}.yaml")
    return {*document["ko"], *document["en"]} - {NONE}


def _plain(sentence: str) -> str:
    return _DIGITS.sub("0", _SPACES.sub(" ", sentence.lower().replace("'", "").replace("’", ""))).strip()


def _known_share(model: _Model, text: str) -> float:
    known = dict(model.features.transformer_list)["words"].vocabulary_
    words = text.split()
    return sum(word in known for word in words) / max(len(words), 1)


def _as_heard(text: str) -> str:
    return " ".join(sound(word).letters or word for word in text.split())


@lru_cache(maxsize=8)
def _load(kind: str, language: str) -> _Model:
    import numpy as np

    pairs = list(_examples(kind, language))
    features = _features(language)
    matrix = features.fit_transform([text for text, _ in pairs]).astype(np.float32)
    classes = tuple(sorted({label for _, label in pairs}))
    wanted = np.full((len(pairs), len(classes)), -1.0, dtype=np.float32)
    for row, (_, label) in enumerate(pairs):
        wanted[row, classes.index(label)] = 1.0
    likeness = (matrix @ matrix.T).toarray() + RIDGE * np.eye(len(pairs), dtype=np.float32)
    return _Model(features, classes, matrix.T @ np.linalg.solve(likeness, wanted))


def _examples(kind: str, language: str) -> Any:  # noqa: ANN401 - pairs of text and label
    for other, file in FILES.items():
        document: dict[str, list[str]] = data_files.load(f"insights/{file}.yaml")[language]
        for label, texts in document.items():
            if other == kind:
                yield from ((_plain(text), label) for text in texts)
            elif label != NONE:
                yield from ((_plain(text), NONE) for text in texts if not _OF_LIFE.search(text))


def _features(language: str) -> Any:  # noqa: ANN401 - scikit-learn is untyped
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import FeatureUnion

    words = ("words", TfidfVectorizer(tokenizer=str.split, token_pattern=None, ngram_range=(1, 2), sublinear_tf=True))
    sizes = (1, 4) if language == "ko" else (3, 5)
    letters = ("letters", TfidfVectorizer(analyzer="char_wb", ngram_range=sizes, sublinear_tf=True))
    if language != "ko":
        return FeatureUnion([letters, words])
    sounds = TfidfVectorizer(preprocessor=_as_heard, analyzer="char_wb", ngram_range=(3, 6), sublinear_tf=True)
    return FeatureUnion([letters, ("sounds", sounds), words])
