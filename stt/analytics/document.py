"""The JSON document of one call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hub.records import CallFact, Silence, Transcript, Turn, Word
from stt.analytics.categories import Category, load_categories
from stt.analytics.characteristics import characteristics
from stt.analytics.conversation import Conversation
from stt.analytics.matching import match_categories
from stt.analytics.sentiments import Sentiment, sentiments_of

_DETECTED = {"issue": "IssuesDetected", "outcome": "OutcomesDetected", "action_item": "ActionItemsDetected"}
_LANGUAGES = {"ko": "ko-KR", "en": "en-US"}
_FULL_SCALE = 100.0
"""LoudnessScores run from 0 to 100: 100 plus the level in dB relative to full scale."""

Json = dict[str, Any]


def to_call_analytics(
    transcript: Transcript,
    facts: Iterable[CallFact] = (),
    categories: Sequence[Category] | None = None,
    silences: Sequence[Silence] | None = None,
) -> Json:
    """Return the JSON document of one call.

    Args:
        transcript: in normal form; redacted, where the document leaves the vault.
        facts: what a reader found: sentiments, issues, outcomes, action items.
        categories: the rules to match; by default the catalogue that ships with the hub.
        silences: what was masked; None says that the transcript is not redacted.
    """
    known = list(facts)
    conversation = Conversation(transcript)
    sentiments = sentiments_of(transcript.turns, known)
    chosen = load_categories() if categories is None else categories
    return {
        "JobStatus": "COMPLETED",
        "JobName": transcript.call_id,
        "LanguageCode": _LANGUAGES.get(transcript.language, transcript.language),
        "Channel": "VOICE",
        "Participants": [{"ParticipantRole": role} for role in conversation.roles],
        "ContentMetadata": {"Output": "Raw"} if silences is None else {"Output": "Redacted", "RedactionTypes": ["PII"]},
        "Categories": match_categories(chosen, conversation, sentiments),
        "ConversationCharacteristics": characteristics(conversation, sentiments),
        "Transcript": _turns(transcript, known, sentiments, silences or ()),
        "Warnings": list(transcript.warnings),
    }


def _turns(
    transcript: Transcript,
    facts: Sequence[CallFact],
    sentiments: Mapping[int, Sentiment],
    silences: Sequence[Silence],
) -> list[Json]:
    tracks = {track.role: track.per_second_db for track in transcript.loudness}
    turns = []
    for turn in transcript.turns:
        found = _turn(turn)
        if tracks:
            found["LoudnessScores"] = _loudness(turn, tracks.get(turn.role, ()))
        if turn.turn_id in sentiments:
            found["Sentiment"] = sentiments[turn.turn_id].label
        found |= _detected(turn, [fact for fact in facts if fact.turn_id == turn.turn_id])
        masked = [silence for silence in silences if silence.turn_id == turn.turn_id]
        if masked:
            found["Redaction"] = {"RedactedTimestamps": [_place(s.start_ms, s.end_ms) for s in masked]}
        turns.append(found)
    return turns


def _turn(turn: Turn) -> Json:
    return {
        "Id": str(turn.turn_id),
        "ParticipantRole": turn.role,
        "Content": turn.text,
        **_place(turn.start_ms, turn.end_ms),
        "Confidence": turn.confidence,
        "Items": [_item(word) for word in turn.words],
    }


def _item(word: Word) -> Json:
    return {
        "Type": "pronunciation",
        "Content": word.text,
        **_place(word.start_ms, word.end_ms),
        "Confidence": f"{word.probability:.4f}",
    }


def _place(begin: int, end: int) -> Json:
    return {"BeginOffsetMillis": begin, "EndOffsetMillis": end}


def _loudness(turn: Turn, per_second_db: Sequence[float]) -> list[float]:
    seconds = per_second_db[turn.start_ms // 1_000 : -(-turn.end_ms // 1_000)]
    return [round(max(0.0, min(_FULL_SCALE, _FULL_SCALE + level)), 2) for level in seconds]


def _detected(turn: Turn, facts: Sequence[CallFact]) -> Json:
    """Return issues, outcomes and action items, each as the characters of the turn that say it."""
    found: dict[str, list[Json]] = {}
    for fact in facts:
        name = _DETECTED.get(fact.kind)
        if name is not None:
            begin = max(0, turn.text.find(fact.sentence)) if fact.sentence else 0
            is_there = bool(fact.sentence) and turn.text.startswith(fact.sentence, begin)
            end = begin + len(fact.sentence) if is_there else len(turn.text)
            offsets = {"CharacterOffsets": {"Begin": begin if is_there else 0, "End": end}}
            if offsets not in found.setdefault(name, []):
                found[name].append(offsets)
    return dict(found)
