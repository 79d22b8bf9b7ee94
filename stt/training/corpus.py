"""Spoken sentences on disk: one file of samples, one line of facts per clip.

What is said and who says it come from the caller: sentences as an iterator, the voice as a
function. The times of words and phonemes that a synthesiser knows are kept, because training
without them takes ten times as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Protocol

import msgspec
import numpy as np
import numpy.typing as npt

from hub.errors import Misconfigured
from stt.audio import RATE_HZ

LONGEST_CLIP_MS = 9_600
_SILENCE = "_"
_PEAK = 0.85
_QUIETEST_PEAK = 1e-4

_VARIANTS = (
    *("m1", "m2", "m3", "m4", "m5", "m7", "m8", "f1", "f2", "f3", "f5"),
    *("Andy", "Alex", "Alicia", "Denis", "Gene", "Michael", "anika", "belinda", "linda", "steph", "max"),
    *("Lee", "Mario", "antonio", "david", "pablo", "Andrea", "Diogo", "Gene2", "Henrique", "Jacky", "Marco", "Mike"),
    *("Nguyen", "Reed", "Storm", "adam", "announcer", "aunty", "benjamin", "boris", "caleb", "ed", "edward", "grandma"),
    *(
        "grandpa",
        "gustave",
        "ian",
        "iven",
        "iven2",
        "iven4",
        "john",
        "kaukovalta",
        "klatt",
        "klatt2",
        "klatt4",
        "croak",
    ),
    *(
        "marcelo",
        "michel",
        "miguel",
        "mike2",
        "norbert",
        "paul",
        "pedro",
        "quincy",
        "rob",
        "robert",
        "sandro",
        "shelby",
    ),
    *("steph2", "steph3", "travis", "victor", "zac"),
)
_HELD_OUT = ("m6", "f4", "Annie", "Hugo")
_BASES = {"ko": ("ko",), "en": ("en-us", "en-us", "en-gb-x-rp")}
TRAINING_VOICES = {
    language: tuple(base + suffix for base in bases for suffix in ("", *(f"+{v}" for v in _VARIANTS)))
    for language, bases in _BASES.items()
}
HELD_OUT_VOICES = {
    language: tuple(f"{base}+{variant}" for base in dict.fromkeys(bases) for variant in _HELD_OUT)
    for language, bases in _BASES.items()
}
_RATES = {"ko": (120, 245), "en": (125, 215)}
_PITCHES, _PITCH_RANGES = (12, 91), (10, 91)


class SentenceLike(Protocol):
    """A sentence: units of (written form, spoken form, ...)."""

    @property
    def units(self) -> Sequence[Sequence[str]]:
        """Return the words in order."""
        ...


class SpeechLike(Protocol):
    """What a voice returns: samples, words as (position in text, start, end), phonemes as (name, start), in ms."""

    @property
    def pcm(self) -> npt.NDArray[np.float32]:
        """Return mono samples within [-1, 1]."""
        ...

    @property
    def rate_hz(self) -> int:
        """Return the sampling rate."""
        ...

    @property
    def words(self) -> Sequence[tuple[int, int, int]]:
        """Return one (position, start_ms, end_ms) per spoken word."""
        ...

    @property
    def phonemes(self) -> Sequence[tuple[str, int]]:
        """Return one (name, start_ms) per phoneme."""
        ...


class Speak(Protocol):
    """Speaks a text with a voice, 16 kHz."""

    def __call__(self, text: str, voice: str, rate: int, pitch: int, *, pitch_range: int, rate_hz: int) -> SpeechLike:
        """Return the speech."""
        ...


class Unit(msgspec.Struct, frozen=True, array_like=True):
    """A written word and when it is heard."""

    written: str
    start_ms: int
    end_ms: int


class Clip(msgspec.Struct, frozen=True):
    """One spoken sentence: samples [offset, offset + length) of the corpus, its words and phonemes."""

    language: str
    voice: str
    offset: int
    length: int
    units: tuple[Unit, ...]
    phonemes: tuple[tuple[str, int], ...]

    @property
    def text(self) -> str:
        """Return the sentence as transcripts write it."""
        return " ".join(unit.written for unit in self.units)

    @property
    def duration_s(self) -> float:
        """Return the length in seconds."""
        return self.length / RATE_HZ


@dataclass(frozen=True, slots=True)
class Corpus:
    """Clips, and their samples as one memory-mapped array of 16-bit integers."""

    clips: tuple[Clip, ...]
    samples: npt.NDArray[np.int16]

    def audio(self, clip: Clip) -> npt.NDArray[np.float32]:
        """Return a clip's samples within [-1, 1]."""
        kept = self.samples[clip.offset : clip.offset + clip.length]
        return kept.astype(np.float32) / np.float32(32_768)


