"""Cut a turn into sentences and find each one's milliseconds from the words' times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

import msgspec

from hub.records import Turn

_END = re.compile(r"(?<=[.?!…。？！])\s+|\n+")
_KOREAN_END = re.compile(
    r"(?<=니다|세요|어요|아요|에요|예요|네요|데요|까요|지요|군요|고요|게요|래요|해요|돼요|와요|가요|나요|려요)\s+(?=\S)"
)
LONG_SENTENCE = 30


class Sentence(msgspec.Struct, frozen=True):
    """One sentence of a turn with its place in the recording."""

    text: str
    start_ms: int
    end_ms: int


def sentences(turn: Turn) -> Iterator[Sentence]:
    """Yield the sentences of a turn in order."""
    clock = _WordClock(turn)
    for start, end in _spans(turn.text):
        start_ms, end_ms = clock.times(start, end)
        yield Sentence(turn.text[start:end], start_ms, end_ms)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for end, next_begin in [*((m.start(), m.end()) for m in _END.finditer(text)), (len(text), len(text))]:
        yield from _shorter(text, begin, end)
        begin = next_begin


def _shorter(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a span, cut after Korean sentence endings where a recogniser left out the full stops."""
    if end - begin > LONG_SENTENCE:
        for match in _KOREAN_END.finditer(text, begin, end):
            if match.start() - begin >= 6 and end - match.end() >= 4:
                yield begin, match.start()
                begin = match.end()
    stripped = text[begin:end].strip()
    if stripped:
        left = begin + text[begin:end].index(stripped)
        yield left, left + len(stripped)


class _WordClock:
    """Says when a character of a turn was spoken."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._places = [i for i, char in enumerate(turn.text) if not char.isspace()]
        self._times = self._char_times()

    def times(self, start: int, end: int) -> tuple[int, int]:
        """Return when text[start:end] began and ended."""
        inside = [i for i, place in enumerate(self._places) if start <= place < end]
        if not inside:
            return self._turn.start_ms, self._turn.end_ms
        begin, finish = self._times[inside[0]][0], self._times[inside[-1]][1]
        return begin, max(begin, finish)

    def _char_times(self) -> list[tuple[int, int]]:
        """Return (start, end) per character that is no space.

        Characters that stand in the words take their word's time; others (masks, digits written for spoken numbers) take
        their share of the gap between their neighbours.
        """
        turn = self._turn
        said = [(char, word.start_ms, word.end_ms) for word in turn.words for char in word.text if not char.isspace()]
        text = "".join(turn.text[place] for place in self._places)
        count = len(text)
        if not said:
            return [_share(turn.start_ms, turn.end_ms, i, count) for i in range(count)]
        spoken = "".join(char for char, _, _ in said)
        if spoken == text:
            return [(start, end) for _, start, end in said]
        times: list[tuple[int, int] | None] = [None] * count
        for block in SequenceMatcher(None, text, spoken, autojunk=False).get_matching_blocks():
            for i in range(block.size):
                times[block.a + i] = said[block.b + i][1:]
        return _fill(times, turn.start_ms, turn.end_ms)


def _fill(times: list[tuple[int, int] | None], start_ms: int, end_ms: int) -> list[tuple[int, int]]:
    filled: list[tuple[int, int]] = []
    i = 0
    while i < len(times):
        known = times[i]
        if known is not None:
            filled.append(known)
            i += 1
            continue
        stop = next((j for j in range(i, len(times)) if times[j] is not None), len(times))
        left = filled[-1][1] if filled else start_ms
        after = times[stop] if stop < len(times) else None
        right = max(left, after[0] if after else end_ms)
        filled += [_share(left, right, k, stop - i) for k in range(stop - i)]
        i = stop
    return filled


def _share(left: int, right: int, nth: int, count: int) -> tuple[int, int]:
    width = right - left
    return left + width * nth // count, left + width * (nth + 1) // count
