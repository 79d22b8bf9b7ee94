"""Rules and examples together: what a sentence is most like, a rule that holds speaking for its label."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from nlp.insights.examples import NONE, Scores


class Scale(msgspec.Struct, frozen=True):
    """How far a kind's rules count, and the score from which a label is said to hold."""

    rule: float
    least: float
    beside: float = 9.0
    """From this score on a second label holds beside the likeliest."""
    handicap: float = 0.0
    """How far ``none`` may be ahead of a label that yet holds: few sentences are no wish, so none has most examples."""


SCALES = {
    "intent": Scale(rule=0.3, least=0.3, beside=0.5),
    "life_event": Scale(rule=2.0, least=-0.2, beside=0.3, handicap=0.2),
    "complaint": Scale(rule=0.5, least=-0.3, handicap=0.3),
    "churn_cue": Scale(rule=0.8, least=0.0, handicap=0.1),
    "fraud_cue": Scale(rule=2.0, least=-0.1, handicap=0.2),
}
AT_LEAST = -0.5
"""The likeliest wish of a call in which none is likely: few callers want nothing."""
LEAST_SURE, SURE, MOST_SURE = 0.5, 0.7, 0.95


class Verdict(msgspec.Struct, frozen=True):
    """A label, how like it the sentence is with its rule counted, and whether it holds."""

    label: str
    score: float
    holds: bool

    @property
    def confidence(self) -> float:
        """Return the score as a confidence."""
        return round(max(LEAST_SURE, min(MOST_SURE, SURE + 0.15 * self.score)), 3)


def verdicts(kind: str, sentence: Scores, around: Scores, ruled: Collection[str], favour: float = 0.0) -> list[Verdict]:
    """Return the labels that are likelier than none, the likeliest first.

    ``around`` is what the sentence is like with its neighbours in the turn; ``ruled`` are labels that a rule gives it.
    ``favour`` speaks for every label against none. Labels that no example speaks of hold where a rule does.
    """
    scale = SCALES[kind]
    scores = _mixed(sentence, around)
    unknown = [Verdict(label, scale.least + scale.rule, True) for label in sorted(set(ruled) - scores.keys())]
    counted = {label: score + favour + (scale.rule if label in ruled else 0.0) for label, score in scores.items()}
    none = counted.pop(NONE, favour - 1.0) - favour
    likelier = sorted(
        ((score, label) for label, score in counted.items() if score > none - scale.handicap), reverse=True
    )
    return unknown + [
        Verdict(label, score, score >= (scale.beside if place else scale.least))
        for place, (score, label) in enumerate(likelier)
    ]


def _mixed(sentence: Scores, around: Scores) -> Mapping[str, float]:
    if not sentence or not around:
        return sentence
    return {label: (score + around[label]) / 2 for label, score in sentence.items()}
