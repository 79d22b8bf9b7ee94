"""Words and turns from what the model returns."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hub.records import Turn, Word

UNSPACED_LANGUAGES = frozenset({"zh", "yue", "ja", "th", "lo", "my", "km"})
TURN_PAUSE_MS = 700
"""A longer pause ends a turn even when nobody else speaks."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of text as the model's word splitter gives it; a leading space begins a word."""

    text: str
    start_ms: int
    end_ms: int
    probability: float


def join_pieces(pieces: Iterable[Piece], language: str) -> list[Word]:
    """Rejoin what the splitter cuts: "010", "-", "1234-" are one word until the next leading space."""
    groups: list[list[Piece]] = []
    for piece in pieces:
        begins = piece.text.startswith(" ") or not groups or language in UNSPACED_LANGUAGES
        if begins:
            groups.append([piece])
        else:
            groups[-1].append(piece)
    return [_word(group) for group in groups if "".join(p.text for p in group).strip()]


def _word(group: Sequence[Piece]) -> Word:
    weights = [max(1, len(piece.text.strip())) for piece in group]
    probability = sum(p.probability * w for p, w in zip(group, weights, strict=True)) / sum(weights)
    return Word(
        text="".join(piece.text for piece in group).strip(),
        start_ms=group[0].start_ms,
        end_ms=max(piece.end_ms for piece in group),
        probability=round(float(probability), 4),
    )


def build_turns(words_by_role: Sequence[tuple[str, Sequence[Word]]], language: str) -> tuple[Turn, ...]:
    """Cut each speaker's words into turns, and number all turns in order of their start.

    A turn ends where its speaker pauses for long, or where the other starts to speak in between.
    """
    starts = [(word.start_ms, index) for index, (_, words) in enumerate(words_by_role) for word in words]
    cut = [
        (role, turn)
        for index, (role, words) in enumerate(words_by_role)
        for turn in _cut(words, sorted(start for start, who in starts if who != index))
    ]
    cut.sort(key=lambda item: (item[1][0].start_ms, item[1][-1].end_ms))
    separator = "" if language in UNSPACED_LANGUAGES else " "
    return tuple(_turn(number, role, words, separator) for number, (role, words) in enumerate(cut))


def _cut(words: Sequence[Word], others: Sequence[int]) -> list[list[Word]]:
    turns: list[list[Word]] = []
    for word in words:
        if not turns or _is_over(turns[-1][-1], word, others):
            turns.append([word])
        else:
            turns[-1].append(word)
    return turns


def _is_over(last: Word, following: Word, others: Sequence[int]) -> bool:
    if following.start_ms - last.end_ms > TURN_PAUSE_MS:
        return True
    following_other = bisect_left(others, last.end_ms)
    return following_other < len(others) and others[following_other] <= following.start_ms


def _turn(number: int, role: str, words: Sequence[Word], separator: str) -> Turn:
    weights = [len(word.text) for word in words]
    confidence = sum(w.probability * n for w, n in zip(words, weights, strict=True)) / sum(weights)
    return Turn(
        turn_id=number,
        role=role,
        text=separator.join(word.text for word in words),
        start_ms=words[0].start_ms,
        end_ms=max(word.end_ms for word in words),
        words=tuple(words),
        confidence=round(confidence, 4),
    )
