"""Who spoke when: the intervals that characteristics and categories are computed from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from hub.records import Transcript, Turn
from stt.intervals import Interval, intersect, merge

INTERRUPTION_MS = 300
"""Shorter overlaps are listening noises, not interruptions."""
NON_TALK_MS = 3_000
"""A pause counts as non-talk time from three seconds on, as in Amazon Connect's Contact Lens."""


class Interruption(NamedTuple):
    """One participant cut in while the other was speaking."""

    role: str
    begin_ms: int
    end_ms: int


class Conversation:
    """The intervals of a call, computed once."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript

    @property
    def turns(self) -> Sequence[Turn]:
        """Return the turns in order of their start."""
        return self.transcript.turns

    @cached_property
    def duration_ms(self) -> int:
        """Return the length of the call, no shorter than its last word."""
        return max([self.transcript.duration_ms, *(turn.end_ms for turn in self.turns)])

    @cached_property
    def roles(self) -> list[str]:
        """Return the participants who said something, in order of name."""
        return sorted({turn.role for turn in self.turns})

    @cached_property
    def speech(self) -> dict[str, list[Interval]]:
        """Return when each participant spoke."""
        return {role: merge([(t.start_ms, t.end_ms) for t in self.turns if t.role == role]) for role in self.roles}

    @cached_property
    def silences(self) -> list[Interval]:
        """Return when nobody spoke, the shortest pauses too."""
        spoken = merge([interval for intervals in self.speech.values() for interval in intervals])
        bounds = [0, *(edge for interval in spoken for edge in interval), self.duration_ms]
        return [(begin, end) for begin, end in zip(bounds[::2], bounds[1::2], strict=True) if end > begin]

    @cached_property
    def non_talk(self) -> list[Interval]:
        """Return the pauses long enough to count."""
        return [(begin, end) for begin, end in self.silences if end - begin >= NON_TALK_MS]

    @cached_property
    def overlaps(self) -> list[Interval]:
        """Return when more than one participant spoke."""
        edges = sorted(
            [(begin, 1) for spoken in self.speech.values() for begin, _ in spoken]
            + [(end, -1) for spoken in self.speech.values() for _, end in spoken]
        )
        found: list[Interval] = []
        speaking, since = 0, 0
        for at, change in edges:
            if speaking > 1 and at > since:
                found.append((since, at))
            speaking, since = speaking + change, at
        return merge(found)

    @cached_property
    def interruptions(self) -> list[Interruption]:
        """Return the turns that begin while another participant is in the middle of theirs, by who began."""
        found = []
        for turn in self.turns:
            others = [t for t in self.turns if t.role != turn.role and t.start_ms < turn.start_ms < t.end_ms]
            overlap = [intersect((turn.start_ms, turn.end_ms), (other.start_ms, other.end_ms)) for other in others]
            begin, end = max(overlap, key=lambda interval: interval[1] - interval[0], default=(0, 0))
            if end - begin >= INTERRUPTION_MS:
                found.append(Interruption(turn.role, begin, end))
        return found
