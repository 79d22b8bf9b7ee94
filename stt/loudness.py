"""How loud each role speaks, second by second, measured while the recording streams by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from hub.records import Loudness

RATE_HZ = 16_000
FLOOR_DB = -100.0
"""Digital silence; nothing is quieter."""

Energy = npt.NDArray[np.float64]


class LoudnessMeter:
    """Adds up a recording's energy per second and channel in memory that grows by eight bytes a second.

    One channel under several roles (a mono recording, diarised) gives each of them the same track; a turn's loudness is
    read from its role's track at the turn's own seconds.

    Args:
        roles: the channels in order, or everybody on the only channel.
    """

    def __init__(self, roles: Sequence[str], rate_hz: int = RATE_HZ) -> None:
        self._roles = tuple(roles)
        self._rate_hz = rate_hz
        self._done: list[Energy] = []
        self._energy: Energy | None = None
        self._counted = 0

    def add(self, samples: npt.NDArray[np.float32]) -> None:
        """Measure the next block, float32 of shape (channels, samples) within [-1, 1]; blocks may have any length.

        Raises:
            ValueError: neither one channel nor one for each role, or another number than before.
        """
        channels, length = samples.shape
        if self._energy is None:
            if channels not in (1, len(self._roles)):
                raise ValueError(f"{channels} channels for {len(self._roles)} roles")
            self._energy = np.zeros(channels)
        elif channels != len(self._energy):
            raise ValueError(f"{channels} channels after {len(self._energy)}")
        place = 0
        while place < length:
            taken = min(self._rate_hz - self._counted, length - place)
            self._energy = self._energy + _energy(samples[:, place : place + taken])
            self._counted += taken
            place += taken
            if self._counted == self._rate_hz:
                self._close()

    def loudness(self) -> tuple[Loudness, ...]:
        """Return one track per role, dB relative to full scale; a last second that is not full counts by its length."""
        seconds = list(self._done)
        if self._counted and self._energy is not None:
            seconds.append(self._energy / self._counted)
        if not seconds:
            return tuple(Loudness(role=role, per_second_db=()) for role in self._roles)
        tracks = _decibel(np.stack(seconds, axis=1))
        shared = len(tracks) == 1
        return tuple(
            Loudness(role=role, per_second_db=tuple(tracks[0 if shared else place].tolist()))
            for place, role in enumerate(self._roles)
        )

    def _close(self) -> None:
        if self._energy is not None:
            self._done.append(self._energy / self._counted)
            self._energy = np.zeros(len(self._energy))
        self._counted = 0


def _energy(samples: npt.NDArray[np.float32]) -> Energy:
    """Return the sum of squares per channel; samples that are no numbers count as silence."""
    energy: Energy = np.einsum("ij,ij->i", samples, samples, dtype=np.float64)
    if not np.isfinite(energy).all():
        cleaned = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)
        energy = np.einsum("ij,ij->i", cleaned, cleaned, dtype=np.float64)
    return energy


def _decibel(power: Energy) -> Energy:
    floor = 10.0 ** (FLOOR_DB / 10.0)
    decibel: Energy = np.round(10.0 * np.log10(np.maximum(power, floor)), 2)
    return decibel
