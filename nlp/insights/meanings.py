"""Which Korean words mean alike: Kiwi's language model knows that 융자 is like 대출, though no example says it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

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


def _knows(lemma: Lemma) -> bool:
    try:
        load_kiwi().morpheme_similarity(lemma, lemma)
    except ValueError:
        return False
    return True
