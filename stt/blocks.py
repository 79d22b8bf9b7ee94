"""Read a recording block by block, cut where nobody speaks: memory is that of one block, however long the call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stt.audio import RATE_HZ, Decoding, Survey, Waveform
from stt.speech_spans import Span, find_spans

BLOCK_S = 120.0
SEARCH_SHARE = 0.5
"""A cut is looked for in this last part of a block; what comes after it begins the next block."""
ENOUGH_PAUSE_S = 0.5
_FRAME = 320


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a call. ``start`` is its first sample in the recording; spans count from there."""

    start: int
    samples: Waveform
    spans: tuple[Span, ...]

    @property
    def audio_s(self) -> float:
        """Return the length of all channels together."""
        return self.samples.size / RATE_HZ


class CallBlocks:
    """A recording as blocks. A call that is longer than a block is decoded twice: once to know it, once to hear it.

    Raises:
        BadAudio: nothing to transcribe; its reason says why. Permanent.
    """

    def __init__(self, path: Path, max_span_s: float, block_s: float = BLOCK_S) -> None:
        self._path = path
        self._max_span_s = max_span_s
        self._limit = int(block_s * RATE_HZ)
        decoding = Decoding(path)
        pieces: list[Waveform] = []
        held = 0
        for piece in decoding:
            if held <= self._limit:
                pieces.append(piece)
                held += piece.shape[1]
        self.survey: Survey = decoding.survey()
        self._whole = pieces if held <= self._limit else None

    def __iter__(self) -> Iterator[Block]:
        """Yield the blocks in order, without gap or overlap."""
        pieces = iter(Decoding(self._path)) if self._whole is None else iter(self._whole)
        self._whole = None
        kept = self.survey.kept_channels
        held: list[Waveform] = []
        length, start = 0, 0
        for piece in pieces:
            held.append(piece[:kept])
            length += piece.shape[1]
            while length > self._limit:
                joined = np.concatenate(held, axis=1)
                block = self._cut(joined, start)
                held = [joined[:, block.samples.shape[1] :].copy()]
                length, start = held[0].shape[1], start + block.samples.shape[1]
                # What waits here while the block is recognised should be the rest alone.
                del joined
                yield block
        if length:
            samples = np.ascontiguousarray(np.concatenate(held, axis=1))
            yield Block(start, samples, tuple(find_spans(samples, self._max_span_s)))

    def _cut(self, samples: Waveform, start: int) -> Block:
        spans = find_spans(samples, self._max_span_s)
        end = find_cut(samples, spans)
        return Block(start, samples[:, :end].copy(), tuple(_until(end, spans)))


def find_cut(samples: Waveform, spans: list[Span]) -> int:
    """Return where to end a block: the last long pause of everybody in its second half, else the longest pause.

    Where people talk over each other without a pause, the quietest fiftieth of a second has to do.
    """
    length = samples.shape[1]
    first = int(length * (1 - SEARCH_SHARE))
    pauses = _pauses(spans, first, length)
    enough = [pause for pause in pauses if pause[1] - pause[0] >= ENOUGH_PAUSE_S * RATE_HZ]
    if pauses:
        begin, end = enough[-1] if enough else max(pauses, key=lambda pause: pause[1] - pause[0])
        return (begin + end) // 2
    frames = samples[:, first : length - (length - first) % _FRAME].reshape(len(samples), -1, _FRAME)
    loudest = np.square(frames).mean(axis=2).max(axis=0)
    return first + int(np.argmin(loudest)) * _FRAME + _FRAME // 2


def _pauses(spans: list[Span], first: int, length: int) -> list[tuple[int, int]]:
    """Return the stretches of [first, length) in which nobody speaks on any channel."""
    pauses: list[tuple[int, int]] = []
    place = first
    for span in sorted(spans, key=lambda span: span.start):
        if span.start > place:
            pauses.append((place, span.start))
        place = max(place, span.end)
    if place < length:
        pauses.append((place, length))
    return pauses


def _until(end: int, spans: list[Span]) -> Iterator[Span]:
    for span in spans:
        if span.start < end:
            yield Span(span.channel, span.start, min(span.end, end))
