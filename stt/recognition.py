"""Run a Whisper model over the speech of many calls at once and bring every word back to its place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel
from faster_whisper.audio import pad_or_trim

from hub.records import Word
from stt.audio import RATE_HZ, Waveform
from stt.gates import Dropped, Heard, refuse
from stt.packing import FRAME, Placement, Tape, Window, lay_tape, locate, pack
from stt.speech_spans import Span, level_db
from stt.words import Piece, join_pieces

GAP_S = 0.1
DETECTION_WINDOWS = 2
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

    def recognize(self, spans: Sequence[tuple[int, Span]], waveforms: Sequence[Waveform], language: str) -> Listening:
        """Return the words of every (call, channel); all spans are in one language.

        A window whose text a gate refuses is decoded again, span by span and without loops.
        """
        heard = Listening()
        failed = self._listen(pack(spans, self.window_s, GAP_S), waveforms, language, heard)
        alone = [Window((replace(p, at=0),), p.span.length) for window in failed for p in window.placements]
        self._listen(alone, waveforms, language, heard, is_last_try=True)
        for words in heard.words.values():
            words.sort(key=lambda word: word.start_ms)
        return heard

    def _listen(
        self,
        windows: Sequence[Window],
        waveforms: Sequence[Waveform],
        language: str,
        heard: Listening,
        *,
        is_last_try: bool = False,
    ) -> list[Window]:
        """Decode windows into ``heard``; return those to be tried again."""
        if not windows:
            return []
        tape = lay_tape(windows, waveforms)
        by_window = self._decode(tape, windows, language, LOOP_TOKENS if is_last_try else 0)
        failed = []
        for index, segments in by_window.items():
            if not is_last_try and any(refuse(_heard(segment, tape)) for segment in segments):
                failed.append(windows[index])
            else:
                _bring_back((tape.starts[index], windows[index]), segments, tape, language, heard)
        return failed

    def _decode(self, tape: Tape, windows: Sequence[Window], language: str, loop_tokens: int) -> dict[int, list[Any]]:
        """Return faster-whisper's segments by window."""
        segments, _ = BatchedInferencePipeline(self.model).transcribe(
            tape.samples,
            language=language,
            beam_size=self.beam_size,
            batch_size=self.batch_size,
            temperature=0.0,
            no_repeat_ngram_size=loop_tokens,
            condition_on_previous_text=False,
            word_timestamps=True,
            without_timestamps=False,
            clip_timestamps=tape.clips(windows),
        )
        by_window: dict[int, list[Any]] = {}
        for segment in segments:
            by_window.setdefault(bisect_right(tape.starts, (segment.seek + 1) * FRAME) - 1, []).append(segment)
        return by_window

    def detect_language(self, spans: Sequence[Span], samples: Waveform) -> tuple[str, float]:
        """Return the likeliest language of a call's first windows, and its probability."""
        if not self.model.model.is_multilingual:
            return "en", 1.0
        windows = pack([(0, span) for span in spans], self.window_s, GAP_S)
        longest = sorted(windows, key=lambda window: -window.length)[:DETECTION_WINDOWS]
        tape = lay_tape(longest, [samples])
        extractor = self.model.feature_extractor
        features = [
            pad_or_trim(extractor(tape.samples[start : start + window.length])[..., :-1])
            for start, window in zip(tape.starts, longest, strict=True)
        ]
        found = self.model.model.detect_language(self.model.encode(np.stack(features)))
        return _vote(found)


def _vote(found: Sequence[Sequence[tuple[str, float]]]) -> tuple[str, float]:
    total: dict[str, float] = {}
    for window in found:
        for token, probability in window:
            total[token[2:-2]] = total.get(token[2:-2], 0.0) + probability
    language = max(total, key=lambda name: total[name])
    return language, total[language] / len(found)


def _bring_back(
    window_at: tuple[int, Window], segments: Sequence[Any], tape: Tape, language: str, heard: Listening
) -> None:
    """Give a window's words back to the calls and channels they were spoken on."""
    start, window = window_at
    pieces: list[Piece] = []
    for segment in segments:
        reason = refuse(_heard(segment, tape))
        found = [_piece(word, start) for word in segment.words or ()]
        if reason is None:
            pieces += found
        elif found:
            placement = locate(window, _sample(found[0]))
            key = (placement.call, placement.span.channel)
            heard.dropped.setdefault(key, []).append(_dropped(segment.text, reason, found, placement))
    for word in join_pieces(pieces, language):
        placement = locate(window, (word.start_ms + word.end_ms) * RATE_HZ // 2_000)
        heard.words.setdefault((placement.call, placement.span.channel), []).append(_in_call(word, placement))


def _heard(segment: Any, tape: Tape) -> Heard:  # noqa: ANN401 - faster-whisper's Segment
    under = tape.samples[int(segment.start * RATE_HZ) : int(segment.end * RATE_HZ)]
    return Heard(
        text=segment.text,
        duration_s=segment.end - segment.start,
        average_log_probability=segment.avg_logprob,
        no_speech_probability=segment.no_speech_prob,
        compression_ratio=segment.compression_ratio,
        level_db=level_db(under),
    )


def _piece(word: Any, start: int) -> Piece:  # noqa: ANN401 - faster-whisper's Word
    offset = start * 1_000 / RATE_HZ
    return Piece(
        text=word.word,
        start_ms=max(0, round(word.start * 1_000 - offset)),
        end_ms=max(0, round(word.end * 1_000 - offset)),
        probability=float(word.probability),
    )


def _sample(piece: Piece) -> int:
    return (piece.start_ms + piece.end_ms) * RATE_HZ // 2_000


def _to_call_ms(window_ms: int, placement: Placement) -> int:
    sample = window_ms * RATE_HZ // 1_000 - placement.at + placement.span.start
    return round(min(max(sample, placement.span.start), placement.span.end) * 1_000 / RATE_HZ)


def _in_call(word: Word, placement: Placement) -> Word:
    return Word(
        text=word.text,
        start_ms=_to_call_ms(word.start_ms, placement),
        end_ms=_to_call_ms(word.end_ms, placement),
        probability=word.probability,
    )


def _dropped(text: str, reason: str, pieces: Sequence[Piece], placement: Placement) -> Dropped:
    return Dropped(
        text=text.strip(),
        reason=reason,
        role="",
        start_ms=_to_call_ms(pieces[0].start_ms, placement),
        end_ms=_to_call_ms(pieces[-1].end_ms, placement),
    )
