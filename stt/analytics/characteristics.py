"""``ConversationCharacteristics``: what the whole call was like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hub.clock import MINUTE_MS
from stt.analytics.conversation import Conversation
from stt.analytics.sentiments import Sentiment, sentiment_of_call
from stt.intervals import Interval, total_ms

Json = dict[str, Any]


def characteristics(conversation: Conversation, sentiments: Mapping[int, Sentiment]) -> Json:
    """Return the characteristics; ``Sentiment`` only where turns have one, ``Overlap`` is a name of ours."""
    talk = {role: total_ms(spoken) for role, spoken in conversation.speech.items()}
    found: Json = {
        "TotalConversationDurationMillis": conversation.duration_ms,
        "TalkTime": {
            "TotalTimeMillis": sum(talk.values()),
            "DetailsByParticipant": {role: {"TotalTimeMillis": spoken} for role, spoken in talk.items()},
        },
        "NonTalkTime": _timed(conversation.non_talk),
        "Interruptions": _interruptions(conversation),
        "Overlap": _timed(conversation.overlaps),
        "TalkSpeed": {
            "DetailsByParticipant": {
                role: {"AverageWordsPerMinute": _words_per_minute(conversation, role, spoken)}
                for role, spoken in talk.items()
            }
        },
    }
    if sentiments:
        found["Sentiment"] = sentiment_of_call(conversation, sentiments)
    return found


def _timed(intervals: Iterable[Interval]) -> Json:
    instances = [_instance(begin, end) for begin, end in intervals]
    return {"TotalTimeMillis": sum(i["DurationMillis"] for i in instances), "Instances": instances}


def _instance(begin: int, end: int) -> Json:
    return {"BeginOffsetMillis": begin, "EndOffsetMillis": end, "DurationMillis": end - begin}


def _interruptions(conversation: Conversation) -> Json:
    by_role: dict[str, list[Json]] = {}
    for role, begin, end in sorted(conversation.interruptions):
        by_role.setdefault(role, []).append(_instance(begin, end))
    return {
        "TotalCount": sum(map(len, by_role.values())),
        "TotalTimeMillis": sum(i["DurationMillis"] for instances in by_role.values() for i in instances),
        "InterruptionsByInterrupter": by_role,
    }


def _words_per_minute(conversation: Conversation, role: str, spoken_ms: int) -> int:
    words = sum(len(turn.words) or len(turn.text.split()) for turn in conversation.turns if turn.role == role)
    return round(words * MINUTE_MS / spoken_ms) if spoken_ms else 0
