"""Decode a recording, whatever its container and codec, into one waveform per channel, in memory that does not grow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.resampler import AudioResampler

from hub.errors import Permanent
from hub.recording_formats import HEADERLESS, HEADERLESS_HZ, MAX_CHANNELS, OPEN_OPTIONS, PLAUSIBLE_HZ
from stt.likeness import Likeness
from stt.truncation import has_sound_beyond_header, is_cut_short, is_unfinished_mp4

RATE_HZ = 16_000
SILENT_PEAK = 1e-3
"""-60 dBFS: above the step of a G.711 codec at rest, below the faintest line."""
TRUNCATED_MS = 250
MAX_HOURS = 24
GAP_MS = 100
MAX_GAP_MS = 3_600_000
"""A recorder that sends nothing in silence leaves gaps of minutes; a longer one is a wrong clock."""
_LISTED_DAMAGE = 1_000_000
_SILENCE_PIECE = 160_000

Waveform = npt.NDArray[np.float32]


class BadAudio(Permanent):
    """A recording that cannot be transcribed.

    Reasons: ``missing``, ``empty`` (no bytes), ``not_audio``, ``unfinished`` (an MP4 without its
    index), ``no_audio_stream``, ``too_many_channels``, ``implausible_rate``, ``zero_length`` (a header
    and no sample), ``undecodable`` (no frame could be decoded), ``silent``.
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


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known of a recording once all of it has been decoded. ``peaks`` per channel, ``samples`` in each.

    ``is_dual_mono``: two channels that are one recording twice (``stt.likeness``).
    """

    samples: int
    peaks: tuple[float, ...]
    is_dual_mono: bool
    warnings: tuple[str, ...]

    @property
    def kept_channels(self) -> int:
        """Return how many channels say something of their own."""
        return 1 if self.is_dual_mono else len(self.peaks)

    @property
    def duration_ms(self) -> int:
        """Return the length in milliseconds."""
        return round(self.samples * 1_000 / RATE_HZ)


def decode_call(path: Path, rate_hz: int = RATE_HZ) -> Channels:
    """Decode a whole recording at once; ``stt.blocks`` does it piece by piece.

    What can be read of a damaged file is kept, with a warning: ``truncated`` (shorter than its own
    structure says), ``damaged_frames:N``, ``not_finite``, ``gaps_filled:N``, ``format_changes:N``,
    ``header_size_ignored``, ``streams_as_channels:N``, ``more_audio_streams:N``, ``headerless``, ``longer_than_24h``.
    Two channels that hold the same recording become one (``dual_mono``).

    Returns:
        float32, shape (channels, samples), within [-1, 1].
    Raises:
        BadAudio: nothing to transcribe; its reason says why. Permanent.
    """
    decoding = Decoding(path, rate_hz)
    pieces = list(decoding)
    survey = decoding.survey()
    samples = np.concatenate(pieces, axis=1)
    return Channels(np.ascontiguousarray(samples[: survey.kept_channels]), rate_hz, survey.warnings)


class Decoding:
    """One pass over a recording: iterate once for the sound, then ask for the survey.

    Raises:
        BadAudio: while iterating, when nothing can be read; from ``survey``, when nothing can be heard.
    """

    def __init__(self, path: Path, rate_hz: int = RATE_HZ) -> None:
        self._path = path
        self._rate_hz = rate_hz
        self._notes: dict[str, int] = {}
        self._flags: list[str] = []
        self._samples = 0
        self._peaks: Waveform = np.zeros(0, np.float32)
        self._likeness = Likeness()

    def __iter__(self) -> Iterator[Waveform]:
        """Yield the sound in order, float32 of shape (channels, n) within [-1, 1]."""
        _check_bytes(self._path)
        try:
            with av.open(str(self._path), mode="r", metadata_errors="ignore", **self._options()) as container:
                yield from self._read(container)
        except (av.error.FFmpegError, UnicodeDecodeError, ValueError) as error:
            reason = "unfinished" if is_unfinished_mp4(self._path) else "not_audio"
            raise self._bad("is not a recording that FFmpeg can read", reason) from error

    def survey(self) -> Survey:
        """Return what the pass has found.

        Raises:
            BadAudio: ``silent`` on every channel.
        """
        if not len(self._peaks) or float(self._peaks.max()) < SILENT_PEAK:
            raise self._bad("is silent on every channel", "silent")
        is_dual_mono = self._likeness.is_same()
        counted = tuple(f"{note}:{min(count, _LISTED_DAMAGE)}" for note, count in self._notes.items())
        flags = (*self._flags, *(["dual_mono"] if is_dual_mono else []))
        return Survey(self._samples, tuple(float(peak) for peak in self._peaks), is_dual_mono, counted + flags)

    def _options(self) -> dict[str, object]:
        options = dict(OPEN_OPTIONS)
        if has_sound_beyond_header(self._path):
            self._flags.append("header_size_ignored")
            options["ignore_length"] = "1"
        bare = HEADERLESS.get(self._path.suffix.lower())
        if bare and not _has_signature(self._path):
            self._flags.append("headerless")
            return {"format": bare, "options": {**options, "sample_rate": str(HEADERLESS_HZ)}}
        return {"options": options}

    def _read(self, container: av.container.InputContainer) -> Iterator[Waveform]:
        streams = container.streams.audio
        if not streams:
            raise self._bad("holds no audio stream", "no_audio_stream")
        expected_ms = _expected_ms(streams[0])
        for piece in self._all_streams(container):
            if piece.shape[1]:
                yield self._measured(piece)
            if self._samples >= MAX_HOURS * 3_600 * self._rate_hz:
                self._flags.append(f"longer_than_{MAX_HOURS}h")
                return
        if not self._samples:
            reason = "undecodable" if "damaged_frames" in self._notes else "zero_length"
            raise self._bad("holds no sample that can be read", reason)
        read_ms = self._samples * 1_000 / self._rate_hz
        if is_cut_short(self._path) or (expected_ms is not None and read_ms < expected_ms - TRUNCATED_MS):
            self._flags.append("truncated")

    def _all_streams(self, container: av.container.InputContainer) -> Iterator[Waveform]:
        """Decode the recording's stream; several of one channel each are the channels of one recording."""
        streams = container.streams.audio
        if 1 < len(streams) <= MAX_CHANNELS and all(_is_mono(stream) for stream in streams):
            self._note("streams_as_channels", len(streams))
            yield from side_by_side([self._one_stream(index) for index in range(len(streams))])
            return
        if len(streams) > 1:
            self._note("more_audio_streams", len(streams) - 1)
        yield from self._pieces(container, streams[0])

    def _one_stream(self, index: int) -> Iterator[Waveform]:
        with av.open(str(self._path), mode="r", metadata_errors="ignore", options=OPEN_OPTIONS) as container:
            begin_s = (container.start_time or 0) / 1_000_000
            yield from self._pieces(container, container.streams.audio[index], begin_s)

    def _measured(self, piece: Waveform) -> Waveform:
        if not np.isfinite(piece).all():
            piece = np.nan_to_num(piece, nan=0.0, posinf=1.0, neginf=-1.0)
            if "not_finite" not in self._flags:
                self._flags.append("not_finite")
        piece = np.clip(piece, -1.0, 1.0)
        peaks = np.abs(piece).max(axis=1)
        self._peaks = np.maximum(self._peaks, peaks) if len(self._peaks) else peaks
        self._likeness.add(piece)
        self._samples += piece.shape[1]
        return piece

    def _pieces(
        self, container: av.container.InputContainer, stream: av.audio.stream.AudioStream, end_s: float | None = None
    ) -> Iterator[Waveform]:
        """Resample to the wanted rate; a stream that changes its shape under way keeps its first channels."""
        resampler: AudioResampler | None = None
        shape: tuple[str, str, int] | None = None
        channels = 0
        for frame in self._frames(container, stream):
            now = (frame.format.name, frame.layout.name, frame.sample_rate)
            if resampler is None or now != shape:
                if resampler is not None:
                    self._note("format_changes")
                    yield from (_as(block, channels) for block in resampler.resample(None))
                if len(frame.layout.channels) > MAX_CHANNELS:
                    raise self._bad(f"has more than {MAX_CHANNELS} channels", "too_many_channels")
                if frame.sample_rate not in PLAUSIBLE_HZ:
                    raise self._bad("has a sampling rate that no recorder uses", "implausible_rate")
                resampler = AudioResampler(format="fltp", layout=frame.layout.name, rate=self._rate_hz)
                shape, channels = now, channels or len(frame.layout.channels)
            gap, end_s = _gap(frame, end_s)
            if gap:
                self._note("gaps_filled")
                yield from _silence(channels, int(gap * self._rate_hz))
            frame.pts = None
            yield from (_as(block, channels) for block in resampler.resample(frame))
        if resampler is not None:
            yield from (_as(block, channels) for block in resampler.resample(None))

    def _frames(
        self, container: av.container.InputContainer, stream: av.audio.stream.AudioStream
    ) -> Iterator[av.AudioFrame]:
        try:
            for packet in container.demux(stream):
                yield from self._decode_packet(packet)
        except av.error.FFmpegError:
            self._note("damaged_frames")

    def _decode_packet(self, packet: av.Packet) -> list[av.AudioFrame]:
        try:
            return [frame for frame in packet.decode() if isinstance(frame, av.AudioFrame) and frame.samples]
        except av.error.FFmpegError:
            self._note("damaged_frames")
            return []

    def _note(self, name: str, count: int = 1) -> None:
        self._notes[name] = self._notes.get(name, 0) + count

    def _bad(self, what: str, reason: str) -> BadAudio:
        return BadAudio(f"{self._path.name} {what}", reason=reason, path=self._path.name)


