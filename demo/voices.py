"""Synthetic voices: espeak-ng in this process, with the time of every word.

espeak-ng is GPL-3, so it is an optional extra of the demo (`pip install speech-log-hub[demo]`) and this is
the only module that touches it. The library keeps one global state: one voice speaks at a time. Part of that state
(random roughness, the phase of its oscillators) lives on from sentence to sentence; ``restart`` forgets it, so that what
is spoken from then on is the same to the byte every time.
"""

from __future__ import annotations

import _ctypes
import ctypes
import threading
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from hub.errors import Misconfigured, Permanent

TELEPHONE_HZ = 8_000
_NATIVE_HZ = 22_050
_SYNCHRONOUS, _PHONEME_EVENTS, _UTF8 = 2, 1, 1
_EVENT_END, _EVENT_WORD, _EVENT_PHONEME = 0, 1, 7
_RATE, _VOLUME, _PITCH, _RANGE = 1, 2, 3, 4
_RANDOM_SEED = 1
_TAIL_S = 0.03
_FULL_SCALE = 32_768.0
_lock = threading.Lock()

_VARIANTS = (
    "m1",
    "m3",
    "m7",
    "f2",
    "f3",
    "f5",
    "Andy",
    "Alicia",
    "anika",
    "belinda",
    "Michael",
    "steph",
    "Mario",
    "Lee",
)
VOICES: dict[str, tuple[str, ...]] = {
    "ko": tuple(f"ko+{variant}" for variant in _VARIANTS),
    "en": tuple(f"en-us+{variant}" for variant in _VARIANTS),
}
"""Voice variants that are easy to understand over a telephone, by language."""


class WordTime(NamedTuple):
    """When the word that starts at a character of the spoken text begins and ends."""

    position: int
    start_ms: int
    end_ms: int


class Phoneme(NamedTuple):
    """A phoneme in espeak's notation and when it begins; names that start with ``_`` are silence."""

    name: str
    start_ms: int


@dataclass(frozen=True, slots=True)
class Speech:
    """Spoken audio, mono float32 within [-1, 1], with the times of its words and phonemes."""

    pcm: NDArray[np.float32]
    rate_hz: int
    words: tuple[WordTime, ...]
    phonemes: tuple[Phoneme, ...]

    @property
    def duration_ms(self) -> int:
        """How long it lasts."""
        return len(self.pcm) * 1_000 // self.rate_hz


class _EventId(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    ]


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(slots=True)
class _Take:
    """What the library has handed over of the sentence it is speaking."""

    chunks: list[NDArray[np.int16]] = field(default_factory=list)
    words: list[tuple[int, int]] = field(default_factory=list)
    phonemes: list[tuple[str, int]] = field(default_factory=list)


class _Espeak:
    """The loaded library. Its state is global to the process: whoever uses it holds the lock."""

    def __init__(self) -> None:
        self._library, data = _load()
        self._take = _Take()
        found = self._library.espeak_Initialize(_SYNCHRONOUS, 0, data.encode(), _PHONEME_EVENTS)
        if found != _NATIVE_HZ:
            raise Misconfigured("espeak-ng found no voices; reinstall the extra `demo`", reason="no_voices")
        self._callback = _CALLBACK(self._receive)
        self._library.espeak_SetSynthCallback(self._callback)
        self._library.espeak_ng_SetRandSeed(ctypes.c_long(_RANDOM_SEED))

    def unload(self) -> None:
        """Give the library back; only a new one may be used from here."""
        self._library.espeak_Terminate()
        _ctypes.dlclose(self._library._handle)

    def say(self, text: str, voice: str, rate: int, pitch: int, pitch_range: int) -> _Take:
        """Speak a text to its end and return everything the library reported."""
        self._take = _Take()
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise Misconfigured(f"espeak-ng has no voice {voice}", reason="unknown_voice")
        for parameter, value in ((_RATE, rate), (_VOLUME, 100), (_PITCH, pitch), (_RANGE, pitch_range)):
            self._library.espeak_SetParameter(parameter, value, 0)
        raw = text.encode()
        if self._library.espeak_Synth(raw, len(raw) + 1, 0, 1, 0, _UTF8, None, None) != 0:
            raise Permanent("espeak-ng could not speak a sentence", reason="speech_failed", voice=voice)
        return self._take

    def _receive(self, samples: ctypes._Pointer[ctypes.c_short], count: int, events: ctypes._Pointer[_Event]) -> int:
        if samples and count > 0:
            self._take.chunks.append(np.ctypeslib.as_array(samples, shape=(count,)).copy())
        index = 0
        while events[index].type != _EVENT_END:
            event = events[index]
            if event.type == _EVENT_WORD:
                self._take.words.append((event.text_position - 1, event.sample))
            elif event.type == _EVENT_PHONEME:
                self._take.phonemes.append((event.id.string.decode("utf-8", "replace"), event.sample))
            index += 1
        return 0


