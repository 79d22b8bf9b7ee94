"""Give a window's words to the spans they were spoken in, and name the spans that should be heard again alone.

The time of a word comes from cross-attention, which is sure where a word ends and vague about where it begins: the first
word after a pause seems to begin anywhere in it, even where the last one ended. So a word belongs to the span in which it
ends. Where that leaves a doubt between two people, both spans are decoded again without the other in the window.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hub.records import Word
from stt.audio import RATE_HZ
from stt.packing import Placement, Window
from stt.speech_spans import PAD_MS

SHARED_MS = 250
"""A word that lies this long in another person's speech is nobody's until each was heard alone."""
SLACK_MS = 100
SPOKEN_MS = 800
"""Speech this long has words in it."""
SENTENCE_ENDS = (".", "?", "!", "。")
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
    def owner(self) -> tuple[int, int]:
        """Return whose words these are: (call, channel)."""
        return self.placement.owner

    @property
    def text(self) -> str:
        """Return the words as a text."""
        return " ".join(word.text for word in self.words)


def share(window: Window, words: Iterable[Word]) -> list[Utterance]:
    """Return one utterance per span of the window; every word is in exactly one."""
    utterances = [Utterance(placement) for placement in window.placements]
    begins = [_ms(placement.at) for placement in window.placements]
    before = ""
    for word in words:
        place = max(0, bisect_right(begins, word.end_ms - SLACK_MS) - 1)
        if word.start_ms < begins[place]:
            _doubt_long_start(utterances, place, word)
        elif place + 1 < len(begins) and word.start_ms > utterances[place].speech_ms[1]:
            place = _across_pause(utterances, place, word, before)
        utterances[place].words.append(word)
        before = word.text
    _doubt(utterances)
    return utterances


def _doubt_long_start(utterances: Sequence[Utterance], place: int, word: Word) -> None:
    """A word that ends behind a pause is the first one there; only when it began long before is it doubtful."""
    here = utterances[place]
    for earlier in utterances[:place]:
        start, end = earlier.speech_ms
        if earlier.owner != here.owner and min(word.end_ms, end) - max(word.start_ms, start) > SHARED_MS:
            earlier.is_doubtful = here.is_doubtful = True


def _across_pause(utterances: Sequence[Utterance], place: int, word: Word, before: str) -> int:
    """Return whose word it is that lies in the pause behind a span: after the end of a sentence it begins the next."""
    if before[-1:] in SENTENCE_ENDS:
        return place + 1
    if word.text[-1:] not in SENTENCE_ENDS and utterances[place].owner != utterances[place + 1].owner:
        utterances[place].is_doubtful = utterances[place + 1].is_doubtful = True
    return place


def _doubt(utterances: Sequence[Utterance]) -> None:
    """Doubt spans with more or fewer words than fit in; another person's words may be among them or missing from them."""
    odd = [index for index, utterance in enumerate(utterances) if _is_odd(utterance)]
    for index in odd:
        utterances[index].is_doubtful = True
        for near in (index - 1, index + 1):
            if 0 <= near < len(utterances) and utterances[near].owner != utterances[index].owner:
                utterances[near].is_doubtful = True


def _is_odd(utterance: Utterance) -> bool:
    start, end = utterance.speech_ms
    if end - start < SPOKEN_MS and not utterance.words:
        return False
    rate = 1_000.0 * len(utterance.text) / max(end - start, 300)
    return rate > FASTEST or rate < SLOWEST


def _ms(samples: int) -> int:
    return round(samples * 1_000 / RATE_HZ)
