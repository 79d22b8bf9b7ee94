"""Find where somebody speaks on a channel (Silero VAD, as faster-whisper ships it)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from faster_whisper.vad import VadOptions, get_speech_timestamps

from stt.audio import RATE_HZ, Waveform

PAD_MS = 250
"""Kept around speech: the detector is late on soft first syllables."""
MIN_SILENCE_MS = 300
BLEED_DB = 18.0
"""Speech this much weaker than the other channel's at the same time is that channel leaking over."""


@dataclass(frozen=True, slots=True)
class Span:
    """Somebody speaks on a channel: samples [start, end), padding included."""

    channel: int
    start: int
    end: int

    @property
    def length(self) -> int:
        """Return the number of samples."""
        return self.end - self.start


def find_spans(samples: Waveform, max_span_s: float) -> list[Span]:
    """Return the speech of every channel of (channels, samples), no span longer than ``max_span_s``, bleed left out."""
    found = [
        Span(index, int(chunk["start"]), int(chunk["end"]))
        for index, waveform in enumerate(samples)
        for chunk in get_speech_timestamps(waveform, _options(max_span_s))
    ]
    limit = int(max_span_s * RATE_HZ)
    return [piece for span in found if not _is_bleed(span, samples) for piece in _cut(span, limit)]


def _options(max_span_s: float) -> VadOptions:
    return VadOptions(
        threshold=0.35,
        min_speech_duration_ms=100,
        max_speech_duration_s=max_span_s,
        min_silence_duration_ms=MIN_SILENCE_MS,
        speech_pad_ms=PAD_MS,
    )


def _cut(span: Span, limit: int) -> list[Span]:
    """Split what the detector's padding made longer than a window."""
    starts = range(span.start, span.end, limit)
    return [Span(span.channel, start, min(start + limit, span.end)) for start in starts]


def _is_bleed(span: Span, samples: Waveform) -> bool:
    own = level_db(samples[span.channel, span.start : span.end])
    others = [level_db(other[span.start : span.end]) for index, other in enumerate(samples) if index != span.channel]
    return any(level - own > BLEED_DB for level in others)


def level_db(samples: Waveform) -> float:
    """Return the level in dB relative to full scale; -100 for nothing."""
    if samples.size == 0:
        return -100.0
    power = float(np.mean(np.square(samples, dtype=np.float64)))
    return max(-100.0, 10.0 * float(np.log10(power + 1e-12)))
