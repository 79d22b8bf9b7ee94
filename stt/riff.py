"""What a WAV header promises, read from the file itself: FFmpeg shortens its duration to the bytes it finds."""

from __future__ import annotations

from pathlib import Path

_UNKNOWN_SIZES = frozenset({0, 0xFFFF_FFFF})
"""What recorders write that do not yet know how long a call will be."""
_CHUNK_HEADER = 8


def is_cut_short(path: Path) -> bool:
    """Say whether a RIFF/WAVE file ends before its data chunk does; False for any other file."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(12)
        if start[:4] != b"RIFF" or start[8:12] != b"WAVE":
            return False
        while len(chunk := file.read(_CHUNK_HEADER)) == _CHUNK_HEADER:
            length = int.from_bytes(chunk[4:], "little")
            if chunk[:4] == b"data":
                return length not in _UNKNOWN_SIZES and file.tell() + length > size
            file.seek(length + length % 2, 1)
    return False
