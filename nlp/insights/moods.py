"""How a turn sounds: a score of -5 to 5 from words of feeling, with negations and intensifiers, and its label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from nlp import data_files

POSITIVE, NEGATIVE, NEUTRAL, MIXED = "POSITIVE", "NEGATIVE", "NEUTRAL", "MIXED"
HIGHEST = 5.0
STRONGER, TURNED_ROUND = 1.5, -0.8
FEELS, MIXES = 0.7, 1.5
"""A turn feels something from this score on; it is mixed where both sides reach the second."""
MAX_CHARS = 2_000
_HANGUL = re.compile("[가-힣]")
_KO_BEFORE, _KO_AFTER, _EN_BEFORE = 5, 7, 4


class Mood(msgspec.Struct, frozen=True):
    """Label and score of a turn, and where its strongest word of feeling stands (0 where there is none)."""

    label: str
    score: float
    place: int


class _Feelings(msgspec.Struct, frozen=True):
    words: re.Pattern[str]
    weights: dict[str, float]
    endings: tuple[tuple[str, float], ...]
    before: re.Pattern[str]
    before_good: re.Pattern[str] | None
    after: re.Pattern[str] | None
    after_good: re.Pattern[str] | None
    stronger: re.Pattern[str]


def mood_of(text: str) -> Mood:
    """Return how a text sounds; an empty one is neutral."""
    felt = sorted(_felt(text[:MAX_CHARS]), key=lambda word: -abs(word[1]))
    up = sum(weight for _, weight in felt if weight > 0)
    down = -sum(weight for _, weight in felt if weight < 0)
    score = round(max(-HIGHEST, min(HIGHEST, up - down)), 1)
    place = felt[0][0] if felt else 0
    if up >= MIXES and down >= MIXES:
        return Mood(MIXED, score, place)
    if abs(score) < FEELS:
        return Mood(NEUTRAL, score, place)
    return Mood(POSITIVE if score > 0 else NEGATIVE, score, place)


def _felt(text: str) -> Iterator[tuple[int, float]]:
    """Yield (place, weight) of every word of feeling."""
    lowered = text.lower().replace("’", "'")
    if len(lowered) != len(text):  # a letter that grows in lower case; places would shift
        lowered = text
    for feelings in _load():
        if feelings.after is not None and not _HANGUL.search(lowered):
            continue
        for match in feelings.words.finditer(lowered):
            weight = _weight(match[0], feelings)
            before = lowered[max(0, match.start() - 24) : match.start()]
            if _is_turned(before, lowered[match.end() : match.end() + _KO_AFTER], weight, feelings):
                weight *= TURNED_ROUND
            elif feelings.stronger.search(before):
                weight *= STRONGER
            yield match.start(), weight


def _weight(word: str, feelings: _Feelings) -> float:
    known = feelings.weights.get(re.sub(r"\s+", " ", word)) or feelings.weights.get(re.sub(r"\s+", "", word))
    return known if known is not None else next(w for stem, w in feelings.endings if word.startswith(stem))


def _is_turned(before: str, after: str, weight: float, feelings: _Feelings) -> bool:
    if feelings.after is None:
        words = before.split()[-_EN_BEFORE:]
        return bool(feelings.before.search(" ".join(words)))
    if weight > 0 and feelings.before_good and feelings.before_good.search(before[-_KO_BEFORE:]):
        return True
    if weight > 0 and feelings.after_good and feelings.after_good.match(after):
        return True
    return bool(feelings.before.search(before[-_KO_BEFORE:]) or feelings.after.match(after))


@lru_cache(maxsize=1)
def _load() -> tuple[_Feelings, ...]:
    raw: dict[str, Any] = data_files.load("insights/sentiment.yaml")
    return _korean(raw), _english(raw)


def _korean(raw: dict[str, Any]) -> _Feelings:
    weights = {stem.replace(" ", ""): float(weight) for weight, stems in raw["ko"].items() for stem in stems}
    stems = sorted((stem for stems in raw["ko"].values() for stem in stems), key=lambda s: -len(s.replace(" ", "")))
    negation = raw["negation"]
    return _Feelings(
        words=re.compile("|".join(r"\s?".join(re.escape(part) for part in stem.split()) for stem in stems)),
        weights=weights,
        endings=(),
        before=re.compile(rf"(?:^|\s)(?:{'|'.join(negation['ko_before'])})\s?$"),
        before_good=re.compile(rf"(?:{'|'.join(negation['ko_before_good'])})\s?$"),
        after=_endings(negation["ko_after"]),
        after_good=_endings(negation["ko_after_good"]),
        stronger=re.compile(rf"(?:{'|'.join(raw['stronger']['ko'])})\s?$"),
    )


def _endings(words: list[str]) -> re.Pattern[str]:
    return re.compile(rf"[가-힣]?(?:{'|'.join(word.replace(' ', ' ?') for word in words)})")


def _english(raw: dict[str, Any]) -> _Feelings:
    weights = {word: float(weight) for weight, words in raw["en"].items() for word in words}
    words = sorted(weights, key=len, reverse=True)
    return _Feelings(
        words=re.compile(rf"\b(?:{'|'.join(re.escape(w).replace(chr(92) + '*', '[a-z]*') for w in words)})\b"),
        weights={word: weight for word, weight in weights.items() if "*" not in word},
        endings=tuple((word.rstrip("*"), weights[word]) for word in words if "*" in word),
        before=re.compile(rf"(?:\b(?:{'|'.join(raw['negation']['en'])})|n't)(?=\s|$)"),
        before_good=None,
        after=None,
        after_good=None,
        stronger=re.compile(rf"\b(?:{'|'.join(raw['stronger']['en'])})\s+$"),
    )
