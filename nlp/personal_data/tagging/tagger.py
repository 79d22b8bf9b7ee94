"""Finding values with the trained weights: a conditional random field over the units of a text (CRFsuite)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import pycrfsuite

from hub.errors import Misconfigured
from nlp.personal_data.tagging.features import features
from nlp.personal_data.tagging.units import Unit, units

WEIGHTS = Path(__file__).parent / "weights" / "tags.crfsuite"
OUTSIDE = "O"
KINDS = ("PERSON", "ADDRESS", "SECRET")


class Tagged(NamedTuple):
    """A value, text[start:end], and how probable its least probable unit is."""

    kind: str
    start: int
    end: int
    probability: float


def begin(kind: str) -> str:
    """Return the tag of a value's first unit."""
    return f"B-{kind}"


def inside(kind: str) -> str:
    """Return the tag of a value's other units."""
    return f"I-{kind}"


class Tagger:
    """Finds values; may be shared by threads."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        """Open the weights. Raises Misconfigured where there are none."""
        if not path.is_file():
            raise Misconfigured(f"There are no weights in {path.name}: run `hub pii train`", reason="no_tagger")
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open(str(path))
        self._guard = Lock()

    def find(self, text: str) -> list[Tagged]:
        """Return the values of a text in order."""
        cut = units(text)
        if not any(unit.kind in "HLC" for unit in cut):
            return []
        rows = features(text, cut)
        with self._guard:
            tags = self._tagger.tag(rows)
            chances = [1.0 if tag == OUTSIDE else self._tagger.marginal(tag, i) for i, tag in enumerate(tags)]
        return list(_values(cut, tags, chances))


def _values(cut: Sequence[Unit], tags: Sequence[str], chances: Sequence[float]) -> Iterator[Tagged]:
    at = 0
    while at < len(tags):
        if tags[at] == OUTSIDE:
            at += 1
            continue
        kind = tags[at][2:]
        end = at + 1
        while end < len(tags) and tags[end] == inside(kind):
            end += 1
        yield Tagged(kind, cut[at].start, cut[end - 1].end, min(chances[at:end]))
        at = end


@lru_cache(maxsize=1)
def load_tagger() -> Tagger:
    """Return the tagger of a process."""
    return Tagger()


@lru_cache(maxsize=64)
def tagged(text: str) -> tuple[Tagged, ...]:
    """Return the values of a text; the detectors of all kinds ask for the same text in turn."""
    return tuple(load_tagger().find(text))
