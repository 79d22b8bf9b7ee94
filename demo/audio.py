"""Telephone recordings: speakers on a channel of their own, the line's band and noise, 8 kHz mu-law."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from demo.voices import TELEPHONE_HZ

_BAND_HZ = (250.0, 3_400.0)
_SPEECH_RMS = 0.09
_HUM_HZ = 60.0
_HEADROOM = 0.98


class Utterance(NamedTuple):
    """Speech at a place in a recording. ``channel``: 0 left, 1 right."""

    channel: int
    start_ms: int
    pcm: NDArray[np.float32]


def record(utterances: Sequence[Utterance], duration_ms: int, snr_db: float, seed: int) -> NDArray[np.float32]:
    """Mix utterances into a noisy telephone line.

    Returns:
        float32, shape (samples, 2), within [-1, 1].
    """
    samples = duration_ms * TELEPHONE_HZ // 1_000
    line = np.zeros((2, samples), np.float32)
    for utterance in utterances:
        start = utterance.start_ms * TELEPHONE_HZ // 1_000
        spoken = _levelled(utterance.pcm)[: samples - start]
        line[utterance.channel, start : start + len(spoken)] += spoken
    noise_rms = _SPEECH_RMS * 10 ** (-snr_db / 20)
    noisy = line + _line_noise(samples, seed).astype(np.float32) * noise_rms
    band = butter(4, _BAND_HZ, "bandpass", fs=TELEPHONE_HZ, output="sos")
    filtered: NDArray[np.float32] = np.clip(sosfilt(band, noisy, axis=1), -_HEADROOM, _HEADROOM).astype(np.float32)
    return filtered.T


def write_mulaw(path: Path, recording: NDArray[np.float32]) -> None:
    """Write a recording as a G.711 mu-law WAV file."""
    soundfile.write(path, recording, TELEPHONE_HZ, subtype="ULAW", format="WAV")


def _levelled(pcm: NDArray[np.float32]) -> NDArray[np.float32]:
    rms = float(np.sqrt(np.mean(pcm**2))) if len(pcm) else 0.0
    return pcm * np.float32(_SPEECH_RMS / rms) if rms > 0 else pcm


def _line_noise(samples: int, seed: int) -> NDArray[np.float64]:
    """Return white noise, a little slow rumble and mains hum on both channels, RMS about 1."""
    random = np.random.default_rng(seed)
    white = random.standard_normal((2, samples))
    rumble = np.repeat(random.standard_normal((2, samples // 8 + 1)), 8, axis=1)[:, :samples]
    time_s = np.arange(samples) / TELEPHONE_HZ
    hum = np.sin(2 * np.pi * _HUM_HZ * 5 * time_s) + 0.5 * np.sin(2 * np.pi * _HUM_HZ * 7 * time_s)
    mixed: NDArray[np.float64] = 0.85 * white + 0.35 * rumble + 0.3 * hum
    return mixed
