"""The collector's envelope: a Segment message becomes a LogLine, a LogLine becomes a BehaviorEvent.

Pure functions, shared by the live collector and the lake, so that both give an event the same id.
Source: Segment's HTTP tracking API; limits and the four times as documented there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from hub.clock import DAY_MS
from hub.errors import Permanent
from hub.ids import Pseudonymizer, content_id
from hub.records import BehaviorEvent, Channel, LogLine
from ingest.formats.fields import identifier, moment
from ingest.formats.source import Source
from ingest.property_policy import ACCOUNT_NAMES, ENVELOPE_PREFIX, PHONE_NAMES, may_leave

MAX_EVENT_BYTES = 32 * 1024
MAX_MESSAGE_ID = 100
MAX_TYPE = 200
MAX_DELAY_MS = 60 * DAY_MS
KINDS = ("track", "identify", "page", "screen", "group", "alias")
RESERVED_IDS = ("core:", "access:", "hub:", "tick")

_APP_PLATFORMS = ("app", "ios", "android", "mobile", "iphone", "ipad")
_RESENT = ("sentAt", "receivedAt", "writeKey")
_CONTEXT = "_context"
_TRAITS = "_traits"
_SENT = "_sent_ms"
_ORIGINAL = "_original_ms"


def to_line(message: Mapping[str, Any], source: Source, offset: int | None, received_ms: int | None = None) -> LogLine:
    """Turn one message into a LogLine.

    Args:
        message: a Segment message, any kind but batch.
        source: where it came from.
        offset: its place there.
        received_ms: when the collector received it; a file's messages say it themselves.
    Raises:
        Permanent: ``no_id``, ``bad_id``, ``no_event``, ``bad_kind``, ``bad_properties``, ``no_time``,
            ``bad_time``, ``time_out_of_range``, ``event_too_large``.
    """
    canonical = _canonical(message)
    if len(canonical) > MAX_EVENT_BYTES:
        raise Permanent(f"The event is larger than {MAX_EVENT_BYTES} bytes.", reason="event_too_large")
    kind = message.get("type", "track")
    if kind not in KINDS:
        raise Permanent(f"type is none of {', '.join(KINDS)}.", reason="bad_kind")
    customer_no, anonymous_id = _ids(message, kind)
    times = _times(message, source, received_ms)
    digest = content_id("message", canonical)
    return LogLine(
        message_id=_message_id(message, digest),
        type=_event_type(message, kind, customer_no),
        channel=_channel(message, kind),
        event_time_ms=times["event"],
        received_time_ms=times["received"],
        customer_no=customer_no,
        anonymous_id=anonymous_id,
        properties=_properties(message, kind, times),
        content_hash=digest,
        provenance=source.at(offset),
    )


def to_event(line: LogLine, pseudonymizer: Pseudonymizer) -> BehaviorEvent:
    """Turn a LogLine into a BehaviorEvent: raw identifiers become pseudonyms or stay in the vault."""
    ids = [pseudonymizer.anonymous(line.anonymous_id)] if line.anonymous_id else []
    properties = {name: value for name, value in line.properties.items() if may_leave(line.type, name)}
    account = _first(line.properties, ACCOUNT_NAMES)
    if account:
        properties["account_id"] = account if account.startswith("acc_") else pseudonymizer.account(account)
        ids.append(properties["account_id"])
    phone = _first(line.properties, PHONE_NAMES)
    if phone:
        ids.append(pseudonymizer.phone(phone))
    return BehaviorEvent(
        event_id=line.message_id,
        type=line.type,
        channel=line.channel,
        event_time_ms=line.event_time_ms,
        received_time_ms=line.received_time_ms,
        customer_key=pseudonymizer.customer(line.customer_no) if line.customer_no else None,
        ids=tuple(dict.fromkeys(ids)),
        properties=properties,
        provenance=line.provenance,
    )


def _canonical(message: Mapping[str, Any]) -> bytes:
    """The message as it stays when an SDK sends it again."""
    kept = {name: value for name, value in message.items() if name not in _RESENT}
    return msgspec.json.encode(kept, order="deterministic")


def _ids(message: Mapping[str, Any], kind: str) -> tuple[str | None, str | None]:
    customer_no = identifier(message.get("userId"), "userId")
    anonymous_id = identifier(message.get("anonymousId"), "anonymousId")
    if kind == "alias":
        anonymous_id = identifier(message.get("previousId"), "previousId") or anonymous_id
    if customer_no is None and anonymous_id is None:
        raise Permanent("The event has neither userId nor anonymousId.", reason="no_id")
    return customer_no, anonymous_id


def _message_id(message: Mapping[str, Any], digest: str) -> str:
    given = identifier(message.get("messageId"), "messageId", MAX_MESSAGE_ID)
    if given is not None and given.startswith(RESERVED_IDS):
        raise Permanent("messageId starts with a word the hub keeps for its own ids.", reason="bad_id")
    return given or digest


def _event_type(message: Mapping[str, Any], kind: str, customer_no: str | None) -> str:
    given = identifier(message.get("event"), "event", MAX_TYPE)
    if given is not None:
        return given
    if kind == "track":
        raise Permanent("A track call without an event name.", reason="no_event")
    if kind in ("identify", "alias"):
        return "customer.identified" if customer_no else "traits.updated"
    return "group.joined" if kind == "group" else "screen.viewed"


def _channel(message: Mapping[str, Any], kind: str) -> Channel:
    context = message.get("context")
    platform = ""
    if isinstance(context, Mapping):
        device = context.get("device")
        platform = str(context.get("platform") or (device.get("type") if isinstance(device, Mapping) else "") or "")
    is_app = platform.lower() in _APP_PLATFORMS or (kind == "screen" and not platform)
    return Channel.APP if is_app else Channel.WEB


def _properties(message: Mapping[str, Any], kind: str, times: Mapping[str, int]) -> dict[str, Any]:
    given = _object(message, "properties")
    properties = {name: value for name, value in given.items() if not name.startswith(ENVELOPE_PREFIX)}
    if kind in ("page", "screen") and "screen" not in properties:
        screen = message.get("name") or properties.get("path") or properties.get("title")
        properties |= {"screen": str(screen)} if screen else {}
    if kind == "group" and message.get("groupId") is not None:
        properties["group_id"] = str(message["groupId"])
    context, traits = _object(message, "context"), _object(message, "traits")
    properties |= {_CONTEXT: dict(context)} if context else {}
    properties |= {_TRAITS: dict(traits)} if traits else {}
    properties |= {_SENT: times["sent"]} if "sent" in times else {}
    properties |= {_ORIGINAL: times["original"]} if "original" in times else {}
    return properties


def _object(message: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = message.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise Permanent(f"{name} is no object.", reason="bad_properties")
    return value


def _times(message: Mapping[str, Any], source: Source, received_ms: int | None) -> dict[str, int]:
    """Return the times there are: event, received, and original and sent by the device's clock.

    event = received - (sent - original) where that is plausible, which takes the device's
    wrong clock out; else the original time, but never after it was received.
    """
    times = {}
    original = message.get("originalTimestamp") or message.get("timestamp")
    if original:
        times["original"] = moment(original, "originalTimestamp", source)
    if message.get("sentAt"):
        times["sent"] = moment(message["sentAt"], "sentAt", source)
    if received_ms is None and message.get("receivedAt"):
        received_ms = moment(message["receivedAt"], "receivedAt", source)
    received = received_ms if received_ms is not None else times.get("sent", times.get("original"))
    if received is None:
        raise Permanent("The event carries no time at all.", reason="no_time")
    event = min(times.get("original", received), received)
    if "original" in times and "sent" in times:
        delay_ms = times["sent"] - times["original"]
        event = received - delay_ms if 0 <= delay_ms <= MAX_DELAY_MS else event
    return times | {"event": event, "received": received}


def _first(properties: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    return next((str(properties[name]) for name in names if properties.get(name)), None)
