"""States as bytes. Restoring and saving again gives the same bytes."""

from __future__ import annotations

import msgspec
import zstandard

from hub.errors import Permanent
from rules.patterns.state import CustomerState

_RAW, _ZSTD = b"\x00", b"\x01"
_WORTH_COMPRESSING = 512
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(CustomerState).decode


def encode_state(state: CustomerState) -> bytes:
    """Return a customer's state as bytes, compressed where that pays."""
    return pack(_encode(state))


def decode_state(data: bytes) -> CustomerState:
    """Return the state that ``encode_state`` wrote.

    Raises:
        Permanent: the bytes are damaged.
    """
    try:
        return _decode(unpack(data))
    except (msgspec.DecodeError, zstandard.ZstdError) as error:
        raise Permanent(f"A customer's state cannot be read: {error}", reason="damaged_state") from error


def pack(data: bytes) -> bytes:
    """Compress bytes where that pays."""
    if len(data) < _WORTH_COMPRESSING:
        return _RAW + data
    return _ZSTD + zstandard.ZstdCompressor(level=1, write_content_size=True).compress(data)


def unpack(data: bytes) -> bytes:
    """Return what ``pack`` was given."""
    return data[1:] if data[:1] == _RAW else zstandard.ZstdDecompressor().decompress(data[1:])
