"""Request bodies of bounded size, also once they are unpacked."""

from __future__ import annotations

import zlib

from starlette.requests import ClientDisconnect, Request

from api.errors import Refused

GZIP_WINDOW = 16 + zlib.MAX_WBITS
ENCODINGS = ("", "identity", "gzip")


async def read_body(request: Request, max_bytes: int) -> bytes:
    """Return the body, decompressed.

    Raises:
        Refused: 413 when it is larger than allowed before or after unpacking, 415 for another
            encoding than gzip, 400 for broken gzip or a body that ends early.
    """
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding not in ENCODINGS:
        raise Refused(415, "unsupported_encoding", "Content-Encoding must be gzip or absent.")
    raw = await _read_raw(request, max_bytes)
    return gunzip(raw, max_bytes) if encoding == "gzip" else raw


async def _read_raw(request: Request, max_bytes: int) -> bytes:
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > max_bytes:
        raise _too_large(max_bytes)
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > max_bytes:
                raise _too_large(max_bytes)
            chunks.append(chunk)
    except ClientDisconnect:
        raise Refused(400, "body_incomplete", "The body ended before it was complete.") from None
    return b"".join(chunks)


def gunzip(packed: bytes, max_bytes: int) -> bytes:
    """Unpack gzip, stopping one byte above the limit: a small bomb never grows in memory."""
    unpacker = zlib.decompressobj(GZIP_WINDOW)
    try:
        plain = unpacker.decompress(packed, max_bytes + 1)
    except zlib.error:
        raise Refused(400, "bad_gzip", "The body says gzip and is not.") from None
    if len(plain) > max_bytes:
        raise _too_large(max_bytes)
    if not unpacker.eof:
        raise Refused(400, "bad_gzip", "The gzip body is cut off.")
    return plain


def _too_large(max_bytes: int) -> Refused:
    return Refused(413, "body_too_large", f"The body may have {max_bytes} bytes at most, decompressed.")
