"""Recordings with random bytes exchanged: read in part or refused, never anything else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hub.errors import Permanent
from ingest.recordings import read_header
from stt.audio import BadAudio, decode_call
from tests.stt.broken_calls import encoded, wav

KINDS = {
    "wav": ("", 0),
    "mp3": ("libmp3lame", 16_000),
    "ogg": ("libopus", 48_000),
    "flac": ("flac", 16_000),
    "m4a": ("aac", 16_000),
    "mka": ("pcm_s16le", 8_000),
    "au": ("pcm_mulaw", 8_000),
}


@pytest.mark.parametrize("suffix", KINDS)
def test_a_damaged_recording_is_read_in_part_or_refused(tmp_path: Path, suffix: str) -> None:
    random = np.random.default_rng(7)
    sound = random.standard_normal((4_000, 2)) * 0.1
    codec, rate_hz = KINDS[suffix]
    whole = wav(sound) if not codec else encoded(tmp_path, suffix, codec, rate_hz, sound)
    path = tmp_path / f"call.{suffix}"
    read = 0
    for _ in range(40):
        damaged = bytearray(whole)
        within = len(whole) if random.random() < 0.5 else min(200, len(whole))
        for place in random.integers(0, within, random.integers(1, 30)):
            damaged[place] = random.integers(0, 256)
        path.write_bytes(damaged[: random.integers(1, len(damaged))] if random.random() < 0.3 else damaged)
        try:
            read_header(path)
        except Permanent as error:
            assert error.reason
        try:
            channels = decode_call(path)
        except BadAudio as error:
            assert error.reason
        else:
            read += 1
            assert np.isfinite(channels.samples).all()
            assert np.abs(channels.samples).max() <= 1.0
    # A page of Ogg that is damaged anywhere fails its checksum, and these have but two.
    assert read > 0 or suffix == "ogg"
