"""Which Korean words mean alike: Kiwi's language model knows that 융자 is like 대출, though no example says it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from nlp.insights.kept import pack_text, unpack_text
from nlp.insights.traits import Lemma
from nlp.kiwi import load_kiwi

LANDMARKS, DIMENSIONS = 200, 128
"""A word is placed by its likeness to the commonest words of the examples; principal directions of these are kept."""


class Meanings:
    """Places sentences by what their words are like."""

    def __init__(self, texts: Sequence[set[Lemma]]) -> None:
        counts = Counter(lemma for text in texts for lemma in sorted(text))
        self._landmarks = [lemma for lemma, _ in counts.most_common(LANDMARKS * 2) if _knows(lemma)][:LANDMARKS]
        self._rarity = {lemma: float(np.log((1 + len(texts)) / (1 + count))) + 1 for lemma, count in counts.items()}
        self._rarest = float(np.log(1 + len(texts))) + 1
        likeness = np.array([self._likeness(lemma) for lemma in self._landmarks], dtype=np.float32)
        self._centre = likeness.mean(axis=0)
        _, strengths, directions = np.linalg.svd(likeness - self._centre, full_matrices=False)
        self._directions = (directions[:DIMENSIONS] / np.sqrt(strengths[:DIMENSIONS, None] + 1e-6)).T
        self._places: dict[Lemma, Any] = {}

    def arrays(self) -> dict[str, Any]:
        """Return what ``of_arrays`` makes the same places of."""
        return {
            "landmarks": pack_text([f"{form}\t{tag}" for form, tag in self._landmarks]),
            "lemmas": pack_text([f"{form}\t{tag}" for form, tag in self._rarity]),
            "lemma_rarity": np.array([*self._rarity.values(), self._rarest], dtype=np.float32),
            "centre": self._centre,
            "directions": self._directions.astype(np.float32),
        }

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Any]) -> Meanings:
        """Return places as they were kept."""
        made = cls.__new__(cls)
        made._landmarks = [_lemma(line) for line in unpack_text(arrays["landmarks"])]
        *rarity, made._rarest = arrays["lemma_rarity"].tolist()
        made._rarity = dict(zip(map(_lemma, unpack_text(arrays["lemmas"])), rarity, strict=True))
        made._centre = arrays["centre"]
        made._directions = arrays["directions"]
        made._places = {}
        return made

    def place(self, lemmas: Iterable[Lemma]) -> Any:  # noqa: ANN401 - an array of DIMENSIONS
        """Return the place of a text: the mean of its words' places, rare words weighing more; length 1 or 0."""
        total = np.zeros(self._directions.shape[1], dtype=np.float32)
        for lemma in sorted(lemmas):
            place = self._places.get(lemma)
            if place is None:
                place = self._place(lemma)
                if lemma in self._rarity:  # what examples say is kept, what callers say is not: it has no end
                    self._places[lemma] = place
            total += place * self._rarity.get(lemma, self._rarest)
        return total / max(float(np.linalg.norm(total)), 1e-9)

    def _place(self, lemma: Lemma) -> Any:  # noqa: ANN401
        likeness = self._likeness(lemma)
        if likeness is None:
            return np.zeros(self._directions.shape[1], dtype=np.float32)
        place = (np.array(likeness, dtype=np.float32) - self._centre) @ self._directions
        return place / max(float(np.linalg.norm(place)), 1e-9)

    def _likeness(self, lemma: Lemma) -> list[float] | None:
        similarity = load_kiwi().morpheme_similarity
        try:
            return [similarity(lemma, landmark) for landmark in self._landmarks]
        except ValueError:  # a word that Kiwi does not know
            return None


def _lemma(line: str) -> Lemma:
    form, _, tag = line.rpartition("\t")
    return form, tag


def _knows(lemma: Lemma) -> bool:
    try:
        load_kiwi().morpheme_similarity(lemma, lemma)
    except ValueError:
        return False
    return True
