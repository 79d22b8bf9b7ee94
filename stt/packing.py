"""Fill the windows that Whisper decodes with the speech of many channels and calls.

Whisper encodes a window of fixed length, silence or not, so cutting silence out and laying
short spans side by side is most of the speed. Windows stand one after another on a *tape*:
one waveform that goes through the batched pipeline in a single pass.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from stt.audio import RATE_HZ, Waveform
from stt.speech_spans import Span

FRAME = 160
"""One mel frame: windows start on one, because faster-whisper counts time offsets in frames."""
GAP_S = 0.4
"""Silence between two spans of one channel; each span brings the detector's padding along."""
BETWEEN_S = 0.6
"""Silence between two people: here a wrong word would be a leak."""


@dataclass(frozen=True, slots=True)
class Placement:
    """A span of one call, and where in its window it was laid."""

    call: int
    span: Span
    at: int

    @property
    def owner(self) -> tuple[int, int]:
        """Return whose words these are: (call, channel)."""
        return self.call, self.span.channel

    @property
    def end(self) -> int:
        """Return the first sample behind it."""
        return self.at + self.span.length


@dataclass(frozen=True, slots=True)
class Window:
    """Spans that are decoded together. ``length`` in samples."""

    placements: tuple[Placement, ...]
    length: int


def pack(spans: Iterable[tuple[int, Span]], window_s: float, *, across: bool = False) -> list[Window]:
    """Lay spans, given as (call, span), into windows.

    Neighbours on a channel stay neighbours, because they are each other's context. With ``across``
    such runs of different channels and calls fill windows together, the longest first, each into
    the window that it fills best.

    Args:
        spans: in order of call, channel and time.
        window_s: length of a window; no span is longer.
        across: let different channels and calls share a window.
    """
    limit = int(window_s * RATE_HZ)
    runs = _runs(spans, limit)
    return [_join(group) for group in (_best_fit(runs, limit) if across else [[run] for run in runs])]


def _runs(spans: Iterable[tuple[int, Span]], limit: int) -> list[Window]:
    """Return windows that each hold neighbours of one channel."""
    gap = int(GAP_S * RATE_HZ)
    runs: list[list[Placement]] = []
    for call, span in spans:
        last = runs[-1][-1] if runs else None
        if last and last.owner == (call, span.channel) and last.end + gap + span.length <= limit:
            runs[-1].append(Placement(call, span, last.end + gap))
        else:
            runs.append([Placement(call, span, 0)])
    return [Window(tuple(run), run[-1].end) for run in runs]


def _best_fit(runs: Sequence[Window], limit: int) -> list[list[Window]]:
    between = int(BETWEEN_S * RATE_HZ)
    groups: list[list[Window]] = []
    room: list[tuple[int, int]] = []
    for run in sorted(runs, key=lambda run: -run.length):
        best = bisect_left(room, (run.length + between, -1))
        if best < len(room):
            left, group = room.pop(best)
            left -= run.length + between
        else:
            left, group = limit - run.length, len(groups)
            groups.append([])
        groups[group].append(run)
        insort(room, (left, group))
    return groups


def _join(runs: Sequence[Window]) -> Window:
    between = int(BETWEEN_S * RATE_HZ)
    placements: list[Placement] = []
    end = -between
    for run in runs:
        start = end + between
        placements += [Placement(p.call, p.span, p.at + start) for p in run.placements]
        end = start + run.length
    return Window(tuple(placements), end)


@dataclass(frozen=True, slots=True)
class Tape:
    """Windows laid one after another: the waveform and the first sample of each window."""

    samples: Waveform
    starts: tuple[int, ...]

    def clips(self, windows: Sequence[Window]) -> list[dict[str, float]]:
        """Return the windows as faster-whisper's ``clip_timestamps``, in seconds.

        Half a sample is added because faster-whisper truncates when it converts back.
        """
        return [
            {"start": (start + 0.5) / RATE_HZ, "end": (start + window.length + 0.5) / RATE_HZ}
            for start, window in zip(self.starts, windows, strict=True)
        ]


def lay_tape(windows: Sequence[Window], waveforms: Sequence[Waveform]) -> Tape:
    """Copy the speech of each window onto one waveform; ``waveforms[call]`` has shape (channels, samples)."""
    starts, end = [], 0
    for window in windows:
        starts.append(end)
        end += -(-window.length // FRAME) * FRAME
    samples = np.zeros(end, dtype=np.float32)
    for start, window in zip(starts, windows, strict=True):
        for placement in window.placements:
            span, at = placement.span, start + placement.at
            samples[at : at + span.length] = waveforms[placement.call][span.channel, span.start : span.end]
    return Tape(samples, tuple(starts))
