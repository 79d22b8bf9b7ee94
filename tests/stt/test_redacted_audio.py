"""Silenced copies of recordings: what is gone, what stays, in which format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from hub.records import RedactedCall, Silence, Transcript
from stt.audio import BadAudio
from stt.redacted_audio import PAD_MS, correlation, suffix_of, write_redacted

ROLES = ("AGENT", "CUSTOMER")
SECONDS = 12


def voices(rate_hz: int, seed: int = 1) -> np.ndarray:
    """Return two independent voices, louder and softer by syllable, as (samples, 2)."""
    random = np.random.default_rng(seed)
    moments = np.arange(SECONDS * rate_hz) / rate_hz
    channels = []
    for pitch in (120.0, 210.0):
        envelope = np.repeat(random.uniform(0.05, 1.0, SECONDS * 5), rate_hz // 5)
        tone = sum(np.sin(2 * np.pi * pitch * k * moments + random.uniform(0, 6)) / k for k in range(1, 9))
        channels.append(0.15 * envelope * tone + 0.05 * envelope * random.standard_normal(len(moments)))
    return np.stack(channels, axis=1).astype(np.float32)


def redacted(*silences: tuple[str, int, int], warnings: tuple[str, ...] = ()) -> RedactedCall:
    return RedactedCall(
        transcript=Transcript(call_id="c", language="ko", duration_ms=0, model="m", turns=(), warnings=warnings),
        silences=tuple(
            Silence(turn_id=n, role=role, start_ms=start, end_ms=end, kind="PHONE")
            for n, (role, start, end) in enumerate(silences)
        ),
    )


def gone(sound: np.ndarray, channel: int, rate_hz: int, start_ms: int, end_ms: int) -> bool:
    return not sound[start_ms * rate_hz // 1_000 : end_ms * rate_hz // 1_000, channel].any()


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., tuple[np.ndarray, int, Path]]:
    def copy(
        samples: np.ndarray,
        rate_hz: int,
        call: RedactedCall,
        roles: tuple[str, ...] = ROLES,
        name: str = "call.wav",
        **how: str,
    ) -> tuple[np.ndarray, int, Path]:
        source, target = tmp_path / name, tmp_path / "copy"
        soundfile.write(source, samples, rate_hz, **how)
        write_redacted(source, target, call, roles)
        sound, rate = soundfile.read(target, always_2d=True)
        return sound, rate, target

    return copy


def test_the_speakers_channel_is_silent_and_the_other_one_is_not(
    make: Callable[..., tuple[np.ndarray, int, Path]],
) -> None:
    samples = voices(8_000)
    sound, rate, target = make(samples, 8_000, redacted(("CUSTOMER", 3_000, 5_000)), subtype="ULAW")
    assert (rate, sound.shape) == (8_000, samples.shape)
    assert soundfile.info(target).subtype == "ULAW"
    assert gone(sound, 1, rate, 3_000 - PAD_MS, 5_000 + PAD_MS)
    assert not gone(sound, 0, rate, 3_000, 5_000)
    assert np.abs(sound[: 2 * rate] - samples[: 2 * rate]).max() < 0.02
    assert np.abs(sound[6 * rate :] - samples[6 * rate :]).max() < 0.02


def test_intervals_that_touch_become_one_and_the_ends_of_the_call_are_no_trouble(
    make: Callable[..., tuple[np.ndarray, int, Path]],
) -> None:
    call = redacted(("AGENT", 0, 1_000), ("AGENT", 1_300, 2_000), ("AGENT", 11_500, 99_000))
    sound, rate, _ = make(voices(8_000), 8_000, call)
    assert gone(sound, 0, rate, 0, 2_000)
    assert gone(sound, 0, rate, 11_500, 12_000)
    assert not gone(sound, 0, rate, 4_000, 10_000)


@pytest.mark.parametrize("rate_hz", [11_025, 16_000, 44_100, 48_000])
def test_better_recordings_keep_their_rate_without_loss(
    rate_hz: int, make: Callable[..., tuple[np.ndarray, int, Path]]
) -> None:
    samples = voices(rate_hz)
    sound, rate, target = make(samples, rate_hz, redacted(("CUSTOMER", 3_000, 5_000)), subtype="PCM_16")
    assert (rate, soundfile.info(target).format) == (rate_hz, "FLAC")
    assert gone(sound, 1, rate, 3_000, 5_000)
    assert np.abs(sound[: 2 * rate] - samples[: 2 * rate]).max() < 1e-3


def test_a_voice_that_is_heard_on_the_other_channel_is_silenced_there_too(
    make: Callable[..., tuple[np.ndarray, int, Path]],
) -> None:
    samples = voices(8_000)
    samples[:, 0] = 0.02 * samples[:, 0]
    samples[400:, 0] += 0.1 * samples[:-400, 1]
    sound, rate, _ = make(samples, 8_000, redacted(("CUSTOMER", 3_000, 5_000)))
    assert gone(sound, 1, rate, 3_000, 5_000)
    assert gone(sound, 0, rate, 3_000, 5_000)
    assert not gone(sound, 0, rate, 6_000, 8_000)


def test_one_channel_is_silenced_whoever_spoke(make: Callable[..., tuple[np.ndarray, int, Path]]) -> None:
    sound, rate, _ = make(voices(8_000)[:, :1], 8_000, redacted(("CUSTOMER", 3_000, 5_000)))
    assert gone(sound, 0, rate, 3_000, 5_000)


@pytest.mark.parametrize("warning", ["roles_by_speech", "roles_assumed", "dual_mono", "speakers_by_voice", "one_voice"])
def test_where_it_is_not_sure_whose_channel_it_is_all_are_silenced(
    warning: str, make: Callable[..., tuple[np.ndarray, int, Path]]
) -> None:
    sound, rate, _ = make(voices(8_000), 8_000, redacted(("CUSTOMER", 3_000, 5_000), warnings=(warning,)))
    assert gone(sound, 0, rate, 3_000, 5_000)
    assert gone(sound, 1, rate, 3_000, 5_000)


def test_a_role_that_no_channel_has_silences_all(make: Callable[..., tuple[np.ndarray, int, Path]]) -> None:
    sound, rate, _ = make(voices(8_000), 8_000, redacted(("UNKNOWN", 3_000, 5_000)))
    assert gone(sound, 0, rate, 3_000, 5_000)
    assert gone(sound, 1, rate, 3_000, 5_000)


def test_swapped_channels_follow_the_sidecar(make: Callable[..., tuple[np.ndarray, int, Path]]) -> None:
    sound, rate, _ = make(voices(8_000), 8_000, redacted(("CUSTOMER", 3_000, 5_000)), ("CUSTOMER", "AGENT"))
    assert gone(sound, 0, rate, 3_000, 5_000)
    assert not gone(sound, 1, rate, 3_000, 5_000)


def test_a_call_without_personal_data_is_copied_whole(make: Callable[..., tuple[np.ndarray, int, Path]]) -> None:
    samples = voices(8_000)
    sound, _, _ = make(samples, 8_000, redacted(), subtype="ULAW")
    assert np.abs(sound - samples).max() < 0.02


def test_the_same_call_gives_the_same_bytes(make: Callable[..., tuple[np.ndarray, int, Path]]) -> None:
    call = redacted(("CUSTOMER", 3_000, 5_000))
    first = make(voices(16_000), 16_000, call)[2].read_bytes()
    assert make(voices(16_000), 16_000, call)[2].read_bytes() == first


@pytest.mark.parametrize("content", [b"", b"not audio at all" * 100])
def test_a_recording_that_cannot_be_read_is_refused(content: bytes, tmp_path: Path) -> None:
    source = tmp_path / "bad.wav"
    source.write_bytes(content)
    assert suffix_of(source) == ".wav"
    with pytest.raises(BadAudio):
        write_redacted(source, tmp_path / "copy", redacted(("CUSTOMER", 0, 1_000)), ROLES)


@pytest.mark.parametrize("delay", [0, 80, 800, 2_000])
def test_a_leak_is_recognised_at_any_delay_and_another_voice_is_none(delay: int) -> None:
    own, other = voices(8_000).T[:, :24_000]
    leak = np.concatenate([np.zeros(delay, np.float32), own])[: len(own)]
    assert correlation(own, 0.05 * leak) > 0.9 * (1 - delay / len(own))
    assert correlation(own, other) < 0.15
    assert correlation(own, np.zeros_like(own)) == 0.0
