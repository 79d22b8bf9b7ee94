"""Records in the shape each source delivers: CSV rows and JSON lines."""

from __future__ import annotations

import msgspec

from demo.period import Period

_encoder = msgspec.json.Encoder()
MEMO_HEADER = b"txn_id,account_no,customer_no,posted_at,amount,currency,direction,method,memo,balance\n"


def json_line(record: object) -> bytes:
    """Encode a record as one line of JSON."""
    return _encoder.encode(record)


def csv_row(*fields: object) -> bytes:
    """Encode fields as one line of CSV; None is empty."""
    return ",".join(_quoted("" if field is None else str(field)) for field in fields).encode()


def _quoted(text: str) -> str:
    if "," in text or '"' in text or "\n" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def segment_line(
    period: Period,
    at_ms: int,
    sent_after_ms: int,
    received_after_ms: int,
    *,
    kind: str,
    message_id: str,
    event: str,
    anonymous_id: str | None,
    user_id: str | None,
    platform: str,
    properties: dict[str, object],
) -> bytes:
    """Encode a click as a Segment library sends it; ids that are not known are left out."""
    record: dict[str, object] = {"type": kind, "messageId": message_id, "event": event}
    if anonymous_id is not None:
        record["anonymousId"] = anonymous_id
    if user_id is not None:
        record["userId"] = user_id
    record["originalTimestamp"] = period.iso(at_ms)
    record["sentAt"] = period.iso(at_ms + sent_after_ms)
    record["receivedAt"] = period.iso(at_ms + received_after_ms)
    record["context"] = {"platform": platform}
    record["properties"] = properties
    return _encoder.encode(record)
