"""Tell two speakers on one channel apart by their voices.

Speech is cut at its pauses into pieces of a second or two. A piece is embedded when its block comes by, so that only
256 numbers a piece are kept; at the end of the call the pieces are grouped into two voices. Turns between people are
seldom shorter than a piece, so a change of voice costs something: a lone doubtful piece goes with its neighbours.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.cluster import KMeans

from stt.audio import RATE_HZ, Waveform
from stt.diarisation.encoder import embed, load_encoder
from stt.diarisation.weights import Array, EncoderWeights
from stt.speech_spans import Span

PIECE_S = 1.6
SHORTEST_S = 0.4
PAUSE_S = 0.08
PAUSE_DB = 20.0
"""A pause is this much weaker than the loud parts of its span."""
SAME_VOICE = 0.92
"""Two groups whose mean voices are more alike than this are one speaker. Short calls need the benefit of the doubt:
measured, two synthetic speakers are up to 0.89 alike, and one speaker's halves 0.72 to 0.94."""
SURELY_OTHER_VOICE = 0.75
"""Less alike than this are two speakers also where one was expected."""
ALIKE_ACROSS = 0.72
"""Stretches of two groups that are more alike than this on average are one speaker's: two groups can be made of any voice,
and their means hide how much each holds. Measured on synthetic calls at 25 dB and better: one speaker 0.59 to 0.84, mostly above 0.7, two 0.47 to 0.72."""
NOISE_WITHIN, NOISE_SLOPE = 0.84, 2.0
"""Noise makes all voices alike: where a group's own stretches are more alike than this, so may the groups be."""
CHANGE_COST = 0.04
FRAME = 160

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of speech, samples [start, end) of the recording."""

    start: int
    end: int


class Speakers:
    """Which of two voices speaks when; the one that spoke first is 0."""

    def __init__(self, pieces: Sequence[Piece], labels: Sequence[int]) -> None:
        self._starts = [piece.start for piece in pieces]
        self._pieces = pieces
        self._labels = labels

    def who(self, start_ms: int, end_ms: int) -> int:
        """Return who speaks in the middle of a word, by the nearest piece of speech."""
        middle = (start_ms + end_ms) * RATE_HZ // 2_000
        after = bisect_right(self._starts, middle)
        near = range(max(0, after - 1), min(len(self._pieces), after + 1))
        return self._labels[min(near, key=lambda index: self._distance(index, middle))]

    def _distance(self, index: int, sample: int) -> int:
        piece = self._pieces[index]
        return max(piece.start - sample, sample - piece.end, 0)


class Voices:
    """The pieces of a call's only channel and their voices, gathered block by block."""

    def __init__(self, weights: EncoderWeights) -> None:
        self._weights = weights
        self._pieces: list[Piece] = []
        self._voices: list[Array] = []

    def add(self, start: int, samples: Waveform, spans: Sequence[Span]) -> None:
        """Take a block's speech. ``start`` is the block's first sample in the recording."""
        pieces = [piece for span in spans for piece in cut(samples, span)]
        if pieces:
            self._voices.append(embed([samples[piece.start : piece.end] for piece in pieces], self._weights))
            self._pieces += [Piece(piece.start + start, piece.end + start) for piece in pieces]

    def separate(self, same_voice: float = SAME_VOICE) -> Speakers | None:
        """Return who speaks when; None when there is but one voice.

        Args:
            same_voice: how alike two groups of pieces may be and still count as two speakers.
        """
        if not self._pieces:
            return None
        voices = np.concatenate(self._voices)
        stretches, lengths = _stretches(self._pieces, voices)
        if len(stretches) < 2:
            return None
        groups = KMeans(2, n_init=10, random_state=0).fit_predict(stretches, sample_weight=lengths)
        means = _mean_voices(stretches, lengths, groups)
        alike_across = ALIKE_ACROSS - (SAME_VOICE - same_voice) / 2
        if float(means[0] @ means[1]) > same_voice or not _are_two(stretches, groups, alike_across):
            return None
        labels = _smooth(voices @ means.T, self._pieces)
        if not 0 < labels.sum() < len(labels):
            return None
        first = int(labels[0])
        return Speakers(self._pieces, [int(label != first) for label in labels])


def listen_for_voices() -> Voices | None:
    """Return what tells speakers apart; None without the extra ``diarisation``."""
    weights = load_encoder()
    return None if weights is None else Voices(weights)


