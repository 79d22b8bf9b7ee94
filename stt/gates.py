"""Keep out what Whisper makes up: a segment passes every gate or is dropped with its reason.

Source: thresholds as in OpenAI's Whisper (no-speech 0.6, log-probability -1.0, compression 2.4).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

NO_SPEECH = 0.6
LOG_PROBABILITY = -1.0
HOPELESS_LOG_PROBABILITY = -1.8
COMPRESSION = 2.4
LEVEL_DB = -62.0
CHARACTERS_PER_S = 40.0


@dataclass(frozen=True, slots=True)
class Heard:
    """What the gates look at. ``level_db`` is the energy of the audio under the segment."""

    text: str
    duration_s: float
    average_log_probability: float
    no_speech_probability: float
    compression_ratio: float
    level_db: float


@dataclass(frozen=True, slots=True)
class Dropped:
    """Text that a gate kept out, with its place, for review."""

    text: str
    reason: str
    role: str
    start_ms: int
    end_ms: int


def _no_speech(heard: Heard) -> bool:
    return heard.no_speech_probability > NO_SPEECH and heard.average_log_probability < LOG_PROBABILITY


GATES: dict[str, Callable[[Heard], bool]] = {
    "no_speech": _no_speech,
    "log_probability": lambda heard: heard.average_log_probability < HOPELESS_LOG_PROBABILITY,
    "repetition": lambda heard: heard.compression_ratio > COMPRESSION,
    "energy": lambda heard: heard.level_db < LEVEL_DB,
    "too_fast": lambda heard: len(heard.text) > CHARACTERS_PER_S * max(heard.duration_s, 0.3),
}


def refuse(heard: Heard) -> str | None:
    """Return the name of the gate that keeps a segment out, None when it passes."""
    return next((name for name, is_made_up in GATES.items() if is_made_up(heard)), None)
