"""What a recording's own bytes say about its end. FFmpeg shortens a duration to the bytes it finds and says nothing."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

_UNKNOWN_SIZES = frozenset({0, 0xFFFF_FFFF})
"""What recorders write that do not yet know how long a call will be."""
_CHUNK_HEADER = 8
_OGG_END = 0x04
_OGG_HEADER = 27
_LAST_PAGE = 1 << 17
"""An Ogg page is at most 65,307 bytes long: the last one starts within the last two."""
_MP4_HEADER = 8


def is_cut_short(path: Path) -> bool:
    """Say whether a WAV or Ogg file ends before its own structure does; False for any other file."""
    size = path.stat().st_size
    with path.open("rb") as file:
        data = _find_wav_data(file)
        if data is not None:
            start, length = data
            return length not in _UNKNOWN_SIZES and start + length > size
        return _is_ogg_cut_short(file, size)


def has_sound_beyond_header(path: Path) -> bool:
    """Say whether a WAV header promises less than half of the sound that follows it: its size was never put right."""
    size = path.stat().st_size
    with path.open("rb") as file:
        data = _find_wav_data(file)
        if data is None:
            return False
        start, length = data
        beyond = size - start - length
        if length in _UNKNOWN_SIZES or beyond <= length:
            return False
        file.seek(start + length + length % 2)
        return not _is_chunk(file.read(_CHUNK_HEADER), size)


def is_unfinished_mp4(path: Path) -> bool:
    """Say whether an MP4 file has its sound but not its index (``moov``), which recorders write last."""
    size, place = path.stat().st_size, 0
    found: set[bytes] = set()
    with path.open("rb") as file:
        while place + _MP4_HEADER <= size and len(found) < 64:
            file.seek(place)
            header = file.read(16)
            length = int.from_bytes(header[:4], "big")
            if length == 1:
                length = int.from_bytes(header[8:16], "big")
            found.add(header[4:8])
            if length < _MP4_HEADER:
                break
            place += length
    return b"ftyp" in found and b"moov" not in found


def _find_wav_data(file: BinaryIO) -> tuple[int, int] | None:
    """Return the place and the promised length of a RIFF/WAVE file's sound."""
    file.seek(0)
    start = file.read(12)
    if start[:4] != b"RIFF" or start[8:12] != b"WAVE":
        return None
    while len(chunk := file.read(_CHUNK_HEADER)) == _CHUNK_HEADER:
        length = int.from_bytes(chunk[4:], "little")
        if chunk[:4] == b"data":
            return file.tell(), length
        file.seek(length + length % 2, 1)
    return None


def _is_chunk(header: bytes, size: int) -> bool:
    name, length = header[:4], int.from_bytes(header[4:], "little")
    return len(header) == _CHUNK_HEADER and name.isascii() and name.decode("ascii").isprintable() and length <= size


def _is_ogg_cut_short(file: BinaryIO, size: int) -> bool:
    file.seek(0)
    if file.read(4) != b"OggS":
        return False
    file.seek(max(0, size - _LAST_PAGE))
    tail = file.read()
    page = tail[tail.rfind(b"OggS") :]
    if len(page) < _OGG_HEADER or not page[5] & _OGG_END:
        return True
    lengths = page[_OGG_HEADER : _OGG_HEADER + page[26]]
    return len(page) < _OGG_HEADER + len(lengths) + sum(lengths)