def cut(samples: Waveform, span: Span) -> Iterator[Piece]:
    """Cut a span of speech at its pauses, and what is still long into equal pieces; too short ones join the next."""
    speech = samples[span.start : span.end]
    level = _levels(speech)
    is_speech = level > np.percentile(level, 95) - PAUSE_DB
    start = 0
    stretches: list[tuple[int, int]] = []
    for begin, end in _pauses(is_speech):
        if begin - start >= SHORTEST_S * RATE_HZ / FRAME:
            stretches.append((start, begin))
            start = end
    if stretches and len(level) - start < SHORTEST_S * RATE_HZ / FRAME:
        start = stretches.pop()[0]
    stretches.append((start, len(level)))
    for begin, end in stretches:
        parts = max(1, round((end - begin) * FRAME / (PIECE_S * RATE_HZ)))
        edges = [span.start + FRAME * (begin + (end - begin) * part // parts) for part in range(parts + 1)]
        yield from (Piece(left, min(right, span.end)) for left, right in pairwise(edges))


def _levels(speech: Waveform) -> npt.NDArray[np.float64]:
    whole = speech[: max(FRAME, len(speech) - len(speech) % FRAME)]
    whole = np.pad(whole, (0, -len(whole) % FRAME))
    power = np.square(whole.reshape(-1, FRAME), dtype=np.float64).mean(axis=1)
    return 10.0 * np.log10(power + 1e-10)


def _pauses(is_speech: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield the runs of quiet frames that are long enough, as [begin, end)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[True], is_speech, [True]]).astype(np.int8)))
    for begin, end in edges.reshape(-1, 2):
        if (end - begin) * FRAME >= PAUSE_S * RATE_HZ:
            yield int(begin), int(end)


def _stretches(pieces: Sequence[Piece], voices: Array) -> tuple[Array, npt.NDArray[np.float64]]:
    """Return the mean voice and the length of every stretch of speech without a pause."""
    lengths = np.array([piece.end - piece.start for piece in pieces], dtype=np.float64)
    begins = [place for place, piece in enumerate(pieces) if place == 0 or piece.start > pieces[place - 1].end]
    total = np.add.reduceat(voices * lengths[:, None], begins, axis=0)
    return _unit(total), np.add.reduceat(lengths, begins)


def _mean_voices(voices: Array, lengths: npt.NDArray[np.float64], groups: npt.NDArray[Any]) -> Array:
    """Return the mean voices of two groups, shape (2, 256); long stretches count for more."""
    return np.stack([_unit((voices * lengths[:, None])[groups == group].sum(axis=0)) for group in (0, 1)])


def _are_two(voices: Array, groups: npt.NDArray[Any], alike_across: float) -> bool:
    """Say whether the stretches of two groups differ as those of two people do, not only as one person's do from each other."""
    sums = [voices[groups == group].sum(axis=0, dtype=np.float64) for group in (0, 1)]
    sizes = [int((groups == group).sum()) for group in (0, 1)]
    across = float(sums[0] @ sums[1]) / (sizes[0] * sizes[1])
    pairs = sum(size * (size - 1) for size in sizes)
    within = sum(float(total @ total) - size for total, size in zip(sums, sizes, strict=True)) / pairs if pairs else 0.0
    return across < alike_across + NOISE_SLOPE * max(0.0, within - NOISE_WITHIN)


def _unit(vectors: npt.NDArray[Any]) -> Array:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9), dtype=np.float32)


def _smooth(likeness: Array, pieces: Sequence[Piece]) -> Labels:
    """Return the likeliest sequence of voices when every change costs something (Viterbi)."""
    gain = likeness * np.array([[(piece.end - piece.start) / RATE_HZ] for piece in pieces])
    total = gain[0].astype(np.float64)
    came_from = np.zeros((len(pieces), 2), np.int64)
    for index in range(1, len(pieces)):
        stay, change = total, total[::-1] - CHANGE_COST
        came_from[index] = np.where(stay >= change, [0, 1], [1, 0])
        total = np.maximum(stay, change) + gain[index]
    labels = np.zeros(len(pieces), np.int64)
    labels[-1] = int(total.argmax())
    for index in range(len(pieces) - 1, 0, -1):
        labels[index - 1] = came_from[index, labels[index]]
    return labels
