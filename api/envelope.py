"""The wire form of Segment's tracking API: from a body to single messages, without the write key.

Source: Segment's HTTP tracking API and the short paths of analytics.js.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

import msgspec

from api.errors import Refused

KINDS: dict[str, str] = {
    "identify": "identify",
    "track": "track",
    "page": "page",
    "screen": "screen",
    "group": "group",
    "alias": "alias",
    "i": "identify",
    "t": "track",
    "p": "page",
    "s": "screen",
    "g": "group",
    "a": "alias",
}
BATCHES = ("batch", "b")
MAX_MESSAGES = 2_500
SHARED = ("context", "integrations")
WRITE_KEY = "writeKey"

Message = dict[str, Any]


def parse(body: bytes) -> Message:
    """Read a body as a JSON object, whatever its content type says.

    Raises:
        Refused: 400 when it is none.
    """
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(400, "bad_json", "The body is not JSON in UTF-8.") from None
    if not isinstance(value, dict):
        raise Refused(400, "bad_json", "The body must be a JSON object.")
    return value


def write_key_in(body: Message) -> str | None:
    """Return the write key a body carries, at the top or in its first message."""
    batch = body.get("batch")
    first = batch[0] if isinstance(batch, list) and batch and isinstance(batch[0], dict) else {}
    key = body.get(WRITE_KEY) or first.get(WRITE_KEY)
    return key if isinstance(key, str) else None


def write_key_of_basic(authorization: str) -> str | None:
    """Return the user name of ``Basic base64(writeKey:)``."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(value.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return text.partition(":")[0] or None


def unpack(path: str, body: Message) -> list[object]:
    """Return the single messages of a body; what a batch says once goes to each of its messages.

    Raises:
        Refused: 400 for a batch that is none, 413 for more messages than allowed.
    """
    if path in BATCHES:
        return _unpack_batch(body)
    return [_without_key({**body, "type": KINDS[path]})]


def _unpack_batch(body: Message) -> list[object]:
    batch = body.get("batch")
    if not isinstance(batch, list) or not batch:
        raise Refused(400, "bad_batch", "A batch needs a list of messages in `batch`.")
    if len(batch) > MAX_MESSAGES:
        raise Refused(413, "too_many_messages", f"A batch may have {MAX_MESSAGES} messages at most.")
    sent_at = {"sentAt": body["sentAt"]} if "sentAt" in body else {}
    shared = {name: body[name] for name in SHARED if isinstance(body.get(name), dict)}
    return [_joined(item, shared, sent_at) for item in batch]


def _joined(item: object, shared: dict[str, Message], sent_at: Message) -> object:
    if not isinstance(item, dict):
        return item
    joined = {**sent_at, **item}
    for name, common in shared.items():
        own = item.get(name)
        joined[name] = {**common, **own} if isinstance(own, dict) else common
    return _without_key(joined)


def _without_key(message: Message) -> Message:
    return {name: value for name, value in message.items() if name != WRITE_KEY}
