"""Recordings of every kind, whole and broken."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from hub.errors import Permanent
from stt.audio import RATE_HZ, BadAudio, decode_call


def tone(seconds: float, hz: float, rate_hz: int = 8_000, level: float = 0.3) -> np.ndarray:
    return (level * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate_hz)) / rate_hz)).astype(np.float32)


STEREO = np.stack([tone(1.0, 400), tone(1.0, 1_000)], axis=1)


def loudest_hz(waveform: np.ndarray) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(waveform))) * RATE_HZ / len(waveform))


def header(data_bytes: int, *, channels: int = 2, rate_hz: int = 8_000) -> bytes:
    width = 2 * channels
    fmt = struct.pack("<HHIIHH", 1, channels, rate_hz, rate_hz * width, width, 16)
    riff = b"WAVEfmt " + struct.pack("<I", len(fmt)) + fmt + b"data" + struct.pack("<I", data_bytes)
    return b"RIFF" + struct.pack("<I", len(riff) + data_bytes) + riff


def pcm(samples: np.ndarray) -> bytes:
    return (samples * 32_767).astype("<i2").tobytes()


WHOLE = header(len(pcm(STEREO))) + pcm(STEREO)
PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n/etc/passwd\n#EXT-X-ENDLIST\n"

BROKEN = {
    "empty file": (b"", "empty"),
    "text file": (b"this is a memo, not a recording\n" * 200, "not_audio"),
    "random bytes": (np.random.default_rng(1).bytes(20_000), "not_audio"),
    "half a header": (WHOLE[:20], "not_audio"),
    "header and no sample": (header(0), "zero_length"),
    "header that promises samples": (header(16_000), "zero_length"),
    "zero bytes": (bytes(30_000), "not_audio"),
    "json": (b'{"call_id": "c-1", "turns": []}', "not_audio"),
    "playlist that names another file": (PLAYLIST, "not_audio"),
    "silence": (header(32_000) + bytes(32_000), "silent"),
    "hum below hearing": (header(32_000) + pcm(STEREO * 1e-3)[:32_000], "silent"),
    "unknown codec": (WHOLE.replace(b"fmt \x10\x00\x00\x00\x01\x00", b"fmt \x10\x00\x00\x00\x99\x99"), "undecodable"),
}


@pytest.mark.parametrize(("content", "reason"), BROKEN.values(), ids=BROKEN.keys())
def test_broken_recordings_are_refused_with_their_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "call.wav"
    path.write_bytes(content)
    with pytest.raises(BadAudio) as refusal:
        decode_call(path)
    assert refusal.value.reason == reason
    assert isinstance(refusal.value, Permanent)


def test_a_missing_recording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadAudio) as refusal:
        decode_call(tmp_path / "nothing.wav")
    assert refusal.value.reason == "missing"


def test_a_film_without_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=5)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        for _ in range(5):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8))))
        container.mux(stream.encode())
    with pytest.raises(BadAudio) as refusal:
        decode_call(path)
    assert refusal.value.reason == "no_audio_stream"


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "ULAW", "ALAW", "FLOAT"])
@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 44_100, 48_000])
def test_every_wav_keeps_its_channels_in_order_and_its_length(tmp_path: Path, subtype: str, rate_hz: int) -> None:
    path = tmp_path / "call.wav"
    stereo = np.stack([tone(1.0, 400, rate_hz), tone(1.0, 1_000, rate_hz)], axis=1)
    soundfile.write(path, stereo, rate_hz, subtype=subtype)
    channels = decode_call(path)
    assert channels.warnings == ()
    assert abs(channels.duration_ms - 1_000) <= 5
    assert [round(loudest_hz(c), -1) for c in channels.samples] == [400, 1_000]
    assert np.abs(channels.samples).max() == pytest.approx(0.3, rel=0.05)


@pytest.mark.parametrize(
    ("suffix", "codec", "rate_hz"),
    [("mp3", "libmp3lame", 16_000), ("m4a", "aac", 16_000), ("ogg", "libopus", 48_000), ("flac", "flac", 16_000)],
)
def test_compressed_recordings_are_read(tmp_path: Path, suffix: str, codec: str, rate_hz: int) -> None:
    path = tmp_path / f"call.{suffix}"
    stereo = np.stack([tone(2.0, 400, rate_hz), tone(2.0, 1_000, rate_hz)])
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate_hz, layout="stereo")
        interleaved = (stereo * 32_767).astype(np.int16).T.reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(interleaved, format="s16", layout="stereo")
        frame.sample_rate = rate_hz
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    channels = decode_call(path)
    assert abs(channels.duration_ms - 2_000) <= 150
    assert [round(loudest_hz(c), -1) for c in channels.samples] == [400, 1_000]


def test_the_extension_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "call.mp3"
    path.write_bytes(WHOLE)
    assert decode_call(path).count == 2


def test_a_truncated_recording_keeps_what_can_be_read_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    path.write_bytes(WHOLE[: len(WHOLE) // 2])
    channels = decode_call(path)
    assert channels.warnings == ("truncated",)
    assert 450 <= channels.duration_ms <= 550


def test_two_identical_channels_become_one(tmp_path: Path, write_wav: Callable[..., Path]) -> None:
    path = write_wav("dual.wav", np.repeat(tone(1.0, 400)[:, None], 2, axis=1))
    channels = decode_call(path)
    assert (channels.count, channels.warnings) == (1, ("dual_mono",))


def test_samples_that_are_no_numbers_are_silenced(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    samples = STEREO.copy()
    samples[100:200] = np.nan
    soundfile.write(path, samples, 8_000, subtype="FLOAT")
    channels = decode_call(path)
    assert channels.warnings == ("not_finite",)
    assert np.isfinite(channels.samples).all()


def test_one_silent_channel_is_no_reason_to_refuse(write_wav: Callable[..., Path]) -> None:
    path = write_wav("half.wav", np.stack([tone(1.0, 400), np.zeros(8_000, np.float32)], axis=1))
    assert decode_call(path).count == 2
