"""Clips laid into windows, and what the decoder should say about each.

A window holds clips of one language with pauses between them; the last may be cut. Half of the
targets carry timestamps, a quarter follow a prompt of earlier text, a few are silence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

import numpy as np
import numpy.typing as npt

from stt.audio import RATE_HZ
from stt.training.corpus import Clip, Corpus
from stt.training.tokens import Vocabulary

POSITION_S = 0.02
POSITION_SAMPLES = 320
LONGEST_PROMPT = 60
_TIMESTAMP_SHARE = 0.5
_PROMPT_SHARE = 0.25
_SILENT_SHARE = 0.03
_SLACK_S = 0.08
IGNORED = -100
_SILENCE = "_"

Interval = tuple[float, float] | None
"""The seconds in which a token is spoken, None for tokens that are not."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A clip in a window, from ``at_s`` on."""

    clip: Clip
    at_s: float
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Example:
    """One window: sound, phoneme of each position, tokens, and when each token is spoken.

    ``prompt`` tokens at the start are given, not learnt. ``length`` in samples.
    """

    samples: npt.NDArray[np.float32]
    length: int
    phonemes: npt.NDArray[np.int64]
    tokens: tuple[int, ...]
    intervals: tuple[Interval, ...]
    prompt: int


class WindowMaker:
    """Makes examples from a corpus; every one depends on the random source given and nothing else.

    Args:
        corpus: the clips.
        vocabulary: how they are spelt.
        phonemes: number of each phoneme.
        korean_share: of windows, where there are both languages.
        number_share: of clips that must hold a number of three digits or more: the hardest thing to hear.
    """

    def __init__(
        self,
        corpus: Corpus,
        vocabulary: Vocabulary,
        phonemes: dict[str, int],
        *,
        korean_share: float = 0.6,
        number_share: float = 0.5,
    ) -> None:
        self._korean_share = korean_share
        self._number_share = number_share
        self._corpus = corpus
        self._vocabulary = vocabulary
        self._phonemes = phonemes
        self._by_language: dict[str, list[Clip]] = {}
        for clip in corpus.clips:
            self._by_language.setdefault(clip.language, []).append(clip)
        self._numbers = {
            language: [clip for clip in clips if re.search(r"\d{3}", clip.text)] or clips
            for language, clips in self._by_language.items()
        }
        self._spelt: dict[str, tuple[list[int], list[float]]] = {}

    def example(self, positions: int, random: Random) -> Example:
        """Return a window of that many encoder positions (20 ms each)."""
        if random.random() < _SILENT_SHARE:
            return self._silent(positions, random)
        language = self._language(random)
        samples = np.zeros(positions * POSITION_SAMPLES, np.float32)
        laid = self._lay(positions, language, samples, random)
        end_s = min(laid[-1].at_s + laid[-1].clip.duration_s, positions * POSITION_S)
        tail_s = random.choice((0.03, random.uniform(0, 0.5), random.uniform(0, 1.5)))
        length = int(min(positions * POSITION_S, end_s + tail_s) * RATE_HZ) // 160 * 160
        tokens, intervals, prompt = self._target(laid, positions, language, random)
        return Example(samples, length, self._labels(laid, positions, length), tokens, intervals, prompt)

    def _language(self, random: Random) -> str:
        if len(self._by_language) == 1:
            return next(iter(self._by_language))
        return "ko" if random.random() < self._korean_share else "en"

    def _silent(self, positions: int, random: Random) -> Example:
        noise = np.random.default_rng(random.getrandbits(32)).standard_normal(positions * POSITION_SAMPLES)
        start, nothing = self._vocabulary.id("<|startoftranscript|>"), self._vocabulary.id("<|nospeech|>")
        labels = np.zeros(positions, np.int64)
        return Example((noise * 1e-4).astype(np.float32), len(noise), labels, (start, nothing), (None, None), 0)

    def _pick(self, language: str, longest_s: float, random: Random) -> Clip:
        clips = (self._numbers if random.random() < self._number_share else self._by_language)[language]
        drawn = [random.choice(clips) for _ in range(24)]
        return next((clip for clip in drawn if clip.duration_s <= longest_s), min(drawn, key=lambda c: c.length))

    def _lay(self, positions: int, language: str, samples: npt.NDArray[np.float32], random: Random) -> list[Laid]:
        width_s = positions * POSITION_S
        at_s = random.choice((random.uniform(0, 0.3), random.uniform(0, 0.95)))
        laid: list[Laid] = []
        while True:
            left_s = width_s - at_s
            may_be_cut = bool(laid) and not (left_s > 1.2 and random.random() < 0.8)
            clip = self._pick(language, 99.0 if may_be_cut else left_s, random)
            if not laid and clip.duration_s > left_s:
                at_s = max(0.0, width_s - clip.duration_s - 0.01)
            self._mix(clip, at_s, samples, random)
            laid.append(Laid(clip, at_s, at_s + clip.duration_s <= width_s + 1e-6))
            pause_s = random.choice((random.uniform(0.12, 0.5), random.uniform(0.3, 1.4)))
            at_s += clip.duration_s + pause_s
            is_enough = random.random() < (0.45 if positions <= 200 else 0.12)
            if not laid[-1].is_whole or at_s + 0.3 > width_s or is_enough:
                return laid

    def _mix(self, clip: Clip, at_s: float, samples: npt.NDArray[np.float32], random: Random) -> None:
        sound = self._corpus.audio(clip) * 10 ** (random.uniform(-8, 0) / 20)
        start = int(at_s * RATE_HZ)
        end = min(len(samples), start + len(sound))
        samples[start:end] += sound[: max(0, end - start)]

    def _labels(self, laid: Sequence[Laid], positions: int, length: int) -> npt.NDArray[np.int64]:
        labels = np.zeros(positions, np.int64)
        for item in laid:
            bounds = [*item.clip.phonemes, (_SILENCE, round(item.clip.duration_s * 1_000))]
            for (name, start_ms), (_, end_ms) in pairwise(bounds):
                first, last = (round((item.at_s + ms / 1_000) / POSITION_S) for ms in (start_ms, end_ms))
                labels[first:last] = self._phonemes.get(name, 0)
        labels[-(-length // POSITION_SAMPLES) :] = IGNORED
        return labels

    def _target(
        self, laid: Sequence[Laid], positions: int, language: str, random: Random
    ) -> tuple[tuple[int, ...], tuple[Interval, ...], int]:
        ids, spoken = self._vocabulary, _Spoken(self._vocabulary, positions)
        has_times = random.random() < _TIMESTAMP_SHARE
        prompt = self._prompt(language, random) if random.random() < _PROMPT_SHARE else []
        spoken.add(*prompt, ids.id("<|startoftranscript|>"), ids.id(f"<|{language}|>"), ids.id("<|transcribe|>"))
        if not has_times:
            spoken.add(ids.id("<|notimestamps|>"))
        for item in laid:
            if not item.is_whole and has_times and len(laid) > 1:
                spoken.add_time(item.at_s + item.clip.units[0].start_ms / 1_000, is_spoken=False)
                break
            self._say(item, spoken, has_times=has_times)
        spoken.add(ids.id("<|endoftext|>"))
        return tuple(spoken.tokens), tuple(spoken.intervals), len(prompt)

    def _say(self, item: Laid, spoken: _Spoken, *, has_times: bool) -> None:
        start_s = item.at_s + item.clip.units[0].start_ms / 1_000
        if has_times:
            spoken.add_time(start_s, is_spoken=True)
        end_s = None
        for unit in item.clip.units:
            from_s, to_s = (item.at_s + ms / 1_000 for ms in (unit.start_ms, unit.end_ms))
            if to_s > spoken.width_s + POSITION_S:
                break
            spoken.add_word(*self._spell(unit.written), from_s, to_s)
            end_s = to_s
        if has_times and end_s is not None:
            spoken.add_time(end_s, is_spoken=True, is_end=True)

    def _spell(self, word: str) -> tuple[list[int], list[float]]:
        if word not in self._spelt:
            ids, tokens = self._vocabulary.encode(" " + word)
            self._spelt[word] = (ids, [_spoken_weight(token) for token in tokens])
        return self._spelt[word]

    def _prompt(self, language: str, random: Random) -> list[int]:
        tokens: list[int] = []
        for _ in range(random.choice((1, 1, 2, 4))):
            clip = random.choice(self._by_language[language])
            tokens += [token for unit in clip.units for token in self._spell(unit.written)[0]]
        return [self._vocabulary.id("<|startofprev|>"), *tokens[-LONGEST_PROMPT:]]


class _Spoken:
    """Tokens as they are put together, each with its interval."""

    def __init__(self, vocabulary: Vocabulary, positions: int) -> None:
        self._first_timestamp = vocabulary.first_timestamp
        self._positions = positions
        self.width_s = positions * POSITION_S
        self.tokens: list[int] = []
        self.intervals: list[Interval] = []

    def add(self, *tokens: int) -> None:
        self.tokens += tokens
        self.intervals += [None] * len(tokens)

    def add_time(self, at_s: float, *, is_spoken: bool, is_end: bool = False) -> None:
        self.tokens.append(self._first_timestamp + min(round(at_s / POSITION_S), self._positions))
        around = (at_s - 0.2, at_s + 0.15) if is_end else (at_s - 0.1, at_s + 0.15)
        self.intervals.append(around if is_spoken else None)

    def add_word(self, ids: Sequence[int], weights: Sequence[float], from_s: float, to_s: float) -> None:
        total, passed = sum(weights), 0.0
        for token, weight in zip(ids, weights, strict=True):
            begin = from_s + (to_s - from_s) * passed / total
            passed += weight
            end = from_s + (to_s - from_s) * passed / total
            self.tokens.append(token)
            self.intervals.append((begin - _SLACK_S, end + _SLACK_S))


def _spoken_weight(token: str) -> float:
    """Return how long a token takes to say, relative to a syllable or a digit."""
    bare = token.lstrip("\u0120")
    if bare in "-.,?%":
        return 0.25
    return 1.0 if len(bare) == 1 or ord(bare[0]) > 127 else max(1.0, len(bare) * 0.8)
