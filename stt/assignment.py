"""Give a window's words to the spans they were spoken in, and name the spans that should be heard again alone.

The time of a word comes from cross-attention, which is sure where a word meets its neighbours and vague at pauses: the
first word after a pause often seems to begin where the last one ended. So a word belongs to the span with whose *speech*
it shares most time, the padding of silence around it not counted. Where that leaves a doubt between two people, both
spans are decoded again without the other in the window.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hub.records import Word
from stt.audio import RATE_HZ
from stt.packing import Placement, Window
from stt.speech_spans import PAD_MS

SHARED_MS = 120
"""A word that lies this long in the speech of two people is nobody's until each was heard alone."""
SPOKEN_MS = 800
"""Speech this long has words in it."""
FASTEST = 27.0
SLOWEST = 1.5
"""Characters per second of speech; what is beyond was not said in that time."""


@dataclass(slots=True)
class Utterance:
    """A span in its window and the words heard in it, their times counted from the window's start."""

    placement: Placement
    words: list[Word] = field(default_factory=list)
    is_doubtful: bool = False

    @property
    def speech_ms(self) -> tuple[int, int]:
        """Return where in the window the speech is, without the padding."""
        start, end = _ms(self.placement.at), _ms(self.placement.end)
        pad = min(PAD_MS, (end - start) // 4)
        return start + pad, end - pad

    @property
    def text(self) -> str:
        """Return the words as a text."""
        return " ".join(word.text for word in self.words)


def share(window: Window, words: Iterable[Word]) -> list[Utterance]:
    """Return one utterance per span of the window; every word is in exactly one."""
    utterances = [Utterance(placement) for placement in window.placements]
    speech = [utterance.speech_ms for utterance in utterances]
    for word in words:
        shared = [min(word.end_ms, end) - max(word.start_ms, start) for start, end in speech]
        best = max(range(len(speech)), key=lambda index: shared[index])
        utterances[best].words.append(word)
        for index, ms in enumerate(shared):
            if ms >= SHARED_MS and _owner(utterances[index]) != _owner(utterances[best]):
                utterances[index].is_doubtful = utterances[best].is_doubtful = True
    _doubt(utterances)
    return utterances


def _doubt(utterances: Sequence[Utterance]) -> None:
    """Doubt spans with more or fewer words than fit in; another person's words may be among them or missing from them."""
    odd = [index for index, utterance in enumerate(utterances) if _is_odd(utterance)]
    for index in odd:
        utterances[index].is_doubtful = True
        for near in (index - 1, index + 1):
            if 0 <= near < len(utterances) and _owner(utterances[near]) != _owner(utterances[index]):
                utterances[near].is_doubtful = True


def _is_odd(utterance: Utterance) -> bool:
    start, end = utterance.speech_ms
    if end - start < SPOKEN_MS and not utterance.words:
        return False
    rate = 1_000.0 * len(utterance.text) / max(end - start, 300)
    return rate > FASTEST or rate < SLOWEST


def _owner(utterance: Utterance) -> tuple[int, int]:
    return utterance.placement.owner


def _ms(samples: int) -> int:
    return round(samples * 1_000 / RATE_HZ)
