"""Telephone line, noise and log-mel on batches of windows, in torch.

``log_mel`` gives the numbers of faster-whisper's FeatureExtractor; the rest is augmentation.
"""

from __future__ import annotations

import functools
import math
from random import Random

import numpy as np
import torch
from faster_whisper.feature_extractor import FeatureExtractor
from torch import Tensor

from stt.audio import RATE_HZ

HOP = 160
_FFT = 400
_MU = 255.0
_NOISE_S = 40
_TELEPHONE_SHARE = 0.85
_LOW_HZ, _HIGH_HZ = (60, 350), (3_200, 3_900)
_NOISE_ON_LINE_SHARE = 0.7
_QUIET_SHARE = 0.12
_NOISY_SNR_DB = (4.0, 28.0)
_QUIET_SNR_DB = (35.0, 60.0)


def log_mel(windows: Tensor, lengths: list[int], headroom: list[float]) -> Tensor:
    """Return features of shape (batch, 80, frames), zero after each window's length, as faster-whisper pads.

    Args:
        windows: (batch, samples), zero after each length.
        lengths: samples of each window that count.
        headroom: raises the loudest value that the floor is taken from; 0 is Whisper's own.
    """
    frames = windows.shape[1] // HOP
    filters, window = _mel_filters()
    padded = torch.nn.functional.pad(windows, (0, HOP))
    spectrum = torch.stft(padded, _FFT, HOP, window=window, center=True, pad_mode="reflect", return_complex=True)
    power = spectrum[..., :frames].abs().square()
    mel = torch.log10((filters @ power).clamp(min=1e-10))
    counts = torch.arange(frames)[None] < (torch.tensor(lengths) // HOP)[:, None]
    loudest = mel.masked_fill(~counts[:, None], -99.0).amax((1, 2)) + torch.tensor(headroom)
    mel = torch.maximum(mel, (loudest - 8.0)[:, None, None])
    return ((mel + 4.0) / 4.0) * counts[:, None]


@functools.cache
def _mel_filters() -> tuple[Tensor, Tensor]:
    filters = torch.tensor(np.asarray(FeatureExtractor().mel_filters, dtype=np.float32))
    return filters, torch.tensor(np.hanning(_FFT + 1)[:-1].astype(np.float32))


def augment(windows: Tensor, lengths: list[int], random: Random) -> Tensor:
    """Put clean windows on a line: noise before or after it, telephone band and mu-law on most of them."""
    batch, samples = windows.shape
    loud = windows.abs() > 1e-3
    level = ((windows**2).sum(1) / (loud.sum(1) + 1)).sqrt()[:, None]
    noise = torch.stack([_draw_noise(samples, random) for _ in range(batch)])
    gains = [_noise_gain(random) for _ in range(batch)]
    is_before = [random.random() < _NOISE_ON_LINE_SHARE for _ in range(batch)]
    before = torch.tensor([g if b else 0.0 for g, b in zip(gains, is_before, strict=True)])[:, None]
    after = torch.tensor([0.0 if b else g for g, b in zip(gains, is_before, strict=True)])[:, None]
    heard = windows + noise * level * before
    loudness = torch.tensor([10 ** (-random.uniform(0.0, 0.7)) for _ in range(batch)])[:, None]
    gain = 0.5 * loudness / (heard.abs().amax(1, keepdim=True) + 1e-6)
    heard, level = heard * gain, level * gain
    on_telephone = torch.tensor([random.random() < _TELEPHONE_SHARE for _ in range(batch)])
    if bool(on_telephone.any()):
        band = (random.uniform(*_LOW_HZ), random.uniform(*_HIGH_HZ))
        heard[on_telephone] = telephone(heard[on_telephone], *band)
    heard = heard + noise * level * after
    return heard * (torch.arange(samples)[None] < torch.tensor(lengths)[:, None])


def telephone(windows: Tensor, low_hz: float, high_hz: float) -> Tensor:
    """Send windows through a telephone: band-pass, 8 kHz, mu-law, and back to 16 kHz."""
    samples = windows.shape[-1]
    half = samples // 2
    spectrum = torch.fft.rfft(windows) * _band(samples, low_hz, high_hz)
    narrow = mu_law(torch.fft.irfft(spectrum[..., : half // 2 + 1], half) / 2)
    kept = torch.fft.rfft(narrow)
    wide = torch.zeros(*kept.shape[:-1], half + 1, dtype=kept.dtype)
    wide[..., : half // 2 + 1] = kept
    return torch.fft.irfft(wide, samples) * 2


def mu_law(samples: Tensor) -> Tensor:
    """Quantise to 8 bits by mu-law and back."""
    compressed = torch.log1p(_MU * samples.abs().clamp(max=1.0)) / math.log(1 + _MU)
    steps = torch.round((compressed * samples.sign() + 1) * 127.5) / 127.5 - 1
    return steps.sign() * (torch.exp(steps.abs() * math.log(1 + _MU)) - 1) / _MU


def _band(samples: int, low_hz: float, high_hz: float) -> Tensor:
    frequencies = torch.fft.rfftfreq(samples, 1 / RATE_HZ)
    return 1 / torch.sqrt(1 + (low_hz / (frequencies + 1e-3)) ** 8) / torch.sqrt(1 + (frequencies / high_hz) ** 16)


def _noise_gain(random: Random) -> float:
    snr_db = random.uniform(*(_QUIET_SNR_DB if random.random() < _QUIET_SHARE else _NOISY_SNR_DB))
    return float(10 ** (-snr_db / 20))


def _draw_noise(samples: int, random: Random) -> Tensor:
    bank = _noise_bank()
    kind = random.randrange(len(bank))
    start = random.randrange(bank.shape[1] - samples)
    return bank[kind, start : start + samples]


@functools.cache
def _noise_bank() -> Tensor:
    """Return white and pink noise, two of each, brown, humming and fluctuating noise, all of unit power."""
    generator = np.random.default_rng(7)
    samples = RATE_HZ * _NOISE_S
    white = generator.standard_normal(samples)
    brown = _coloured(generator.standard_normal(samples), 1.0)
    seconds = np.arange(samples) / RATE_HZ
    hum = 0.3 * brown / brown.std() + sum(np.sin(2 * np.pi * 60 * h * seconds + h) / h for h in (1, 2, 3, 5))
    steps = np.repeat(np.abs(generator.standard_normal(samples // 4_000)), 4_000)
    fluctuating = generator.standard_normal(samples) * steps
    pink = _coloured(generator.standard_normal(samples), 0.5)
    kinds = (white, pink, generator.standard_normal(samples), pink[::-1], brown, hum, fluctuating)
    return torch.tensor(np.stack([kind / kind.std() for kind in kinds]).astype(np.float32))


def _coloured(white: np.ndarray, exponent: float) -> np.ndarray:
    spectrum = np.fft.rfft(white)
    return np.fft.irfft(spectrum / (np.arange(len(spectrum)) + 1.0) ** exponent, len(white))
