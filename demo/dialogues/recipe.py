"""The sentences that the demo speech model learns from."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from demo.dialogues.grammar import Sentence, sentences


class Portion(NamedTuple):
    """A stretch of one stream of sentences; ``wanted`` of them, the shares as in ``sentences``."""

    seed: int
    wanted: int
    salad: float
    open_share: float
    wide_share: float = 0.0
    scene_share: float = 0.0

    def sentences(self, language: str) -> Iterator[Sentence]:
        """Yield its sentences."""
        shares = {"open_share": self.open_share, "wide_share": self.wide_share, "scene_share": self.scene_share}
        return sentences(self.seed, language, self.wanted, self.salad, **shares)


PORTIONS = {
    "ko": (
        Portion(101, 25_000, 0.10, 0.5),
        Portion(202, 12_000, 0.10, 0.5),
        Portion(303, 25_000, 0.08, 0.55),
        Portion(404, 16_000, 0.03, 0.87),
        Portion(505, 16_000, 0.03, 0.87),
        Portion(606, 62_000, 0.02, 0.08, 0.78),
        Portion(707, 30_000, 0.0, 0.0, 0.0, 1.0),
    ),
    "en": (Portion(202, 15_000, 0.10, 0.5), Portion(303, 9_000, 0.08, 0.55)),
}


def training_sentences() -> dict[str, Iterator[Sentence]]:
    """Return the sentences of each language; most are beyond the bank's own templates."""
    return {
        language: chain.from_iterable(portion.sentences(language) for portion in portions)
        for language, portions in PORTIONS.items()
    }
