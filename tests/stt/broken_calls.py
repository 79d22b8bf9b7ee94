"""Broken recordings and sidecars of every kind a call centre has sent, and what must become of each."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import soundfile

RATE_HZ = 8_000
AT = "2026-10-01T09:00:00+09:00"
HOPELESS_BYTES = 2 << 20


@dataclass(frozen=True)
class Broken:
    """Files by suffix (``.wav``, ``.json``), and what becomes of them.

    ``refused``: the reason of the dead letter at landing; ``unheard``: of the one at transcription;
    ``warns``: how a warning of the transcript begins; none of them: transcribed as if nothing was wrong.
    ``said``: something must have been understood.
    """

    files: dict[str, bytes]
    refused: str = ""
    unheard: str = ""
    warns: str = ""
    said: bool = True
    link_to: str = ""


def sidecar(call: str, **changes: Any) -> bytes:
    """Return a good sidecar, or one that is changed."""
    fields = {"call_id": call, "started_at": AT, "language": "ko", "channel_roles": ["AGENT", "CUSTOMER"]}
    return json.dumps({name: value for name, value in (fields | changes).items() if value is not ...}).encode()


def wav(samples: np.ndarray, subtype: str = "PCM_16", rate_hz: int = RATE_HZ) -> bytes:
    out = io.BytesIO()
    soundfile.write(out, samples, rate_hz, subtype=subtype, format="WAV")
    return out.getvalue()


def encoded(folder: Path, suffix: str, codec: str, rate_hz: int, samples: np.ndarray, **options: str) -> bytes:
    """Encode with FFmpeg; ``samples`` at 8 kHz are repeated up to the codec's rate."""
    path = folder / f"encoded.{suffix}"
    wide = np.repeat(samples, rate_hz // RATE_HZ, axis=0)
    layout = "stereo" if wide.shape[1] == 2 else "mono"
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream(codec, rate=rate_hz, layout=layout)
        frame = av.AudioFrame.from_ndarray((wide * 32_767).astype(np.int16).reshape(1, -1), format="s16", layout=layout)
        frame.sample_rate = rate_hz
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path.read_bytes()


def film(folder: Path) -> bytes:
    path = folder / "film.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=5)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        for _ in range(5):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8))))
        container.mux(stream.encode())
    return path.read_bytes()


def header(data_bytes: int, *, channels: int = 2, rate_hz: int = RATE_HZ, code: int = 1) -> bytes:
    width = 2 * channels
    fmt = struct.pack("<HHIIHH", code, channels, rate_hz, rate_hz * width, width, 16)
    riff = b"WAVEfmt " + struct.pack("<I", len(fmt)) + fmt + b"data" + struct.pack("<I", data_bytes)
    return b"RIFF" + struct.pack("<I", (len(riff) + data_bytes) & 0xFFFF_FFFF) + riff


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("call.wav", b"no sound" * 500)
    return out.getvalue()


def broken_calls(folder: Path, call: np.ndarray) -> dict[str, Broken]:
    """Return every kind by name. ``call`` is a good one: a few seconds, (samples, 2) at 8 kHz."""
    pcm = (call * 32_767).astype("<i2").tobytes()
    return _unreadable(folder, pcm) | _half_readable(folder, call, pcm) | _sidecars(wav)


def _unreadable(folder: Path, pcm: bytes) -> dict[str, Broken]:
    m4a = encoded(folder, "m4a", "aac", 16_000, np.frombuffer(pcm, "<i2").reshape(-1, 2) / 32_768)
    playlist = b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n../good-1.wav\n#EXT-X-ENDLIST\n"
    remote = b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/secret.ts\n#EXT-X-ENDLIST\n"
    content: dict[str, tuple[bytes, str]] = {
        "empty": (b"", "empty_recording"),
        "text": (b"the customer called about a loan\n" * 99, "unreadable_recording"),
        "web page": (b"<!doctype html><html><body>502 Bad Gateway</body></html>" * 20, "unreadable_recording"),
        "zip": (zipped(), "unreadable_recording"),
        "random bytes": (np.random.default_rng(1).bytes(20_000), "unreadable_recording"),
        "zero bytes": (bytes(30_000), "unreadable_recording"),
        "half a header": (header(9_999)[:20], "unreadable_recording"),
        "header and no sample": (header(0), "empty_recording"),
        "header that promises samples": (header(16_000), "empty_recording"),
        "no channel": (header(len(pcm), channels=0) + pcm, "unreadable_recording"),
        "sixty-four channels": (header(len(pcm), channels=64) + pcm, "too_many_channels"),
        "no rate": (header(len(pcm), rate_hz=0) + pcm, "unreadable_recording"),
        "unknown codec": (header(len(pcm), code=0x9999) + pcm, "unknown_codec"),
        "rate of one hertz": (header(len(pcm), rate_hz=1) + pcm, "implausible_rate"),
        "film without sound": (film(folder), "no_audio_stream"),
        "playlist of a neighbour": (playlist, "unreadable_recording"),
        "playlist of an address": (remote, "unreadable_recording"),
        "list of files to join": (b"ffconcat version 1.0\nfile good-1.wav\n", "unreadable_recording"),
        "mp4 without its index": (m4a[: m4a.index(b"moov") - 4], "unreadable_recording"),
    }
    found = {name: Broken({".wav": raw, ".json": b""}, refused=reason) for name, (raw, reason) in content.items()}
    silent = header(len(pcm)) + bytes(len(pcm))
    return found | {
        "silence": Broken({".wav": silent, ".json": b""}, unheard="silent"),
        "link out of the delivery": Broken({".json": b""}, refused="link_outside", link_to="outside.wav"),
        "link to nowhere": Broken({".json": b""}, refused="broken_link", link_to="calls/z/nowhere.wav"),
    }


def _half_readable(folder: Path, call: np.ndarray, pcm: bytes) -> dict[str, Broken]:
    whole = header(len(pcm)) + pcm
    two_thirds = len(whole) * 2 // 3
    mp3 = encoded(folder, "mp3", "libmp3lame", 16_000, call)
    ogg = encoded(folder, "ogg", "libopus", 48_000, call)
    flac = encoded(folder, "flac", "flac", 16_000, call)
    m4a = encoded(folder, "m4a", "aac", 16_000, call, movflags="faststart")
    damaged = bytearray(mp3)
    damaged[len(mp3) // 2 : len(mp3) // 2 + 4_000] = bytes(4_000)
    not_finite = call.copy()
    not_finite[100:120] = np.nan
    not_finite[200:210] = np.inf
    dead = call.copy()
    dead[:, 1] = 0.0
    one = (np.ones((1, 2)) * 0.5).astype(np.float32)
    kinds: dict[str, tuple[str, bytes, str]] = {
        "truncated wav": (".wav", whole[:two_thirds], "truncated"),
        "truncated mp3": (".mp3", mp3[: len(mp3) * 2 // 3], "truncated"),
        "truncated ogg": (".ogg", ogg[: len(ogg) * 2 // 3], "truncated"),
        "truncated flac": (".flac", flac[: len(flac) * 2 // 3], "truncated"),
        "truncated m4a": (".m4a", m4a[: len(m4a) * 2 // 3], "truncated"),
        "size never written": (".wav", header(0xFFFF_FFFF) + pcm, ""),
        "size far too small": (".wav", header(800) + pcm, "header_size_ignored"),
        "size too large": (".wav", header(len(pcm) * 9) + pcm, "truncated"),
        "hole in the middle": (".mp3", bytes(damaged), ""),
        "samples that are no numbers": (".wav", wav(not_finite, "FLOAT"), "not_finite"),
        "dead channel": (".wav", wav(dead), "dead_channel:CUSTOMER"),
        "wrong extension": (".mp3", wav(call, "ULAW"), ""),
        "bytes after the end": (".wav", whole + b"junk" * 50, ""),
        "two channels that are the same": (".wav", wav(call.sum(axis=1)[:, None].repeat(2, axis=1)), "dual_mono"),
    }
    found = {name: Broken({suffix: raw, ".json": b""}, warns=warns) for name, (suffix, raw, warns) in kinds.items()}
    quick = header(len(pcm), rate_hz=4 * RATE_HZ) + pcm
    return found | {
        "rate that is four times the truth": Broken({".wav": quick, ".json": b""}, said=False),
        "one sample": Broken({".wav": wav(one), ".json": b""}, refused="empty_recording"),
        "noise": Broken(
            {".wav": wav(np.random.default_rng(2).standard_normal((8_000, 2)) * 0.01), ".json": b""},
            warns="no_speech:AGENT",
            said=False,
        ),
    }


def _sidecars(write: Callable[..., bytes]) -> dict[str, Broken]:
    content: dict[str, tuple[bytes, str]] = {
        "no JSON": (b"{call_id: 1", "bad_json"),
        "no object": (b'["call-1"]', "not_an_object"),
        "no call id": (sidecar("", call_id=...), "missing_value"),
        "call id that is a list": (sidecar("", call_id=["x"]), "bad_id"),
        "no start": (sidecar("s-2", started_at=...), "bad_time"),
        "start in ten years": (sidecar("s-3", started_at="2036-10-01T09:00:00Z"), "starts_in_future"),
        "unknown role": (sidecar("s-4", channel_roles=["AGENT", "ROBOT?"]), "unknown_role"),
        "roles for three": (
            sidecar("s-5", channel_roles=["AGENT", "CUSTOMER", "SUPERVISOR"]),
            "roles_contradict_channels",
        ),
        "direction that is none": (sidecar("s-6", direction="sideways"), "bad_direction"),
        "consent that is neither": (sidecar("s-7", recording_consent="perhaps"), "bad_flag"),
        "language that is none": (sidecar("s-8", language="?"), "bad_language"),
        "no encoding": (b'{"call_id": "\xff\xfe\xff"}', "not_utf8"),
        "huge": (b'{"call_id": "' + b"x" * HOPELESS_BYTES + b'"}', "sidecar_too_large"),
        "nested without end": (b'{"a":' * 5_000, "too_deep"),
        "id of another call": (sidecar("good-1"), "duplicate_call_id"),
        "said twice and differently": (sidecar("s-9", callId="s-10"), "contradictory_fields"),
    }
    found = {}
    for number, (name, (raw, reason)) in enumerate(content.items()):
        sound = write(np.random.default_rng(100 + number).standard_normal((800, 2)) * 0.01)
        found[f"sidecar: {name}"] = Broken({".wav": sound, ".json": raw}, refused=reason)
    lone = write(np.random.default_rng(99).standard_normal((800, 2)) * 0.01)
    found["sidecar: missing"] = Broken({".wav": lone}, refused="missing_sidecar")
    found["sidecar: without a recording"] = Broken({".json": sidecar("alone")}, refused="missing_recording")
    found["sidecar: neither"] = Broken({".docx": b"PK\x03\x04"}, refused="unknown_kind")
    return found
