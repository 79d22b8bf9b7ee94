"""Whether two channels are one recording twice: sample by sample, or but for gain, sign, offset and what a codec changed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

WINDOW_SAMPLES = 16_000
SAME = 0.98
"""Correlation, over the call and in every second with sound; two people's channels with a loud echo stay far below."""
GAIN_DB = 12.0
SOUND_POWER = 1e-5
EXCEPTIONS = 0.02
"""Share of the seconds with sound that may differ: a click on one line, a codec that lost its way."""

Samples = npt.NDArray[np.float32]
Moments = npt.NDArray[np.float64]


class Likeness:
    """Compares the channels of a recording while it streams by, second by second."""

    def __init__(self) -> None:
        self._is_pair = True
        self._is_equal = True
        self._window: Moments = np.zeros(6)
        self._total: Moments = np.zeros(6)
        self._sounding = self._differing = 0

    def add(self, piece: Samples) -> None:
        """Take the next samples, (channels, n)."""
        self._is_pair = self._is_pair and len(piece) == 2
        if not self._is_pair:
            return
        self._is_equal = self._is_equal and np.array_equal(piece[0], piece[1])
        left, right = piece.astype(np.float64)
        self._window += (left.size, left.sum(), right.sum(), left @ left, right @ right, left @ right)
        if self._window[0] >= WINDOW_SAMPLES:
            self._close()

    def is_same(self) -> bool:
        """Say whether both channels hold the same recording, of what has been taken so far."""
        if not self._is_pair or self._is_equal:
            return self._is_pair
        self._close()
        if not self._sounding or self._differing > EXCEPTIONS * self._sounding:
            return False
        likeness, gain_db = _compared(self._total)
        return likeness >= SAME and gain_db <= GAIN_DB

    def _close(self) -> None:
        """End a second."""
        if not self._window[0]:
            return
        self._total += self._window
        if max(_powers(self._window)) > SOUND_POWER:
            self._sounding += 1
            self._differing += _compared(self._window)[0] < SAME
        self._window = np.zeros(6)


def _powers(moments: Moments) -> tuple[float, float]:
    """Return the mean square of both channels, whatever their offset."""
    n, left, right, left2, right2, _ = moments
    return max(0.0, left2 / n - (left / n) ** 2), max(0.0, right2 / n - (right / n) ** 2)


def _compared(moments: Moments) -> tuple[float, float]:
    """Return the correlation of the channels, whichever way round, and by how many dB their levels differ."""
    n, left, right, *_, both = moments
    one, two = _powers(moments)
    if min(one, two) < 1e-12:
        return 0.0, np.inf
    covariance = both / n - left * right / n**2
    return float(abs(covariance) / np.sqrt(one * two)), float(abs(10.0 * np.log10(one / two)))