def speak(
    text: str,
    voice: str = "ko+f2",
    rate: int = 165,
    pitch: int = 50,
    *,
    pitch_range: int = 50,
    rate_hz: int = TELEPHONE_HZ,
) -> Speech:
    """Speak a text in its spoken form.

    Args:
        text: words as they are pronounced, numbers spelt out.
        voice: an espeak-ng voice with its variant, such as ``ko+f2``.
        rate: words a minute.
        pitch: 0 to 99.
        pitch_range: 0 (monotone) to 99.
        rate_hz: 8000 for the telephone, or 22050 as espeak-ng makes it.
    Raises:
        Misconfigured: the extra `demo` is not installed, or there is no such voice.
    """
    with _lock:
        take = _espeak().say(text, voice, rate, pitch, pitch_range)
    native = np.concatenate(take.chunks) if take.chunks else np.zeros(0, np.int16)
    end = _end_of_sound(take.phonemes, len(native))
    kept = native[: end + int(_TAIL_S * _NATIVE_HZ)].astype(np.float32) / _FULL_SCALE
    phonemes = tuple(Phoneme(name, _ms(at)) for name, at in take.phonemes if at <= end)
    return Speech(_resampled(kept, rate_hz), rate_hz, _word_times(text, take.words, end), phonemes)


def restart() -> None:
    """Load the library afresh: the same sentences in the same order are then the same samples."""
    with _lock:
        if _espeak.cache_info().currsize:
            _espeak().unload()
            _espeak.cache_clear()
        _espeak()


@cache
def _espeak() -> _Espeak:
    return _Espeak()


def _load() -> tuple[ctypes.CDLL, str]:
    try:
        import espeakng_loader
    except ImportError as error:
        raise Misconfigured(
            "Synthetic voices need the extra `demo` (espeak-ng, GPL-3): pip install 'speech-log-hub[demo]',"
            " or generate the demo bank without audio",
            reason="extra_missing",
        ) from error
    return ctypes.CDLL(espeakng_loader.get_library_path()), str(Path(espeakng_loader.get_data_path()))


def _ms(sample: int) -> int:
    return sample * 1_000 // _NATIVE_HZ


def _end_of_sound(phonemes: list[tuple[str, int]], samples: int) -> int:
    end = samples
    for name, at in reversed(phonemes):
        if not name.startswith("_"):
            break
        end = at
    return end


def _resampled(pcm: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
    if rate_hz == _NATIVE_HZ or not len(pcm):
        return pcm
    divisor = int(np.gcd(rate_hz, _NATIVE_HZ))
    out: NDArray[np.float32] = resample_poly(pcm, rate_hz // divisor, _NATIVE_HZ // divisor).astype(np.float32)
    return out


def _word_times(text: str, reported: list[tuple[int, int]], end: int) -> tuple[WordTime, ...]:
    """Give every word a start. espeak merges some short words into one event: theirs is interpolated by length."""
    positions = [at for at, c in enumerate(text) if c != " " and (at == 0 or text[at - 1] == " ")]
    known: dict[int, int] = {}
    for position, sample in reported:
        owner = max((p for p in positions if p <= position), default=0)
        known.setdefault(owner, sample)
    if positions:
        known.setdefault(positions[0], 0)
    anchors = [*((p, s) for p, s in sorted(known.items())), (len(text) + 1, end)]
    starts = np.interp(positions, [p for p, _ in anchors], [s for _, s in anchors])
    bounds = [*(int(s) for s in starts), end]
    return tuple(
        WordTime(position, _ms(bounds[i]), _ms(max(bounds[i], bounds[i + 1]))) for i, position in enumerate(positions)
    )
