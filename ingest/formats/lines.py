"""Lines of a file of any size, packed or not, in constant memory."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from hub.errors import Permanent
from ingest.formats.source import Refused, Source

CHUNK_BYTES = 1 << 18
KEPT_BYTES = 4_096
_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 31


class Line(NamedTuple):
    """One line without its ending, and the byte at which it starts."""

    offset: int
    raw: bytes
    is_terminated: bool = True


def read_lines(stream: BinaryIO, source: Source) -> Iterator[Line | Refused]:
    """Yield every line that is not blank; refuse those too long or with NUL bytes.

    Offsets count unpacked bytes. A gzip file that ends early or breaks yields what could be
    unpacked, then a refusal.
    """
    for line in _split(stream, source.max_line_bytes):
        if isinstance(line, Refused):
            yield line
        elif b"\0" in line.raw:
            yield refuse(line, "nul_byte", "The line holds NUL bytes: it is no text, or its file is damaged.")
        elif line.raw.strip():
            yield line


def refuse(line: Line, reason: str, message: str) -> Refused:
    """Refuse one line."""
    return Refused(reason=reason, message=message, offset=line.offset, raw=line.raw)


def decoded(raw: bytes, source: Source) -> str:
    """Return the text of a line.

    Raises:
        Permanent: ``not_utf8`` or ``bad_encoding``.
    """
    try:
        return raw.decode(source.encoding)
    except UnicodeDecodeError as error:
        if source.encoding != "utf-8":
            raise Permanent(f"Byte {error.start} of the line is no {source.encoding}.", reason="bad_encoding") from None
        raise Permanent(
            f"Byte {error.start} of the line is no UTF-8; a Korean file may need encoding cp949.", reason="not_utf8"
        ) from None


def text_of(line: Line, source: Source) -> str:
    """Return the text of a line.

    Raises:
        Permanent: ``truncated_line`` where the file ends within a character; else as ``decoded``.
    """
    try:
        return decoded(line.raw, source)
    except Permanent as error:
        if not line.is_terminated and _ends_within_character(line.raw, source):
            raise Permanent("The file ends within this line.", reason="truncated_line") from None
        raise error


def _ends_within_character(raw: bytes, source: Source) -> bool:
    try:
        codecs.getincrementaldecoder(source.encoding)().decode(raw, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _split(stream: BinaryIO, max_bytes: int) -> Iterator[Line | Refused]:
    offset, pending, is_skipping = 0, b"", False
    try:
        for chunk in unpacked(stream):
            *whole, pending = (pending + chunk).split(b"\n")
            for piece in whole:
                if not is_skipping:
                    yield _line(offset, piece, max_bytes)
                is_skipping = False
                offset += len(piece) + 1
            if len(pending) > max_bytes + len(codecs.BOM_UTF8):
                if not is_skipping:
                    yield _too_long(offset, pending, max_bytes)
                is_skipping = True
                offset, pending = offset + len(pending), b""
    except Permanent as error:
        yield Refused(reason=error.reason, message=str(error), offset=offset, raw=pending[:KEPT_BYTES])
        return
    if pending and not is_skipping:
        last = _line(offset, pending, max_bytes)
        yield last if isinstance(last, Refused) else last._replace(is_terminated=False)


def _line(offset: int, piece: bytes, max_bytes: int) -> Line | Refused:
    text = piece.removeprefix(codecs.BOM_UTF8) if offset == 0 else piece
    text = text.removesuffix(b"\r")
    return _too_long(offset, text, max_bytes) if len(text) > max_bytes else Line(offset, text)


def _too_long(offset: int, start: bytes, max_bytes: int) -> Refused:
    message = f"The line is longer than {max_bytes} bytes."
    return Refused(reason="line_too_long", message=message, offset=offset, raw=start[:KEPT_BYTES])


def unpacked(stream: BinaryIO) -> Iterator[bytes]:
    """Yield a file's bytes, unpacked when it is gzip (by its first bytes, whatever its name).

    Raises:
        Permanent: ``corrupt_gzip`` or ``truncated_gzip``, after the bytes that could be unpacked.
    """
    chunk = stream.read(CHUNK_BYTES)
    if not chunk.startswith(_GZIP):
        while chunk:
            yield chunk
            chunk = stream.read(CHUNK_BYTES)
        return
    yield from _gunzip(stream, chunk)


def _gunzip(stream: BinaryIO, chunk: bytes) -> Iterator[bytes]:
    member = zlib.decompressobj(_GZIP_WINDOW)
    while chunk:
        try:
            plain = member.decompress(chunk, CHUNK_BYTES)
        except zlib.error:
            raise Permanent("The gzip file is damaged from here on.", reason="corrupt_gzip") from None
        if plain:
            yield plain
        chunk = member.unconsumed_tail or (b"" if not member.eof else member.unused_data.lstrip(b"\0"))
        if member.eof:
            chunk = chunk or stream.read(CHUNK_BYTES).lstrip(b"\0")
            if chunk:
                member = zlib.decompressobj(_GZIP_WINDOW)
        elif not chunk:
            chunk = stream.read(CHUNK_BYTES)
    if not member.eof:
        raise Permanent("The gzip file ends early.", reason="truncated_gzip")
