"""Recordings of every kind, whole and broken."""

from __future__ import annotations

import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from hub.errors import Permanent
from stt.audio import RATE_HZ, BadAudio, decode_call
from tests.stt.broken_calls import encoded, film


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
    film(tmp_path)
    with pytest.raises(BadAudio) as refusal:
        decode_call(tmp_path / "film.mp4")
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


def test_an_mp4_that_was_cut_before_its_index_says_so(tmp_path: Path) -> None:
    whole = encoded(tmp_path, "m4a", "aac", 16_000, STEREO)
    path = tmp_path / "cut.m4a"
    path.write_bytes(whole[: whole.index(b"moov") - 4])
    with pytest.raises(BadAudio) as refusal:
        decode_call(path)
    assert refusal.value.reason == "unfinished"


OTHERS = {
    "pcm u8": ("wav", "pcm_u8", 8_000, "u8"),
    "pcm 32": ("wav", "pcm_s32le", 8_000, "s32"),
    "pcm float": ("wav", "pcm_f32le", 48_000, "flt"),
    "ima adpcm": ("wav", "adpcm_ima_wav", 8_000, "s16p"),
    "opus in webm": ("webm", "libopus", 48_000, "s16"),
    "aac adts": ("aac", "aac", 16_000, "fltp"),
    "alac": ("m4a", "alac", 16_000, "s16p"),
    "g722 in matroska": ("mka", "g722", 16_000, "s16"),
    "amr narrow band": ("amr", "libopencore_amrnb", 8_000, "s16"),
    "amr in 3gp": ("3gp", "libopencore_amrnb", 8_000, "s16"),
    "wma": ("asf", "wmav2", 16_000, "fltp"),
    "mu-law in au": ("au", "pcm_mulaw", 8_000, "s16"),
    "a-law in caf": ("caf", "pcm_alaw", 8_000, "s16"),
}


@pytest.mark.parametrize(("suffix", "codec", "rate_hz", "sample_format"), OTHERS.values(), ids=OTHERS.keys())
def test_a_recording_of_any_kind_is_read(
    tmp_path: Path, suffix: str, codec: str, rate_hz: int, sample_format: str
) -> None:
    if codec not in av.codecs_available:
        pytest.skip(f"this FFmpeg has no {codec}")
    path = tmp_path / f"call.{suffix}"
    sound = tone(2.0, 400, rate_hz)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate_hz, layout="mono", format=sample_format)
        if bit_rate := {"libopencore_amrnb": 12_200, "wmav2": 64_000}.get(codec):
            stream.bit_rate = bit_rate
        frame = av.AudioFrame.from_ndarray((sound * 32_767).astype(np.int16)[None], format="s16", layout="mono")
        frame.sample_rate = rate_hz
        for packet in stream.encode(frame):
            container.mux(packet)
        container.mux(stream.encode())
    channels = decode_call(path)
    assert channels.count == 1
    assert channels.duration_ms == pytest.approx(2_000, abs=150)
    assert loudest_hz(channels.samples[0]) == pytest.approx(400, abs=5)


def test_vorbis_is_read(tmp_path: Path) -> None:
    path = tmp_path / "call.ogg"
    soundfile.write(path, tone(2.0, 400, 16_000), 16_000, format="OGG", subtype="VORBIS")
    channels = decode_call(path)
    assert channels.duration_ms == pytest.approx(2_000, abs=50)
    assert channels.warnings == ()


@pytest.mark.parametrize("suffix", ["ulaw", "alaw"])
def test_bare_g711_is_read_by_its_extension(tmp_path: Path, suffix: str) -> None:
    path, bare = tmp_path / "call.wav", tmp_path / f"call.{suffix}"
    soundfile.write(path, tone(1.0, 400), 8_000, subtype=suffix.upper())
    bare.write_bytes(path.read_bytes()[-8_000:])
    channels = decode_call(bare)
    assert channels.warnings == ("headerless",)
    assert loudest_hz(channels.samples[0]) == pytest.approx(400, abs=5)
    bare.write_bytes(path.read_bytes())
    assert decode_call(bare).warnings == ()


def test_silence_that_was_never_sent_is_put_back(tmp_path: Path) -> None:
    path = tmp_path / "call.mka"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8_000, layout="mono")
        for start_s in (0, 5):
            frame = av.AudioFrame.from_ndarray(
                (tone(1.0, 400) * 32_767).astype(np.int16)[None], format="s16", layout="mono"
            )
            frame.sample_rate, frame.pts, frame.time_base = 8_000, start_s * 8_000, Fraction(1, 8_000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    channels = decode_call(path)
    assert channels.duration_ms == pytest.approx(6_000, abs=50)
    assert channels.warnings == ("gaps_filled:1",)
    assert np.abs(channels.samples[0, 2 * RATE_HZ : 4 * RATE_HZ]).max() == 0


def write_streams(path: Path, sounds: list[np.ndarray], layout: str = "mono") -> Path:
    with av.open(str(path), "w") as container:
        streams = [container.add_stream("pcm_s16le", rate=8_000, layout=layout) for _ in sounds]
        for stream, sound in zip(streams, sounds, strict=True):
            if len(sound):
                frame = av.AudioFrame.from_ndarray((sound * 32_767).astype(np.int16)[None], format="s16", layout=layout)
                frame.sample_rate = 8_000
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
    return path


def test_streams_of_one_channel_each_are_the_channels_of_one_recording(tmp_path: Path) -> None:
    channels = decode_call(write_streams(tmp_path / "call.mka", [tone(2.0, 400), tone(1.0, 1_000)]))
    assert channels.warnings == ("streams_as_channels:2",)
    assert channels.duration_ms == pytest.approx(2_000, abs=5)
    assert loudest_hz(channels.samples[0]) == pytest.approx(400, abs=5)
    assert loudest_hz(channels.samples[1, :RATE_HZ]) == pytest.approx(1_000, abs=5)
    assert np.abs(channels.samples[1, RATE_HZ + 200 :]).max() == 0


@pytest.mark.parametrize("empty", [0, 1])
def test_a_stream_without_a_sample_is_a_silent_channel(tmp_path: Path, empty: int) -> None:
    sounds = [tone(1.0, 400), tone(1.0, 400)]
    sounds[empty] = np.zeros(0, np.float32)
    channels = decode_call(write_streams(tmp_path / "call.mka", sounds))
    assert channels.count == 2
    assert np.abs(channels.samples[empty]).max() == 0
    assert loudest_hz(channels.samples[1 - empty]) == pytest.approx(400, abs=5)


def test_further_streams_of_several_channels_are_left_out_with_a_warning(tmp_path: Path) -> None:
    interleaved = [np.repeat(tone(1.0, hz), 2) for hz in (400, 1_000)]
    interleaved[0][1::2] = tone(1.0, 700)
    channels = decode_call(write_streams(tmp_path / "call.mka", interleaved, "stereo"))
    assert (channels.count, channels.warnings) == (2, ("more_audio_streams:1",))


def test_a_recording_with_too_many_channels_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    path.write_bytes(header(len(pcm(STEREO)), channels=64) + pcm(STEREO))
    with pytest.raises(BadAudio) as refusal:
        decode_call(path)
    assert refusal.value.reason == "too_many_channels"
