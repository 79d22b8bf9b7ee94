"""A voice as 256 numbers: Resemblyzer's encoder on numpy, many stretches of speech at once.

Source: Resemblyzer's ``wav_to_mel_spectrogram`` (librosa's mel spectrogram: 25 ms Hann window, 10 ms step, 40 Slaney
bands, power, no logarithm) and ``VoiceEncoder.forward`` (three LSTM layers, the last state, linear, ReLU, unit length).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from stt.audio import RATE_HZ, Waveform
from stt.diarisation.weights import Array, EncoderWeights, LstmLayer, find_weights, read_weights

MELS = 40
WINDOW, STEP = 400, 160
LEVEL = 10.0 ** (-30.0 / 20.0)
"""Speech is brought to -30 dBFS, as the encoder was trained on."""
BATCH = 64


def embed(stretches: Sequence[Waveform], weights: EncoderWeights) -> Array:
    """Return the voice of each stretch of speech, shape (stretches, 256), unit length.

    Stretches of about the same length go through the encoder together.
    """
    mels = [mel_spectrogram(_levelled(stretch)) for stretch in stretches]
    order = sorted(range(len(mels)), key=lambda index: len(mels[index]))
    found = np.zeros((len(mels), weights.linear.shape[1]), np.float32)
    for begin in range(0, len(order), BATCH):
        chosen = order[begin : begin + BATCH]
        found[chosen] = _forward([mels[index] for index in chosen], weights)
    return found


@functools.cache
def load_encoder() -> EncoderWeights | None:
    """Return the encoder's weights, read once per process; None without the extra ``diarisation``."""
    path = find_weights()
    return None if path is None else read_weights(path)


def mel_spectrogram(samples: Waveform) -> Array:
    """Return the power in 40 mel bands, shape (frames, 40), frames centred on every hundredth of a second."""
    padded = np.pad(samples, WINDOW // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::STEP]
    power = np.abs(np.fft.rfft(frames * _hann(), axis=1)) ** 2
    return (power @ _filters().T).astype(np.float32)


def _levelled(samples: Waveform) -> Waveform:
    rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if len(samples) else 0.0
    return samples * np.float32(LEVEL / rms) if 0.0 < rms < LEVEL else samples


def _forward(mels: Sequence[Array], weights: EncoderWeights) -> Array:
    lengths = np.array([len(mel) for mel in mels])
    sequence = np.zeros((int(lengths.max()), len(mels), MELS), np.float32)
    for index, mel in enumerate(mels):
        sequence[: len(mel), index] = mel
    for layer in weights.layers:
        sequence = _lstm(sequence, layer)
    last = sequence[lengths - 1, np.arange(len(mels))]
    voice = np.maximum(last @ weights.linear + weights.linear_bias, 0.0)
    return voice / np.maximum(np.linalg.norm(voice, axis=1, keepdims=True), 1e-9)


def _lstm(sequence: Array, layer: LstmLayer) -> Array:
    steps, batch, _ = sequence.shape
    size = layer.from_state.shape[0]
    inputs = sequence.reshape(steps * batch, -1) @ layer.from_input + layer.bias
    inputs = inputs.reshape(steps, batch, 4 * size)
    state, cell = np.zeros((batch, size), np.float32), np.zeros((batch, size), np.float32)
    out = np.empty((steps, batch, size), np.float32)
    for step in range(steps):
        gates = inputs[step] + state @ layer.from_state
        entry, forget = _sigmoid(gates[:, :size]), _sigmoid(gates[:, size : 2 * size])
        fresh, leave = np.tanh(gates[:, 2 * size : 3 * size]), _sigmoid(gates[:, 3 * size :])
        cell = forget * cell + entry * fresh
        state = leave * np.tanh(cell)
        out[step] = state
    return out


def _sigmoid(values: Array) -> Array:
    halved: Array = 0.5 * np.tanh(0.5 * values) + np.float32(0.5)
    return halved


@functools.cache
def _hann() -> npt.NDArray[np.float64]:
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)


@functools.cache
def _filters() -> npt.NDArray[np.float64]:
    """Return Slaney's mel filters, each of unit area, shape (40, frequencies)."""
    frequencies = np.fft.rfftfreq(WINDOW, 1 / RATE_HZ)
    edges = _to_hz(np.linspace(0.0, _to_mel(RATE_HZ / 2), MELS + 2))
    rising = (frequencies - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - frequencies) / np.diff(edges)[1:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    return np.asarray(triangles * (2.0 / (edges[2:] - edges[:-2]))[:, None])


_LINEAR_HZ, _BREAK_HZ, _BREAK_MEL, _LOG_STEP = 200.0 / 3.0, 1_000.0, 15.0, float(np.log(6.4) / 27.0)


def _to_mel(hz: float) -> float:
    return hz / _LINEAR_HZ if hz < _BREAK_HZ else _BREAK_MEL + float(np.log(hz / _BREAK_HZ)) / _LOG_STEP


def _to_hz(mel: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.where(mel < _BREAK_MEL, mel * _LINEAR_HZ, _BREAK_HZ * np.exp((mel - _BREAK_MEL) * _LOG_STEP))
