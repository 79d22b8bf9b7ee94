"""Sentiment per turn, per quarter and of the whole call, from the facts that a reader found."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from hub.records import CallFact, Turn
from stt.analytics.conversation import Conversation

LABELS = frozenset({"POSITIVE", "NEGATIVE", "NEUTRAL", "MIXED"})
_SCORES = {"POSITIVE": 5.0, "NEGATIVE": -5.0}
_EXTREME = 5.0
_QUARTERS = 4

Json = dict[str, Any]


class Sentiment(NamedTuple):
    """How a turn sounds: a label, and a score from -5 to 5."""

    label: str
    score: float


_NEUTRAL = Sentiment("NEUTRAL", 0.0)


def sentiments_of(turns: Sequence[Turn], facts: Iterable[CallFact]) -> dict[int, Sentiment]:
    """Return one sentiment per turn, by turn id; nothing where no reader looked for any.

    A turn that the reader said nothing about is neutral.
    """
    found = {fact.turn_id: _sentiment(fact) for fact in facts if fact.kind == "sentiment"}
    return {turn.turn_id: found.get(turn.turn_id, _NEUTRAL) for turn in turns} if found else {}


def _sentiment(fact: CallFact) -> Sentiment:
    label = fact.label.upper() if fact.label.upper() in LABELS else "NEUTRAL"
    try:
        score = float(fact.value)
    except ValueError:
        score = _SCORES.get(label, 0.0)
    return Sentiment(label, 0.0 if math.isnan(score) else max(-_EXTREME, min(_EXTREME, score)))


def sentiment_of_call(conversation: Conversation, sentiments: Mapping[int, Sentiment]) -> Json:
    """Return ``OverallSentiment`` and ``SentimentByPeriod``.

    A participant's score is the mean of their turns'. Their quarters reach from the start of the call to the end of their
    last turn, as in Call Analytics; a turn counts in the quarter of its middle, and a quarter of silence scores 0.
    """
    turns = {role: [t for t in conversation.turns if t.role == role] for role in conversation.roles}
    return {
        "OverallSentiment": {role: _mean([sentiments[t.turn_id].score for t in own]) for role, own in turns.items()},
        "SentimentByPeriod": {"QUARTER": {role: _quarters(own, sentiments) for role, own in turns.items()}},
    }


def _quarters(turns: Sequence[Turn], sentiments: Mapping[int, Sentiment]) -> list[Json]:
    end = max(turn.end_ms for turn in turns)
    edges = [end * quarter // _QUARTERS for quarter in range(_QUARTERS + 1)]
    scores: list[list[float]] = [[] for _ in range(_QUARTERS)]
    for turn in turns:
        middle = (turn.start_ms + turn.end_ms) // 2
        quarter = sum(middle >= edge for edge in edges[1:_QUARTERS])
        scores[quarter].append(sentiments[turn.turn_id].score)
    return [
        {"Score": _mean(found), "BeginOffsetMillis": begin, "EndOffsetMillis": over}
        for found, begin, over in zip(scores, edges[:-1], edges[1:], strict=True)
    ]


def _mean(scores: Sequence[float]) -> float:
    return round(sum(scores) / len(scores), 1) if scores else 0.0
