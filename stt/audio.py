"""Decode a recording, whatever its container and codec, into one waveform per channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.resampler import AudioResampler

from hub.errors import Permanent
from stt.riff import is_cut_short

RATE_HZ = 16_000
SILENT_PEAK = 1e-3
"""-60 dBFS: above the step of a G.711 codec at rest, below the faintest line."""
TRUNCATED_MS = 250

Waveform = npt.NDArray[np.float32]

_DEMUXERS = (
    "wav,w64,aiff,au,caf,mp3,aac,mov,mp4,m4a,3gp,ogg,opus,flac,amr,amrnb,amrwb,matroska,webm,asf,wv,g722,gsm,alaw,mulaw"
)
# A recording must not name other files or addresses: playlist formats are off, and only files are opened.
_OPEN_OPTIONS = {"format_whitelist": _DEMUXERS, "protocol_whitelist": "file"}


class BadAudio(Permanent):
    """A recording that cannot be transcribed.

    Reasons: ``missing``, ``empty`` (no bytes), ``not_audio``, ``no_audio_stream``, ``zero_length``
    (a header and no sample), ``undecodable`` (no frame could be decoded), ``silent``.
    """

    default_reason = "not_audio"


@dataclass(frozen=True, slots=True)
class Channels:
    """A decoded recording.

    ``samples`` is float32 of shape (channels, samples) within [-1, 1]; ``warnings`` says what
    was wrong with audio that could be read in part.
    """

    samples: Waveform
    rate_hz: int = RATE_HZ
    warnings: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """Return the number of channels."""
        return int(self.samples.shape[0])

    @property
    def duration_ms(self) -> int:
        """Return the length in milliseconds."""
        return round(self.samples.shape[1] * 1_000 / self.rate_hz)


def decode_call(path: Path, rate_hz: int = RATE_HZ) -> Channels:
    """Decode a recording into one waveform per channel.

    What can be read of a damaged file is kept, with a warning: ``truncated`` (shorter than its
    header says) or ``damaged_frames:N``. Two identical channels become one (``dual_mono``).

    Returns:
        float32, shape (channels, samples), within [-1, 1].
    Raises:
        BadAudio: nothing to transcribe; its reason says why. Permanent.
    """
    _check_bytes(path)
    try:
        with av.open(str(path), mode="r", metadata_errors="ignore", options=_OPEN_OPTIONS) as container:
            samples, warnings = _decode(container, path, rate_hz)
    except (av.error.FFmpegError, UnicodeDecodeError) as error:
        raise BadAudio(f"{path.name} is not a recording that FFmpeg can read", path=path.name) from error
    return _checked(samples, warnings, path, rate_hz)


def _check_bytes(path: Path) -> None:
    if not path.is_file():
        raise BadAudio(f"There is no recording {path.name}", reason="missing", path=path.name)
    if path.stat().st_size == 0:
        raise BadAudio(f"{path.name} has no bytes", reason="empty", path=path.name)


def _decode(container: av.container.InputContainer, path: Path, rate_hz: int) -> tuple[Waveform, list[str]]:
    if not container.streams.audio:
        raise BadAudio(f"{path.name} holds no audio stream", reason="no_audio_stream", path=path.name)
    stream = container.streams.audio[0]
    expected_ms = _expected_ms(stream)
    decoding = _Decoding(rate_hz)
    blocks = list(decoding.blocks(container, stream))
    if not blocks:
        reason = "undecodable" if decoding.damaged else "zero_length"
        raise BadAudio(f"{path.name} holds no sample that can be read", reason=reason, path=path.name)
    samples = np.concatenate(blocks, axis=1)
    warnings = [f"damaged_frames:{decoding.damaged}"] if decoding.damaged else []
    read_ms = samples.shape[1] * 1_000 / rate_hz
    if is_cut_short(path) or (expected_ms is not None and read_ms < expected_ms - TRUNCATED_MS):
        warnings.append("truncated")
    return samples, warnings


def _expected_ms(stream: av.audio.stream.AudioStream) -> float | None:
    if stream.duration is None or stream.time_base is None:
        return None
    return float(stream.duration * stream.time_base * 1_000)


class _Decoding:
    """One pass over a stream; counts the packets that could not be decoded."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self.damaged = 0

    def blocks(
        self, container: av.container.InputContainer, stream: av.audio.stream.AudioStream
    ) -> Iterator[npt.NDArray[np.float32]]:
        """Yield float32 blocks of shape (channels, n) at the wanted rate."""
        resampler: AudioResampler | None = None
        for frame in self._frames(container, stream):
            if resampler is None:
                resampler = AudioResampler(format="fltp", layout=frame.layout.name, rate=self._rate_hz)
            frame.pts = None
            yield from (_array(block) for block in resampler.resample(frame))
        if resampler is not None:
            yield from (_array(block) for block in resampler.resample(None))

    def _frames(
        self, container: av.container.InputContainer, stream: av.audio.stream.AudioStream
    ) -> Iterator[av.AudioFrame]:
        try:
            for packet in container.demux(stream):
                yield from self._decode_packet(packet)
        except av.error.FFmpegError:
            self.damaged += 1

    def _decode_packet(self, packet: av.Packet) -> list[av.AudioFrame]:
        try:
            return [frame for frame in packet.decode() if isinstance(frame, av.AudioFrame) and frame.samples]
        except av.error.FFmpegError:
            self.damaged += 1
            return []


def _array(frame: av.AudioFrame) -> Waveform:
    return frame.to_ndarray().astype(np.float32, copy=False)


def _checked(samples: Waveform, warnings: list[str], path: Path, rate_hz: int) -> Channels:
    if not np.isfinite(samples).all():
        samples = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)
        warnings.append("not_finite")
    np.clip(samples, -1.0, 1.0, out=samples)
    if samples.shape[1] == 0:
        raise BadAudio(f"{path.name} holds no sample", reason="zero_length", path=path.name)
    if float(np.abs(samples).max()) < SILENT_PEAK:
        raise BadAudio(f"{path.name} is silent on every channel", reason="silent", path=path.name)
    if samples.shape[0] == 2 and np.array_equal(samples[0], samples[1]):
        samples = samples[:1]
        warnings.append("dual_mono")
    return Channels(np.ascontiguousarray(samples, dtype=np.float32), rate_hz, tuple(warnings))
