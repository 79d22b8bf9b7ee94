"""Which categories a call belongs to, and where in it: the semantics of Call Analytics' rules.

Source: https://docs.aws.amazon.com/transcribe/latest/dg/tca-categories-batch.html#tca-rules-batch
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from hub.records import Turn
from stt.analytics.categories import (
    Category,
    Filter,
    InterruptionRule,
    NonTalkTimeRule,
    SentimentRule,
    TranscriptRule,
)
from stt.analytics.conversation import NON_TALK_MS, Conversation
from stt.analytics.sentiments import Sentiment
from stt.intervals import Interval, intersect
from stt.normalisation.pipeline import draft_of
from stt.normalisation.transcripts import locate

_HANGUL_ENDS = re.compile(r"[가-힣]$")
_LONG_HANGUL = re.compile(r"[가-힣]{4,}")
"""Compounds that recognisers write in one word or two; in shorter words a space would make another word of them."""
_MIN_SHARE = 0.5

Json = dict[str, Any]


def match_categories(
    categories: Sequence[Category], conversation: Conversation, sentiments: Mapping[int, Sentiment]
) -> Json:
    """Return ``MatchedCategories`` in the order of the catalogue and, for each, its points of interest."""
    details: dict[str, Json] = {}
    for category in categories:
        places: set[Interval] = set()
        for rule in category.Rules:
            found = _match(rule.filter, conversation, sentiments)
            if found is None:
                break
            places.update(found)
        else:
            points = [{"BeginOffsetMillis": begin, "EndOffsetMillis": end} for begin, end in sorted(places)]
            details[category.CategoryName] = {"PointsOfInterest": points}
    return {"MatchedCategories": list(details), "MatchedDetails": details}


def _match(rule: Filter, conversation: Conversation, sentiments: Mapping[int, Sentiment]) -> list[Interval] | None:
    """Return where a rule matches, None where it does not; an absence is found in the whole range it was looked for in."""
    window = rule.window(conversation.duration_ms)
    match rule:
        case SentimentRule():
            return _sentiment(rule, conversation, sentiments, window)
        case TranscriptRule():
            found = list(_said(rule, conversation, window))
        case NonTalkTimeRule():
            found = _non_talk(rule, conversation, window)
        case InterruptionRule():
            found = _interruptions(rule, conversation, window)
    if rule.Negate:
        return None if found else [window]
    return found or None


def _said(rule: TranscriptRule, conversation: Conversation, window: Interval) -> Iterator[Interval]:
    phrases = [_phrase(target, conversation.transcript.language) for target in rule.Targets]
    for turn in _turns(conversation, rule.ParticipantRole, window):
        for phrase in phrases:
            for match in phrase.finditer(turn.text):
                place = _spoken_at(turn, match.start(), match.end())
                if _meet(place, window):
                    yield place


@lru_cache(maxsize=10_000)
def _phrase(target: str, language: str) -> re.Pattern[str]:
    """Return a phrase word for word, in any case, as it stands or in normal form: 삼 점 오 퍼센트 is 3.5% in transcripts."""
    forms = dict.fromkeys((target, draft_of(target, language).text))
    return re.compile("|".join(_pattern(form) for form in forms if form.strip()), re.IGNORECASE)


def _pattern(form: str) -> str:
    """Return the expression of a phrase; Korean particles may follow, and Korean spacing is no one's to rely on."""
    is_hangul = bool(_HANGUL_ENDS.search(form))
    words = [r"\s*".join(word) if _LONG_HANGUL.fullmatch(word) else re.escape(word) for word in form.split()]
    begin = r"(?<!\w)(?<!\d[.,])" if form[:1].isdecimal() else r"(?<!\w)"
    end = "" if is_hangul else r"(?![^\W가-힣])"
    if form[-1:].isdecimal():
        end += r"(?![.,]\d|\s?[만억조])"
    return begin + (r"\s*" if is_hangul else r"\s+").join(words) + end


def _spoken_at(turn: Turn, start: int, end: int) -> Interval:
    """Return when text[start:end] of a turn was said: by its words, else the whole turn."""
    places = locate(turn.text, turn.words)
    said = [w for w, (begin, over) in zip(turn.words, places or (), strict=True) if begin < end and over > start] if places else []  # fmt: skip
    return (said[0].start_ms, said[-1].end_ms) if said else (turn.start_ms, turn.end_ms)


def _non_talk(rule: NonTalkTimeRule, conversation: Conversation, window: Interval) -> list[Interval]:
    least = NON_TALK_MS if rule.Threshold is None else max(1, rule.Threshold)
    pauses = [intersect(pause, window) for pause in conversation.silences]
    return [(begin, end) for begin, end in pauses if end - begin >= least]


def _interruptions(rule: InterruptionRule, conversation: Conversation, window: Interval) -> list[Interval]:
    found = [
        intersect((i.begin_ms, i.end_ms), window)
        for i in conversation.interruptions
        if rule.ParticipantRole in (None, i.role) and _meet((i.begin_ms, i.end_ms), window)
    ]
    return found if sum(end - begin for begin, end in found) >= (rule.Threshold or 0) else []


def _sentiment(
    rule: SentimentRule, conversation: Conversation, sentiments: Mapping[int, Sentiment], window: Interval
) -> list[Interval] | None:
    turns = [turn for turn in _turns(conversation, rule.ParticipantRole, window) if turn.turn_id in sentiments]
    fitting = [turn for turn in turns if (sentiments[turn.turn_id].label in rule.Sentiments) is not rule.Negate]
    if not fitting or len(fitting) < _MIN_SHARE * len(turns):
        return None
    return [(turn.start_ms, turn.end_ms) for turn in fitting]


def _turns(conversation: Conversation, role: str | None, window: Interval) -> list[Turn]:
    return [t for t in conversation.turns if role in (None, t.role) and _meet((t.start_ms, t.end_ms), window)]


def _meet(left: Interval, right: Interval) -> bool:
    begin, end = intersect(left, right)
    return end > begin