def build_corpus(
    sentences: Mapping[str, Iterable[SentenceLike]],
    speak: Speak,
    directory: Path,
    *,
    seed: int,
    voices: Mapping[str, Sequence[str]] = TRAINING_VOICES,
) -> Corpus:
    """Speak every sentence once and keep the clips in a directory; a finished corpus is only opened.

    Args:
        sentences: by language, each iterated once to its end.
        speak: the voice.
        directory: where ``audio.i16`` and ``clips.jsonl`` go.
        seed: of voices, rates and pitches.
        voices: names of voices by language.
    """
    index = directory / "clips.jsonl"
    if not index.exists():
        directory.mkdir(parents=True, exist_ok=True)
        unfinished = index.with_suffix(".unfinished")
        with (directory / "audio.i16").open("wb") as audio, unfinished.open("wb") as lines:
            for clip, samples in _spoken(sentences, speak, seed, voices):
                audio.write(samples.tobytes())
                lines.write(msgspec.json.encode(clip) + b"\n")
        unfinished.rename(index)
    return open_corpus(directory)


def open_corpus(directory: Path) -> Corpus:
    """Open a corpus that ``build_corpus`` finished."""
    index = directory / "clips.jsonl"
    if not index.exists():
        raise Misconfigured(f"No speech corpus in {directory.name}", reason="no_corpus")
    decoder = msgspec.json.Decoder(Clip)
    with index.open("rb") as lines:
        clips = tuple(decoder.decode(line) for line in lines)
    return Corpus(clips, np.memmap(directory / "audio.i16", dtype=np.int16, mode="r"))


def _spoken(
    sentences: Mapping[str, Iterable[SentenceLike]], speak: Speak, seed: int, voices: Mapping[str, Sequence[str]]
) -> Iterator[tuple[Clip, npt.NDArray[np.int16]]]:
    offset = 0
    for language in sorted(sentences):
        random = Random(f"{seed}:{language}")
        for sentence in sentences[language]:
            made = _make(sentence, speak, language, random.choice(voices[language]), random, offset)
            if made is not None:
                yield made
                offset += made[0].length


def _make(
    sentence: SentenceLike, speak: Speak, language: str, voice: str, random: Random, offset: int
) -> tuple[Clip, npt.NDArray[np.int16]] | None:
    spoken = " ".join(unit[1] for unit in sentence.units)
    rate, pitch, pitch_range = (
        random.randrange(*_RATES[language]),
        random.randrange(*_PITCHES),
        random.randrange(*_PITCH_RANGES),
    )
    speech = speak(spoken, voice, rate, pitch, pitch_range=pitch_range, rate_hz=RATE_HZ)
    peak = float(np.abs(speech.pcm).max(initial=0.0))
    if peak < _QUIETEST_PEAK or len(speech.pcm) * 1_000 / RATE_HZ > LONGEST_CLIP_MS:
        return None
    samples = (speech.pcm * (_PEAK / peak * 32_767)).astype(np.int16)
    phonemes = tuple((name, start) for name, start in speech.phonemes)
    clip = Clip(language, voice, offset, len(samples), tuple(time_units(sentence, speech)), phonemes)
    return clip, samples


def time_units(sentence: SentenceLike, speech: SpeechLike) -> list[Unit]:
    """Give every written word the time of its spoken words, pauses after it left out."""
    position, starts = 0, []
    for unit in sentence.units:
        inside = [word[1] for word in speech.words if position <= word[0] < position + len(unit[1])]
        starts.append(inside[0] if inside else None)
        position += len(unit[1]) + 1
    bounds = [*_filled(starts), len(speech.pcm) * 1_000 // speech.rate_hz]
    return [
        Unit(unit[0], bounds[i], _without_pause(bounds[i], bounds[i + 1], speech.phonemes))
        for i, unit in enumerate(sentence.units)
    ]


def _filled(starts: Sequence[Any]) -> list[int]:
    """Give a word that the voice reported no time for the time of the word before it."""
    filled: list[int] = []
    for start in starts:
        filled.append(start if start is not None else (filled[-1] if filled else 0))
    return filled


def _without_pause(start: int, end: int, phonemes: Sequence[tuple[str, int]]) -> int:
    inside = [phoneme for phoneme in phonemes if start <= phoneme[1] < end]
    kept = end
    for name, at in reversed(inside):
        if not name.startswith(_SILENCE):
            break
        kept = at
    return kept if kept > start else end
