"""Short English recordings of one utterance each, as a call centre's voice mail or a cut-up conversation has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import butter, resample_poly, sosfilt

from demo.dialogues import Sentence, sentences
from demo.voices import speak

VOICES = ("en-us", "en-us+m1", "en-us+m3", "en-us+m7", "en-us+f1", "en-us+f3")
SPOKEN_HZ, TELEPHONE_HZ = 16_000, 8_000
BAND_HZ = (300, 3_400)
LEVEL = 0.08
LINE_NOISE = 2e-4
SHORTEST_S, LONGEST_S = 3.0, 12.0
AROUND_S = 0.4

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SpokenCall:
    """A recording, what is said on it, and how long that takes."""

    path: Path
    text: str
    utterance_s: float


def write_spoken_calls(
    directory: Path, count: int, *, seed: int = 3, snr_db: float | None = None, is_narrow: bool = False
) -> list[SpokenCall]:
    """Write recordings (8 kHz mu-law) whose utterances last 3 to 12 s, evenly spread.

    Args:
        directory: where they go.
        count: how many.
        seed: of texts, voices and noise.
        snr_db: level of speech over white noise; None for a clean line.
        is_narrow: cut what an analogue line cuts, below 300 and above 3,400 Hz.
    """
    directory.mkdir(parents=True, exist_ok=True)
    random = Random(seed)
    stream = sentences(seed, "en", 1_000_000, salad=0.0)
    return [
        _write(directory / f"call-{number:04d}.wav", stream, random, snr_db, is_narrow=is_narrow)
        for number in range(count)
    ]


def _write(
    path: Path, stream: Iterator[Sentence], random: Random, snr_db: float | None, *, is_narrow: bool
) -> SpokenCall:
    speech, text = _utterance(stream, random)
    quiet = np.zeros(int(AROUND_S * SPOKEN_HZ), np.float32)
    sound = np.concatenate([quiet, speech, quiet])
    noise = np.random.default_rng(random.getrandbits(32)).standard_normal(len(sound)).astype(np.float32)
    gain = LINE_NOISE if snr_db is None else LEVEL * 10 ** (-snr_db / 20)
    line = resample_poly(sound + noise * gain, TELEPHONE_HZ, SPOKEN_HZ)
    if is_narrow:
        line = sosfilt(butter(4, BAND_HZ, "band", fs=TELEPHONE_HZ, output="sos"), line)
    soundfile.write(path, np.clip(line, -1.0, 1.0), TELEPHONE_HZ, subtype="ULAW", format="WAV")
    return SpokenCall(path, text, len(speech) / SPOKEN_HZ)


def _utterance(stream: Iterator[Sentence], random: Random) -> tuple[Samples, str]:
    """Say sentences one after another until a length drawn from 3 to 12 s is reached as nearly as sentences allow."""
    voice, rate = random.choice(VOICES), random.randrange(145, 190)
    wanted_s = random.uniform(SHORTEST_S, LONGEST_S)
    parts: list[Samples] = []
    texts: list[str] = []
    length = 0
    while length < wanted_s * SPOKEN_HZ:
        sentence = next(stream)
        said = speak(sentence.spoken, voice, rate, random.randrange(35, 65), rate_hz=SPOKEN_HZ).pcm
        pause = np.zeros(int(random.uniform(0.15, 0.5) * SPOKEN_HZ) if parts else 0, np.float32)
        if length + len(pause) + len(said) > LONGEST_S * SPOKEN_HZ:
            if length >= SHORTEST_S * SPOKEN_HZ:
                break
            continue
        parts += [pause, said * (LEVEL / (float(np.sqrt(np.mean(said**2))) + 1e-9))]
        texts.append(sentence.text)
        length += len(pause) + len(said)
    return np.concatenate(parts), " ".join(texts)
