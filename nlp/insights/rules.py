"""Rules over concepts: ``loan & rate``, ``marry & !other_person`` (not in the sentence), ``!~not_yet`` (not nearby)."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from hub.errors import Misconfigured
from nlp.insights.lexicon import Hits

NEARBY_CHARS = 16


class Rule(msgspec.Struct, frozen=True):
    """Concepts that must be said, must not be said, and must not be said near the others."""

    text: str
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]
    unwanted_nearby: tuple[str, ...]

    def score(self, hits: Hits) -> float:
        """Return how surely the rule holds: its weakest concept, 0 when it does not hold."""
        if any(concept not in hits for concept in self.wanted) or any(concept in hits for concept in self.unwanted):
            return 0.0
        if any(_is_near(hits, self.wanted, concept) for concept in self.unwanted_nearby if concept in hits):
            return 0.0
        return min(max(hit.score for hit in hits[concept]) for concept in self.wanted)


def parse_rule(text: str, known: Iterable[str], file: str) -> Rule:
    """Read a rule.

    Raises:
        Misconfigured: it names a concept that concepts.yaml lacks, or wants nothing.
    """
    words = [word.strip() for word in text.split("&")]
    nearby = tuple(word[2:] for word in words if word.startswith("!~"))
    unwanted = tuple(word[1:] for word in words if word.startswith("!") and not word.startswith("!~"))
    wanted = tuple(word for word in words if not word.startswith("!"))
    unknown = sorted({*wanted, *unwanted, *nearby} - set(known))
    if unknown or not wanted:
        raise Misconfigured(
            f"Rule `{text}` in nlp/data/insights/{file}: unknown concepts {unknown}", reason="bad_data_file"
        )
    return Rule(text, wanted, unwanted, nearby)


def _is_near(hits: Hits, wanted: Iterable[str], other: str) -> bool:
    return any(
        -NEARBY_CHARS <= theirs.start - ours.end <= NEARBY_CHARS
        or -NEARBY_CHARS <= ours.start - theirs.end <= NEARBY_CHARS
        for concept in wanted
        for ours in hits[concept]
        for theirs in hits[other]
    )
