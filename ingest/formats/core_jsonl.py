"""Logs of business systems (claims, quotes, branches, securities ...): one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import msgspec

from hub.errors import Permanent
from hub.ids import content_id
from hub.records import Channel, LogLine
from ingest.formats.fields import identifier, moment, one_of, required
from ingest.formats.json_objects import read_objects
from ingest.formats.lines import Line
from ingest.formats.source import Refused, Source

_CHANNELS = tuple(channel.value for channel in Channel)
_STAND_INS = ("phone", "phone_no", "account_no", "card_no", "account_id")
_ENVELOPE = ("id", "type", "channel", "occurred_at", "received_at", "customer_no", "anonymous_id", "properties")


def read(stream: BinaryIO, source: Source) -> Iterator[LogLine | Refused]:
    """Yield a LogLine or a refusal for every line that is not blank."""

    def parse(fields: dict[str, Any], line: Line) -> LogLine:
        return _line(fields, line, source)

    return read_objects(stream, source, parse)


def _line(fields: Mapping[str, Any], line: Line, source: Source) -> LogLine:
    properties = _properties(fields)
    customer_no = identifier(fields.get("customer_no"), "customer_no")
    anonymous_id = identifier(fields.get("anonymous_id"), "anonymous_id")
    if customer_no is None and anonymous_id is None and not any(properties.get(name) for name in _STAND_INS):
        raise Permanent("The event names no customer, account, phone or anonymous id.", reason="no_id")
    occurred_ms = moment(fields.get("occurred_at"), "occurred_at", source)
    digest = content_id("core", msgspec.json.encode(fields, order="deterministic"))
    received = fields.get("received_at")
    return LogLine(
        message_id=f"core:{identifier(fields.get('id'), 'id') or digest}",
        type=required(fields, "type"),
        channel=Channel(one_of(str(fields.get("channel") or "core"), "channel", _CHANNELS)),
        event_time_ms=occurred_ms,
        received_time_ms=moment(received, "received_at", source) if received else occurred_ms,
        customer_no=customer_no,
        anonymous_id=anonymous_id,
        properties=properties,
        content_hash=digest,
        provenance=source.at(line.offset),
    )


def _properties(fields: Mapping[str, Any]) -> dict[str, Any]:
    properties = fields.get("properties")
    if properties is not None and not isinstance(properties, dict):
        raise Permanent("properties is no object.", reason="bad_properties")
    # Columns a system adds beside the agreed ones are facts too.
    beside = {name: value for name, value in fields.items() if name not in _ENVELOPE}
    return beside | (properties or {})
