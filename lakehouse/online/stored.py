"""How a feature row and a link look inside an online store: keys, and values that begin with their age."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

import msgspec

from hub.errors import Permanent
from hub.records import FeatureRow

MAX_KEY_BYTES = 511
_STAMP = struct.Struct(">qq")
STAMP_BYTES = _STAMP.size
_FEATURES, _LINK = "f", "l"
_T = TypeVar("_T")


def row_key(view: str, customer_key: str) -> bytes:
    """Return where the latest row of a view and a customer lives."""
    return _key(_FEATURES, view, customer_key)


def link_key(id_: str) -> bytes:
    """Return where an id's customer lives."""
    return _key(_LINK, id_)


def pack(row: FeatureRow) -> bytes:
    """Return a row's bytes: its stamp, then the row in MessagePack.

    Raises:
        Permanent: a value MessagePack cannot hold, such as an integer beyond 64 bits.
    """
    try:
        return _STAMP.pack(row.event_time_ms, row.created_ms) + msgspec.msgpack.encode(row)
    except (OverflowError, struct.error, TypeError, UnicodeEncodeError) as error:
        raise Permanent(
            "A feature value has a form the online store cannot keep.", reason="bad_feature_value", view=row.view
        ) from error


def unpack(stored: bytes) -> FeatureRow:
    """Return the row of what ``pack`` made."""
    return msgspec.msgpack.decode(memoryview(stored)[STAMP_BYTES:], type=FeatureRow)


def is_newer(candidate: bytes, stored: bytes | None) -> bool:
    """Tell whether a row may replace the stored one: later event time, or the same and created later."""
    return stored is None or _STAMP.unpack_from(candidate) > _STAMP.unpack_from(stored)


def chunks(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Yield the items in lists of at most ``size``."""
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk


def _key(*parts: str) -> bytes:
    raw = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    if len(raw) <= MAX_KEY_BYTES:
        return raw
    return parts[0].encode() + b"#" + hashlib.blake2b(raw, digest_size=32).hexdigest().encode()
