"""A cheap look at a recording: can anything be heard in it at all? Decoding it belongs to speech."""

from __future__ import annotations

from pathlib import Path

import av
import soundfile

from hub.errors import Permanent
from hub.recording_formats import HEADERLESS, HEADERLESS_HZ, MAX_CHANNELS, OPEN_OPTIONS, PLAUSIBLE_HZ
from hub.records import Record


class RecordingHeader(Record, frozen=True, kw_only=True):
    """What a recording's header says; a length of None is not said."""

    channels: int
    rate_hz: int
    duration_ms: int | None


def read_header(path: Path) -> RecordingHeader:
    """Read a recording's header without decoding it.

    Raises:
        Permanent: ``empty_recording``, ``unreadable_recording``, ``no_audio_stream``,
            ``unknown_codec``, ``implausible_rate`` or ``too_many_channels``.
    """
    if path.stat().st_size == 0:
        raise Permanent("The recording is empty.", reason="empty_recording", file=path.name)
    bare = path.suffix.lower() in HEADERLESS
    header = _by_soundfile(path) or (_of_headerless(path) if bare else None) or _by_av(path)
    if header.channels < 1 or header.rate_hz < 1:
        raise Permanent("The recording's header makes no sense.", reason="unreadable_recording", file=path.name)
    if header.rate_hz not in PLAUSIBLE_HZ:
        message = "The recording's sampling rate is none that a recorder uses."
        raise Permanent(message, reason="implausible_rate", file=path.name)
    if header.channels > MAX_CHANNELS:
        message = f"The recording has more than {MAX_CHANNELS} channels."
        raise Permanent(message, reason="too_many_channels", file=path.name)
    if header.duration_ms == 0:
        raise Permanent("The recording has a header and no sound.", reason="empty_recording", file=path.name)
    return header


def _by_soundfile(path: Path) -> RecordingHeader | None:
    try:
        info = soundfile.info(str(path))
    except (soundfile.SoundFileError, RuntimeError, TypeError):
        return None
    if info.samplerate < 1:
        return None
    return RecordingHeader(
        channels=info.channels, rate_hz=info.samplerate, duration_ms=info.frames * 1_000 // info.samplerate
    )


def _of_headerless(path: Path) -> RecordingHeader:
    """Bare G.711 is one byte a sample, and any bytes are bare G.711."""
    return RecordingHeader(
        channels=1, rate_hz=HEADERLESS_HZ, duration_ms=max(1, path.stat().st_size * 1_000 // HEADERLESS_HZ)
    )


def _by_av(path: Path) -> RecordingHeader:
    try:
        with av.open(str(path), mode="r", metadata_errors="ignore", options=OPEN_OPTIONS) as container:
            if not container.streams.audio:
                raise Permanent("The file has no audio stream.", reason="no_audio_stream", file=path.name)
            stream = container.streams.audio[0]
            if stream.codec_context is None:
                raise Permanent("The recording's codec is unknown.", reason="unknown_codec", file=path.name)
            # Garbage that FFmpeg takes for some format or other has no first packet.
            if not any(packet.size for packet, _ in zip(container.demux(stream), range(8), strict=False)):
                raise Permanent("The recording has a header and no sound.", reason="empty_recording", file=path.name)
            duration = None if container.duration is None else max(1, container.duration // 1_000)
            return RecordingHeader(channels=stream.channels, rate_hz=stream.rate or 0, duration_ms=duration)
    except (av.FFmpegError, OSError, ValueError):
        raise Permanent(
            "No audio format can be recognised in the recording.", reason="unreadable_recording", file=path.name
        ) from None
