"""Loudness per second and role."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt.loudness import FLOOR_DB, LoudnessMeter

ROLES = ("AGENT", "CUSTOMER")
RATE_HZ = 16_000


def tone(amplitude: float, seconds: float) -> np.ndarray:
    moments = np.arange(round(RATE_HZ * seconds)) / RATE_HZ
    return (amplitude * np.sin(2 * np.pi * 440 * moments)).astype(np.float32)


def measure(samples: np.ndarray, roles: tuple[str, ...] = ROLES, block: int = 4_000) -> dict[str, tuple[float, ...]]:
    meter = LoudnessMeter(roles)
    for start in range(0, samples.shape[1], block):
        meter.add(samples[:, start : start + block])
    return {track.role: track.per_second_db for track in meter.loudness()}


def test_a_full_scale_sine_is_3_db_below_full_scale_and_silence_is_the_floor() -> None:
    tracks = measure(np.stack([tone(1.0, 2), np.zeros(2 * RATE_HZ, dtype=np.float32)]))
    assert tracks["AGENT"] == pytest.approx((-3.01, -3.01), abs=0.02)
    assert tracks["CUSTOMER"] == (FLOOR_DB, FLOOR_DB)


def test_half_the_amplitude_is_6_db_less_in_its_own_second() -> None:
    loud_then_soft = np.concatenate([tone(0.8, 1), tone(0.4, 1)])[np.newaxis]
    first, second = measure(loud_then_soft, ("CUSTOMER",))["CUSTOMER"]
    assert first - second == pytest.approx(6.02, abs=0.05)


def test_a_last_second_that_is_not_full_counts_by_its_length() -> None:
    assert measure(tone(1.0, 1.25)[np.newaxis], ("AGENT",))["AGENT"] == pytest.approx((-3.01, -3.01), abs=0.02)


def test_two_speakers_of_one_channel_share_its_track() -> None:
    tracks = measure(tone(0.5, 2)[np.newaxis])
    assert tracks["AGENT"] == tracks["CUSTOMER"]
    assert len(tracks["AGENT"]) == 2


def test_nothing_heard_is_no_second() -> None:
    assert LoudnessMeter(ROLES).loudness()[0].per_second_db == ()
    assert measure(np.zeros((2, 0), dtype=np.float32)) == {"AGENT": (), "CUSTOMER": ()}


def test_samples_that_are_no_numbers_do_not_spoil_their_second() -> None:
    samples = tone(1.0, 1)
    samples[100] = np.nan
    assert measure(samples[np.newaxis], ("AGENT",))["AGENT"] == pytest.approx((-3.01,), abs=0.02)


def test_channels_that_change_their_number_are_an_error_of_the_caller() -> None:
    meter = LoudnessMeter(ROLES)
    meter.add(np.zeros((2, 10), dtype=np.float32))
    with pytest.raises(ValueError, match="1 channels after 2"):
        meter.add(np.zeros((1, 10), dtype=np.float32))
    with pytest.raises(ValueError, match="3 channels for 2 roles"):
        LoudnessMeter(ROLES).add(np.zeros((3, 10), dtype=np.float32))


@given(cuts=st.lists(st.integers(0, 40_000), max_size=8))
def test_how_the_recording_is_cut_into_blocks_changes_nothing(cuts: list[int]) -> None:
    samples = np.random.default_rng(3).uniform(-1, 1, (2, 40_000)).astype(np.float32)
    meter = LoudnessMeter(ROLES)
    for begin, end in zip([0, *sorted(cuts)], [*sorted(cuts), 40_000], strict=True):
        meter.add(samples[:, begin:end])
    whole = measure(samples, block=40_000)
    for track in meter.loudness():
        assert track.per_second_db == pytest.approx(whole[track.role], abs=0.011)
