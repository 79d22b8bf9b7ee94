"""Run a Whisper model over the speech of many calls at once and bring every word back to its place.

Windows are decoded without timestamp tokens: a model that closes a segment early, or leaves the last one open, loses text
in a batched pipeline, where nobody seeks back for it. The times of words come from cross-attention afterwards.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel
from faster_whisper.audio import pad_or_trim

from hub.records import Word
from stt.assignment import Utterance, share
from stt.audio import RATE_HZ, Waveform
from stt.gates import Dropped
from stt.packing import FRAME, Placement, Tape, Window, lay_tape, pack
from stt.sifting import Sifter
from stt.speech_spans import Span
from stt.vocabulary import DEFAULT_HINTS, NO_HINTS, Hints
from stt.words import Piece, join_pieces

DETECTION_WINDOWS = 2
SHARED_WINDOW_S = 20.0
"""Models with shorter windows are heard with one channel at a time: their times are too vague to part two people by."""
LOOP_TOKENS = 6
"""So many tokens in a row are said twice by a model that loops, hardly ever by a person."""

Key = tuple[int, int]
"""(call, channel)"""


@dataclass(slots=True)
class Listening:
    """Words and dropped text per (call, channel)."""

    words: dict[Key, list[Word]] = field(default_factory=dict)
    dropped: dict[Key, list[Dropped]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recognizer:
    """A loaded model with the way it is asked."""

    model: WhisperModel
    beam_size: int
    batch_size: int

    @property
    def window_s(self) -> float:
        """Return the window the model was trained on: 30 s, or what its preprocessor_config.json says."""
        return float(self.model.feature_extractor.chunk_length)

    @property
    def is_full_length(self) -> bool:
        """Say whether the model is one of Whisper's kind in full: windows to share, and prompts that it learnt to read."""
        return self.window_s >= SHARED_WINDOW_S

    def recognize(
        self,
        spans: Sequence[tuple[int, Span]],
        waveforms: Sequence[Waveform],
        language: str,
        hints: Hints = DEFAULT_HINTS,
    ) -> Listening:
        """Return the words of every (call, channel); all spans are in one language.

        Windows of a full-length model are filled across channels and calls. Spans whose words might be somebody else's, or
        whose text a gate refuses, are heard again with their own channel only, and what is refused then once more alone
        and without loops.
        """
        told = hints.within(language, self._count_tokens)
        if self.is_full_length:
            told = told.in_style(language)
        sifter = Sifter(spans, waveforms, language)
        heard = Listening()
        windows = pack(spans, self.window_s, across=self.is_full_length)
        again = self._listen(windows, sifter, told, heard, wants_certainty=True)
        again = self._listen(pack(_in_order(again), self.window_s), sifter, told, heard)
        alone = [Window((Placement(p.call, p.span, 0),), p.span.length) for p in again]
        self._listen(alone, sifter, NO_HINTS, heard, is_last_try=True)
        for words in heard.words.values():
            words.sort(key=lambda word: word.start_ms)
        return heard

    def _listen(
        self,
        windows: Sequence[Window],
        sifter: Sifter,
        hints: Hints,
        heard: Listening,
        *,
        wants_certainty: bool = False,
        is_last_try: bool = False,
    ) -> list[Placement]:
        """Decode windows into ``heard``; return what is to be heard again."""
        again: list[Placement] = []
        for utterance, no_speech in self._utterances(windows, sifter, hints, LOOP_TOKENS if is_last_try else 0):
            placement = utterance.placement
            kept, dropped, is_refused = sifter.sift(utterance, no_speech, hints)
            if not is_last_try and (is_refused or (wants_certainty and utterance.is_doubtful)):
                again.append(placement)
                continue
            heard.words.setdefault(placement.owner, []).extend(kept)
            if dropped:
                heard.dropped.setdefault(placement.owner, []).extend(dropped)
        return again

    def _utterances(
        self, windows: Sequence[Window], sifter: Sifter, hints: Hints, loop_tokens: int
    ) -> Iterator[tuple[Utterance, float]]:
        """Yield every span with what was heard in it, and the no-speech probability of its window."""
        if not windows:
            return
        tape = lay_tape(windows, sifter.waveforms)
        by_window = self._decode(tape, windows, sifter.language, hints, loop_tokens)
        for index, window in enumerate(windows):
            segments = by_window.get(index, [])
            pieces = [_piece(word, tape.starts[index]) for segment in segments for word in segment.words or ()]
            no_speech = max((segment.no_speech_prob for segment in segments), default=0.0)
            for utterance in share(window, join_pieces(pieces, sifter.language)):
                yield utterance, no_speech

    def _decode(
        self, tape: Tape, windows: Sequence[Window], language: str, hints: Hints, loop_tokens: int
    ) -> dict[int, list[Any]]:
        """Return faster-whisper's segments by window; the model's workers take batches side by side."""
        workers = max(1, self.model.model.num_workers)
        size = -(-self.batch_size // workers)
        clips = tape.clips(windows)

        def decode(start: int) -> list[Any]:
            segments, _ = BatchedInferencePipeline(self.model).transcribe(
                tape.samples,
                language=language,
                beam_size=self.beam_size,
                batch_size=size,
                temperature=0.0,
                no_repeat_ngram_size=loop_tokens,
                condition_on_previous_text=False,
                word_timestamps=True,
                without_timestamps=True,
                clip_timestamps=clips[start : start + size],
                initial_prompt=hints.initial_prompt or None,
                hotwords=hints.terms_text or None,
            )
            return list(segments)

        by_window: dict[int, list[Any]] = {}
        with ThreadPoolExecutor(workers) as pool:
            for segment in chain.from_iterable(pool.map(decode, range(0, len(windows), size))):
                index = bisect_right(tape.starts, (segment.seek + 1) * FRAME) - 1
                by_window.setdefault(index, []).append(segment)
        return by_window

    def _count_tokens(self, text: str) -> int:
        return len(self.model.hf_tokenizer.encode(text, add_special_tokens=False).ids)

    def detect_language(self, spans: Sequence[Span], samples: Waveform) -> tuple[str, float]:
        """Return the likeliest language of a call's first windows, and its probability."""
        if not self.model.model.is_multilingual:
            return "en", 1.0
        windows = pack([(0, span) for span in spans], self.window_s)
        longest = sorted(windows, key=lambda window: -window.length)[:DETECTION_WINDOWS]
        tape = lay_tape(longest, [samples])
        extractor = self.model.feature_extractor
        features = [
            pad_or_trim(extractor(tape.samples[start : start + window.length])[..., :-1])
            for start, window in zip(tape.starts, longest, strict=True)
        ]
        found = self.model.model.detect_language(self.model.encode(np.stack(features)))
        return _vote(found)


def _in_order(placements: Iterable[Placement]) -> list[tuple[int, Span]]:
    return sorted(((p.call, p.span) for p in placements), key=lambda item: (item[0], item[1].channel, item[1].start))


def _vote(found: Sequence[Sequence[tuple[str, float]]]) -> tuple[str, float]:
    total: dict[str, float] = {}
    for window in found:
        for token, probability in window:
            total[token[2:-2]] = total.get(token[2:-2], 0.0) + probability
    language = max(total, key=lambda name: total[name])
    return language, total[language] / len(found)


def _piece(word: Any, start: int) -> Piece:  # noqa: ANN401 - faster-whisper's Word
    offset = start * 1_000 / RATE_HZ
    return Piece(
        text=word.word,
        start_ms=max(0, round(word.start * 1_000 - offset)),
        end_ms=max(0, round(word.end * 1_000 - offset)),
        probability=float(word.probability),
    )
