"""Promises and follow-ups: who undertakes what, and until which day."""

from __future__ import annotations

import re
from datetime import date

from nlp.insights.days import spoken_days

_HANGUL = re.compile("[가-힣]")
_KOREAN_FUTURE = re.compile(
    r"겠습니다|겠어요|[가-힣]게요|[가-힣]께요|[가-힣] ?거예요|[가-힣] ?거에요|[가-힣] ?겁니다|예정|도록 하|[가-힣]주세요|주시면|주시겠|하려고|려고 ?요|드립니다|할게"
)
_ENGLISH_FUTURE = re.compile(
    r"\b(?:will|'ll|i'll|we'll|you'll|shall|going to|gonna|plan to|planning to|let me|expect|can you|could you|please|should|i can)\b|'ll\b"
)


def is_undertaken(sentence: str) -> bool:
    """Return whether a sentence speaks of what somebody will do."""
    if _HANGUL.search(sentence) and _KOREAN_FUTURE.search(sentence):
        return True
    return bool(_ENGLISH_FUTURE.search(sentence.lower().replace("’", "'")))


def day_undertaken(sentence: str, today: date | None) -> str:
    """Return the last day said in a sentence as an ISO date, empty where none is said or today is not known."""
    days = spoken_days(sentence, today) if today is not None else []
    return days[-1].day.isoformat() if days else ""
