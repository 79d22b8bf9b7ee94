"""A copy of a recording in which personal data is silence, written while the recording streams by.

Only the channel of the one who spoke is silenced, where that is sure. Where the recording has one channel, where nobody said
which channel is whose, or where the voice is also heard on the other channel, all channels are silenced.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
import numpy.typing as npt
import soundfile

from hub.recording_formats import OPEN_OPTIONS
from hub.records import RedactedCall, Silence
from stt.audio import Decoding, Waveform
from stt.intervals import Interval, intersect, merge

PAD_MS = 250
"""A word's time comes from attention, which is late or early by up to a quarter of a second at pauses."""
TELEPHONE_HZ, MAX_HZ = 8_000, 48_000
LISTEN_HZ = 8_000
LEAK = 0.15
"""Correlation from which on a voice counts as heard on the other channel; speech of two people stays below."""
MAX_LAG_MS = 300
MAX_HEARD_MS = 10_000
BLOCK_S = 10
UNSURE_WHOSE = ("dual_mono", "dead_channel", "one_voice", "roles_", "speakers_")
"""Warnings of a transcript after which a role is not a channel."""


class Cut(NamedTuple):
    """Silence a channel, or all of them (None), for an interval in milliseconds."""

    channel: int | None
    interval: Interval


def write_redacted(source: Path, target: Path, call: RedactedCall, roles: Sequence[str]) -> None:
    """Write the copy: mu-law WAV at 8 kHz for telephone recordings, else FLAC at the recording's own rate.

    Args:
        source: the recording.
        target: the copy; what is there is replaced.
        call: where it gives personal data away.
        roles: whose each channel is, in order, as the sidecar says.
    Raises:
        BadAudio: the recording cannot be read. Permanent.
    """
    cuts = _plan(call, roles)
    leaking = _leaking(source, cuts)
    cuts = [Cut(None, cut.interval) if index in leaking else cut for index, cut in enumerate(cuts)]
    rate_hz = _rate_hz(source)
    writer: soundfile.SoundFile | None = None
    try:
        done = 0
        for piece in _blocks(source, rate_hz):
            if writer is None:
                writer = _writer(target, rate_hz, len(piece))
            writer.write(_silenced(piece, done, rate_hz, cuts).T)
            done += piece.shape[1]
    finally:
        if writer is not None:
            writer.close()


def suffix_of(source: Path) -> str:
    """Return ``.wav`` or ``.flac``: what the copy of a recording will be."""
    return ".wav" if _rate_hz(source) == TELEPHONE_HZ else ".flac"


def _blocks(source: Path, rate_hz: int) -> Iterator[Waveform]:
    """Yield the sound in blocks of some seconds: frames of a few milliseconds would each be held against every cut."""
    waiting: list[Waveform] = []
    length = 0
    for piece in Decoding(source, rate_hz):
        waiting.append(piece)
        length += piece.shape[1]
        if length >= BLOCK_S * rate_hz:
            yield np.concatenate(waiting, axis=1)
            waiting, length = [], 0
    if waiting:
        yield np.concatenate(waiting, axis=1)


def _plan(call: RedactedCall, roles: Sequence[str]) -> list[Cut]:
    """Return padded intervals per channel, those that touch put together."""
    is_sure = (
        not any(w.startswith(UNSURE_WHOSE) for w in call.transcript.warnings) and len(set(roles)) == len(roles) > 1
    )
    by_channel: dict[int | None, list[Interval]] = {}
    for silence in call.silences:
        channel = roles.index(silence.role) if is_sure and silence.role in roles else None
        by_channel.setdefault(channel, []).append(_padded(silence))
    return [Cut(channel, interval) for channel, found in by_channel.items() for interval in merge(found)]


def _padded(silence: Silence) -> Interval:
    return max(0, silence.start_ms - PAD_MS), silence.end_ms + PAD_MS