def _check_bytes(path: Path) -> None:
    if not path.is_file():
        raise BadAudio(f"There is no recording {path.name}", reason="missing", path=path.name)
    if path.stat().st_size == 0:
        raise BadAudio(f"{path.name} has no bytes", reason="empty", path=path.name)


def _has_signature(path: Path) -> bool:
    """Say whether a file that should be bare G.711 is in truth a container."""
    with path.open("rb") as file:
        start = file.read(12)
    return start.startswith((b"RIFF", b"OggS", b"ID3", b"fLaC", b"#!AMR", b".snd", b"\x1aE\xdf\xa3")) or (
        start[4:8] == b"ftyp"
    )


def _expected_ms(stream: av.audio.stream.AudioStream) -> float | None:
    if stream.duration is None or stream.time_base is None:
        return None
    return float(stream.duration * stream.time_base * 1_000)


def _is_mono(stream: av.audio.stream.AudioStream) -> bool:
    return stream.codec_context is not None and len(stream.codec_context.layout.channels) == 1


def side_by_side(streams: Sequence[Iterator[Waveform]]) -> Iterator[Waveform]:
    """Put streams of one channel each beside each other; one that ends early, or never begins, is silent from there."""
    rests = [np.zeros((1, 0), np.float32) for _ in streams]
    is_open = [True] * len(streams)
    while True:
        for index, stream in enumerate(streams):
            while is_open[index] and rests[index].shape[1] == 0:
                piece = next(stream, None)
                is_open[index] = piece is not None
                rests[index] = rests[index] if piece is None else piece
        lengths = [rest.shape[1] for rest in rests if rest.shape[1]]
        if not lengths:
            return
        taken = min(lengths)
        yield np.concatenate([_padded(rest[:, :taken], taken) for rest in rests])
        rests = [rest[:, taken:] for rest in rests]


