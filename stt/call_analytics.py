"""A transcript in the JSON names of Amazon Transcribe Call Analytics.

Source: https://docs.aws.amazon.com/transcribe/latest/dg/tca-output-post-call.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hub.clock import MINUTE_MS
from hub.records import Transcript, Turn, Word
from stt.intervals import Interval, intersect, merge, total_ms

_INTERRUPTION_MS = 300
"""Shorter overlaps are listening noises, not interruptions."""

Json = dict[str, Any]


def to_call_analytics(transcript: Transcript) -> Json:
    """Return the JSON document of one call: its turns and the characteristics of the conversation."""
    return {
        "JobStatus": "COMPLETED",
        "JobName": transcript.call_id,
        "LanguageCode": transcript.language,
        "Channel": "VOICE",
        "Participants": [{"ParticipantRole": role} for role in _roles(transcript)],
        "Transcript": [_turn(turn) for turn in transcript.turns],
        "ConversationCharacteristics": _characteristics(transcript),
        "Warnings": list(transcript.warnings),
    }


def _turn(turn: Turn) -> Json:
    return {
        "Id": str(turn.turn_id),
        "ParticipantRole": turn.role,
        "Content": turn.text,
        "BeginOffsetMillis": turn.start_ms,
        "EndOffsetMillis": turn.end_ms,
        "Confidence": turn.confidence,
        "Items": [_item(word) for word in turn.words],
    }


def _item(word: Word) -> Json:
    return {
        "Type": "pronunciation",
        "Content": word.text,
        "BeginOffsetMillis": word.start_ms,
        "EndOffsetMillis": word.end_ms,
        "Confidence": f"{word.probability:.4f}",
    }


def _characteristics(transcript: Transcript) -> Json:
    speech = {role: _speech(transcript.turns, role) for role in _roles(transcript)}
    return {
        "TotalConversationDurationMillis": transcript.duration_ms,
        "TalkTime": {
            "TotalTimeMillis": total_ms(merge([i for intervals in speech.values() for i in intervals])),
            "DetailsByParticipant": {
                role: {"TotalTimeMillis": total_ms(intervals)} for role, intervals in speech.items()
            },
        },
        "NonTalkTime": _non_talk_time(transcript, merge([i for intervals in speech.values() for i in intervals])),
        "Interruptions": _interruptions(transcript.turns),
        "TalkSpeed": {
            "DetailsByParticipant": {
                role: {"AverageWordsPerMinute": _words_per_minute(transcript.turns, role)} for role in speech
            }
        },
    }


def _roles(transcript: Transcript) -> list[str]:
    return sorted({turn.role for turn in transcript.turns})


def _speech(turns: Sequence[Turn], role: str) -> list[Interval]:
    return merge([(turn.start_ms, turn.end_ms) for turn in turns if turn.role == role])


def _words_per_minute(turns: Sequence[Turn], role: str) -> int:
    spoken_ms = total_ms(_speech(turns, role))
    words = sum(len(turn.words) or len(turn.text.split()) for turn in turns if turn.role == role)
    return round(words * MINUTE_MS / spoken_ms) if spoken_ms else 0


def _non_talk_time(transcript: Transcript, speech: Sequence[Interval]) -> Json:
    bounds = [0, *(edge for interval in speech for edge in interval), transcript.duration_ms]
    silences = [(begin, end) for begin, end in zip(bounds[::2], bounds[1::2], strict=True) if end > begin]
    return {
        "TotalTimeMillis": total_ms(silences),
        "Instances": [
            {"BeginOffsetMillis": begin, "EndOffsetMillis": end, "DurationMillis": end - begin}
            for begin, end in silences
        ],
    }


def _interruptions(turns: Sequence[Turn]) -> Json:
    """Count turns that begin while the other speaker is in the middle of theirs, by who began."""
    found: dict[str, list[Interval]] = {}
    for turn in turns:
        others = [t for t in turns if t.role != turn.role and t.start_ms < turn.start_ms < t.end_ms]
        overlap = [intersect((turn.start_ms, turn.end_ms), (other.start_ms, other.end_ms)) for other in others]
        longest = max(overlap, key=lambda interval: interval[1] - interval[0], default=(0, 0))
        if longest[1] - longest[0] >= _INTERRUPTION_MS:
            found.setdefault(turn.role, []).append(longest)
    return {
        "TotalCount": sum(len(intervals) for intervals in found.values()),
        "TotalTimeMillis": sum(total_ms(intervals) for intervals in found.values()),
        "InterruptionsByInterrupter": {
            role: [
                {"BeginOffsetMillis": begin, "EndOffsetMillis": end, "DurationMillis": end - begin}
                for begin, end in intervals
            ]
            for role, intervals in sorted(found.items())
        },
    }