def _silenced(piece: Waveform, done: int, rate_hz: int, cuts: Iterable[Cut]) -> Waveform:
    """Return a block with its cuts as zeros; ``done`` samples went before it."""
    edited = piece
    for channel, (begin_ms, end_ms) in cuts:
        begin = max(0, begin_ms * rate_hz // 1_000 - done)
        end = min(piece.shape[1], -(-end_ms * rate_hz // 1_000) - done)
        if begin < end:
            edited = edited.copy() if edited is piece else edited
            edited[slice(None) if channel is None or channel >= len(piece) else channel, begin:end] = 0.0
    return edited


def _leaking(source: Path, cuts: Sequence[Cut]) -> set[int]:
    """Return the cuts whose voice is heard on another channel too; the recording streams by once."""
    sure = [(index, cut) for index, cut in enumerate(cuts) if cut.channel is not None]
    if not sure:
        return set()
    heard: dict[int, list[Waveform]] = {index: [] for index, _ in sure}
    leaking: set[int] = set()
    done_ms = 0.0
    for piece in _blocks(source, LISTEN_HZ):
        if len(piece) < 2:
            return {index for index, _ in sure}
        after_ms = done_ms + piece.shape[1] * 1_000 / LISTEN_HZ
        for index, cut in sure:
            begin, end = intersect((cut.interval[0], min(cut.interval[1], cut.interval[0] + MAX_HEARD_MS)), (int(done_ms), int(after_ms)))  # fmt: skip
            if end > begin:
                first, last = (round((ms - done_ms) * LISTEN_HZ / 1_000) for ms in (begin, end))
                heard[index].append(piece[:, first:last].copy())
            if heard[index] and after_ms >= cut.interval[0] + MAX_HEARD_MS:
                _judge(index, cut, heard, leaking)
        done_ms = after_ms
    for index, cut in sure:
        _judge(index, cut, heard, leaking)
    return leaking


def _judge(index: int, cut: Cut, heard: dict[int, list[Waveform]], leaking: set[int]) -> None:
    pieces, heard[index] = heard[index], []
    if not pieces or cut.channel is None:
        return
    samples = np.concatenate(pieces, axis=1)
    own = samples[cut.channel] if cut.channel < len(samples) else samples[0]
    others = [other for channel, other in enumerate(samples) if channel != cut.channel]
    if any(correlation(own, other) >= LEAK for other in others):
        leaking.add(index)


def correlation(own: npt.NDArray[np.float32], other: npt.NDArray[np.float32]) -> float:
    """Return how much of a voice is in another channel, 0 to 1, whatever its level and for any delay up to 0.3 s."""
    own, other = own - own.mean(), other - other.mean()
    scale = float(np.linalg.norm(own) * np.linalg.norm(other))
    if scale < 1e-9:
        return 0.0
    size = 1 << (len(own) + len(other)).bit_length()
    crossed = np.fft.irfft(np.fft.rfft(own, size) * np.conj(np.fft.rfft(other, size)), size)
    lag = min(len(own), MAX_LAG_MS * LISTEN_HZ // 1_000)
    near = np.concatenate([crossed[:lag], crossed[-lag:]])
    return float(np.abs(near).max() / scale)


def _rate_hz(source: Path) -> int:
    try:
        with av.open(str(source), mode="r", metadata_errors="ignore", options=dict(OPEN_OPTIONS)) as container:
            rate_hz = container.streams.audio[0].rate if container.streams.audio else TELEPHONE_HZ
    except (av.error.FFmpegError, UnicodeDecodeError, ValueError):
        return TELEPHONE_HZ
    return min(MAX_HZ, max(TELEPHONE_HZ, int(rate_hz or TELEPHONE_HZ)))


def _writer(target: Path, rate_hz: int, channels: int) -> soundfile.SoundFile:
    container, subtype = ("WAV", "ULAW") if rate_hz == TELEPHONE_HZ else ("FLAC", "PCM_16")
    return soundfile.SoundFile(target, "w", samplerate=rate_hz, channels=channels, format=container, subtype=subtype)
