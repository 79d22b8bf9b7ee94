"""Fill the windows that Whisper decodes with the speech of many channels and calls.

Whisper encodes a window of fixed length, silence or not, so cutting silence out and laying
short spans side by side is most of the speed. Windows stand one after another on a *tape*:
one waveform that goes through the batched pipeline in a single pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stt.audio import RATE_HZ, Waveform
from stt.speech_spans import Span

FRAME = 160
"""One mel frame: windows start on one, because faster-whisper counts time offsets in frames."""


@dataclass(frozen=True, slots=True)
class Placement:
    """A span of one call, and where in its window it was laid."""

    call: int
    span: Span
    at: int


@dataclass(frozen=True, slots=True)
class Window:
    """Spans that are decoded together. ``length`` in samples."""

    placements: tuple[Placement, ...]
    length: int


def pack(spans: Sequence[tuple[int, Span]], window_s: float, gap_s: float, *, across: bool = False) -> list[Window]:
    """Lay spans, given as (call, span), into windows in order.

    Args:
        spans: in order of call, channel and time.
        window_s: length of a window; no span is longer.
        gap_s: silence between two spans.
        across: let spans of different channels and calls share a window.
    """
    limit, gap = int(window_s * RATE_HZ), int(gap_s * RATE_HZ)
    windows: list[Window] = []
    current: list[Placement] = []
    end = 0
    for call, span in spans:
        at = end + gap if current else 0
        is_same = not current or (current[-1].call, current[-1].span.channel) == (call, span.channel)
        if current and (at + span.length > limit or not (is_same or across)):
            windows.append(Window(tuple(current), end))
            current, at = [], 0
        current.append(Placement(call, span, at))
        end = at + span.length
    if current:
        windows.append(Window(tuple(current), end))
    return windows


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


def locate(window: Window, sample: int) -> Placement:
    """Return the span a sample of a window belongs to; within a gap, the nearer one."""
    return min(window.placements, key=lambda p: max(p.at - sample, sample - (p.at + p.span.length), 0))
