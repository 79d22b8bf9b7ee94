"""Put an utterance back at its place in the call and through the gates, sentence by sentence and as a whole."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from math import log

from hub.records import Word
from stt.assignment import Utterance
from stt.audio import RATE_HZ, Waveform
from stt.gates import Dropped, Heard, refuse, refuse_sentence
from stt.packing import Placement
from stt.speech_spans import Span, level_db
from stt.vocabulary import NO_HINTS, Hints

SENTENCE_ENDS = ".?!。"
CERTAIN = 1e-4


class Sifter:
    """The gates over one batch of calls, with what they compare against: the sound, and how loud each speaker gets."""

    def __init__(self, spans: Sequence[tuple[int, Span]], waveforms: Sequence[Waveform], language: str) -> None:
        self.waveforms = waveforms
        self.language = language
        self._loudest: dict[tuple[int, int], float] = {}
        for call, span in spans:
            key = (call, span.channel)
            self._loudest[key] = max(self._loudest.get(key, -100.0), self._level(call, span, span.start, span.end))

    def sift(
        self, utterance: Utterance, no_speech: float, hints: Hints = NO_HINTS
    ) -> tuple[list[Word], list[Dropped], bool]:
        """Return the words to keep and the text to drop, in the call's time, and whether a gate refused any.

        ``hints`` are what the model was told before it heard this: only they can come back as an echo.
        """
        words = [_in_call(word, utterance.placement) for word in utterance.words]
        if not words:
            return [], [], False
        start, end = utterance.speech_ms
        reason = refuse(self._heard(words, utterance.placement, no_speech, (end - start) / 1_000))
        if reason is not None:
            return [], [_dropped(words, reason)], True
        kept: list[Word] = []
        dropped: list[Dropped] = []
        for sentence in _sentences(words):
            seconds = (sentence[-1].end_ms - sentence[0].start_ms) / 1_000
            why = refuse_sentence(self._heard(sentence, utterance.placement, no_speech, seconds), hints)
            if why is None:
                kept += sentence
            else:
                dropped.append(_dropped(sentence, why))
        return kept, dropped, bool(dropped)

    def _heard(self, words: Sequence[Word], placement: Placement, no_speech: float, seconds: float) -> Heard:
        text = " ".join(word.text for word in words)
        level = self._level(placement.call, placement.span, _samples(words[0].start_ms), _samples(words[-1].end_ms))
        return Heard(
            text=text,
            duration_s=seconds,
            average_log_probability=_log_probability(words),
            no_speech_probability=no_speech,
            compression_ratio=_compression(text),
            level_db=level,
            weaker_by_db=self._loudest[placement.owner] - level,
            language=self.language,
        )

    def _level(self, call: int, span: Span, start: int, end: int) -> float:
        """Return the level under a text; of a text without length, the span's."""
        begin, until = (start, end) if end > start else (span.start, span.end)
        return level_db(self.waveforms[call][span.channel, begin:until])


def _sentences(words: Sequence[Word]) -> Iterator[list[Word]]:
    sentence: list[Word] = []
    for word in words:
        sentence.append(word)
        if word.text[-1:] in SENTENCE_ENDS:
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _log_probability(words: Sequence[Word]) -> float:
    weights = [max(1, len(word.text)) for word in words]
    total = sum(log(max(word.probability, CERTAIN)) * weight for word, weight in zip(words, weights, strict=True))
    return total / sum(weights)


def _compression(text: str) -> float:
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw))


def _samples(ms: int) -> int:
    return ms * RATE_HZ // 1_000


def _in_call(word: Word, placement: Placement) -> Word:
    return Word(
        text=word.text,
        start_ms=_to_call_ms(word.start_ms, placement),
        end_ms=_to_call_ms(word.end_ms, placement),
        probability=word.probability,
    )


def _to_call_ms(window_ms: int, placement: Placement) -> int:
    sample = window_ms * RATE_HZ // 1_000 - placement.at + placement.span.start
    return round(min(max(sample, placement.span.start), placement.span.end) * 1_000 / RATE_HZ)


def _dropped(words: Sequence[Word], reason: str) -> Dropped:
    return Dropped(
        text=" ".join(word.text for word in words),
        reason=reason,
        role="",
        start_ms=words[0].start_ms,
        end_ms=words[-1].end_ms,
    )
