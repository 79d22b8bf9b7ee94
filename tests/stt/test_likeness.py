"""One recording on both channels is heard once, whatever gain, sign or codec did to it; two people's channels stay two."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from stt.audio import decode_call
from stt.likeness import Likeness
from stt.transcriber import WhisperTranscriber
from tests.stt.broken_calls import encoded

RATE_HZ = 16_000


def voices(seed: int, seconds: int = 6) -> np.ndarray:
    """Return noise that swells and fades as speech does, half the time silent."""
    random = np.random.default_rng(seed)
    swell = np.repeat(random.random(seconds * 5) > 0.5, RATE_HZ // 5)
    return (0.1 * random.standard_normal(seconds * RATE_HZ) * swell).astype(np.float32)


def is_same(channels: np.ndarray, size: int = 800) -> bool:
    likeness = Likeness()
    for start in range(0, channels.shape[1], size):
        likeness.add(channels[:, start : start + size])
    return likeness.is_same()


BOTH = voices(1)
LOUD_HOLD = np.sin(2 * np.pi * 440 * np.arange(60 * RATE_HZ) / RATE_HZ).astype(np.float32) * 0.5


@pytest.mark.parametrize(
    ("channels", "expected"),
    [
        (np.stack([BOTH, BOTH]), True),
        (np.stack([BOTH, 0.5 * BOTH]), True),
        (np.stack([BOTH, -BOTH]), True),
        (np.stack([BOTH, BOTH + 0.2]), True),
        (np.stack([BOTH, np.round(BOTH * 128) / 128]), True),
        (np.stack([BOTH, voices(2)]), False),
        (np.stack([BOTH + 0.3, voices(2) + 0.3]), False),
        (np.stack([BOTH, voices(2) + 0.3 * BOTH]), False),
        (np.stack([BOTH, 0.05 * BOTH]), False),
        (np.stack([BOTH, 0 * BOTH]), False),
        (np.stack([np.concatenate([LOUD_HOLD, v]) for v in (voices(1), voices(2))]), False),
        (BOTH[None], False),
        (np.stack([BOTH, BOTH, BOTH]), False),
    ],
    ids=[
        "equal", "another gain", "turned round", "an offset", "coarser steps", "two people", "two people, same offset",
        "a loud echo", "a faint echo", "a dead side", "same music on hold, then two people", "mono", "three channels",
    ],
)  # fmt: skip
def test_channels_are_the_same_recording_or_not(channels: np.ndarray, expected: bool) -> None:
    assert is_same(channels.astype(np.float32)) is expected


@pytest.mark.parametrize(("suffix", "codec", "rate_hz"), [("mp3", "libmp3lame", 16_000), ("ogg", "libopus", 48_000)])
def test_one_recording_twice_is_known_through_a_codec(
    tmp_path: Path, korean_samples: np.ndarray, suffix: str, codec: str, rate_hz: int
) -> None:
    mixed = korean_samples.sum(axis=1)
    path = tmp_path / f"call.{suffix}"
    path.write_bytes(encoded(tmp_path, suffix, codec, rate_hz, np.stack([mixed, 0.8 * mixed], axis=1)))
    channels = decode_call(path)
    assert channels.count == 1
    assert "dual_mono" in channels.warnings


def test_a_call_on_both_channels_at_another_gain_is_written_down_once(
    transcriber: WhisperTranscriber, write_wav: Callable[..., Path], korean_samples: np.ndarray
) -> None:
    mixed = korean_samples.sum(axis=1)
    path = write_wav("gains.wav", np.stack([mixed, 0.9 * mixed], axis=1))
    once = transcriber.transcribe(write_wav("once.wav", mixed), call_id="a", roles=("AGENT", "CUSTOMER"), language="ko")
    twice = transcriber.transcribe(path, call_id="a", roles=("AGENT", "CUSTOMER"), language="ko")
    assert [turn.text for turn in twice.turns] == [turn.text for turn in once.turns]
