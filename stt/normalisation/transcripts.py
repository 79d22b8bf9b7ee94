"""Turns and transcripts in normal form: the words keep their times, the verbatim text stays beside."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from hub.records import Transcript, Turn, Word
from stt.normalisation.draft import Draft
from stt.normalisation.pipeline import draft_of

_WORD = re.compile(r"\S+")


def normalise_transcript(transcript: Transcript) -> Transcript:
    """Return a transcript with every turn in normal form; normalising twice is normalising once."""
    turns = tuple(normalise_turn(turn, transcript.language) for turn in transcript.turns)
    return msgspec.structs.replace(transcript, turns=turns)


def normalise_turn(turn: Turn, language: str) -> Turn:
    """Return a turn in normal form; each word has the union of the times of the words that it came from."""
    draft = draft_of(turn.text, language)
    if draft.text == turn.text:
        return turn
    return msgspec.structs.replace(
        turn, text=draft.text, words=revise(draft, turn.text, turn.words), verbatim=turn.verbatim or turn.text
    )


def revise(draft: Draft, verbatim: str, words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words of a revised text with the times of the words of the verbatim one; none where it has none."""
    places = locate(verbatim, words)
    if places is None:
        return ()
    revised = []
    for match in _WORD.finditer(draft.text):
        start, end = draft.origin(match.start(), match.end())
        sources = [word for word, (begin, over) in zip(words, places, strict=True) if begin < end and over > start]
        if sources:
            revised.append(_joined(match[0], sources))
    return tuple(revised)


def locate(text: str, words: Sequence[Word]) -> list[tuple[int, int]] | None:
    """Return where each word stands in a text, None where they do not make it up."""
    places: list[tuple[int, int]] = []
    at = 0
    for word in words:
        start = text.find(word.text, at)
        if start < 0 or text[at:start].strip():
            return None
        at = start + len(word.text)
        places.append((start, at))
    return places if words and not text[at:].strip() else None


def _joined(text: str, sources: Sequence[Word]) -> Word:
    weight = sum(len(word.text) for word in sources)
    return Word(
        text=text,
        start_ms=min(word.start_ms for word in sources),
        end_ms=max(word.end_ms for word in sources),
        probability=round(sum(word.probability * len(word.text) for word in sources) / max(1, weight), 4),
    )
