"""Tell two speakers on one channel apart by their voices."""

from __future__ import annotations

from collections.abc import Sequence

from stt.audio import Waveform
from stt.speech_spans import Span


class Speakers:
    """Which of two voices speaks when; the one that spoke first is 0."""

    def who(self, start_ms: int, end_ms: int) -> int:
        return 0


class Voices:
    def add(self, start: int, samples: Waveform, spans: Sequence[Span]) -> None: ...

    def separate(self) -> Speakers | None:
        return None


def listen_for_voices() -> Voices | None:
    return None