def _padded(samples: Waveform, length: int) -> Waveform:
    return np.pad(samples, ((0, 0), (0, length - samples.shape[1])))


def _gap(frame: av.AudioFrame, end_s: float | None) -> tuple[float, float | None]:
    """Return the seconds that are missing before a frame, and when it ends."""
    if frame.pts is None or frame.time_base is None or not frame.sample_rate:
        return 0.0, None
    start_s = float(frame.pts * frame.time_base)
    missing_ms = 0.0 if end_s is None else (start_s - end_s) * 1_000
    is_gap = GAP_MS <= missing_ms <= MAX_GAP_MS
    return missing_ms / 1_000 if is_gap else 0.0, start_s + frame.samples / frame.sample_rate


def _silence(channels: int, samples: int) -> Iterator[Waveform]:
    for start in range(0, samples, _SILENCE_PIECE):
        yield np.zeros((channels, min(_SILENCE_PIECE, samples - start)), np.float32)


def _as(frame: av.AudioFrame, channels: int) -> Waveform:
    samples: Waveform = frame.to_ndarray().astype(np.float32, copy=False)
    if len(samples) < channels:
        missing = np.zeros((channels - len(samples), samples.shape[1]), np.float32)
        return np.concatenate([samples, missing])
    return samples[:channels]
