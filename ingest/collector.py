"""The event collector without its HTTP: messages in, one answer each out, everything durable in between."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from hub.errors import Permanent
from hub.ids import Pseudonymizer, content_id
from hub.ports import DeadLetterStore, EventLog, ObjectStore, OnlineStore
from hub.records import BehaviorEvent, DeadLetter, LogEntry, LogLine, Record
from ingest.dead_letters import COLLECTING, letter_of_object
from ingest.envelope import KINDS, to_event, to_line
from ingest.formats.json_objects import check_tree, parse_object
from ingest.formats.source import Refused, Source
from ingest.vault import refused_key

FEED = "collector"
EVENTS = "events"
COLLECTED = "collected"
MAX_BODY_BYTES = 512_000
MAX_BATCH_EVENTS = 2_500
MAX_DEPTH = 32
ACCEPTED, DUPLICATE, QUARANTINED = "accepted", "duplicate", "quarantined"
SHORT_KINDS = {"i": "identify", "t": "track", "p": "page", "s": "screen", "g": "group", "a": "alias", "b": "batch"}
_SHARED = ("context", "integrations")


class EventAnswer(Record, frozen=True, kw_only=True):
    """What became of one message: accepted, duplicate, or quarantined and why."""

    message_id: str
    status: str
    reason: str = ""
    message: str = ""


class CollectResult(Record, frozen=True, kw_only=True):
    """The answer to one request: an HTTP status, a code and a sentence when it was refused whole, else the answers."""

    status: int = 200
    code: str = ""
    message: str = ""
    answers: tuple[EventAnswer, ...] = ()


class Collector:
    """Takes Segment messages. Answers only after every accepted one is in the log and every other in dead letters.

    A login (both ids in one identify) is linked at once, so that what the browser does next is known to be the
    customer's.
    """

    def __init__(
        self,
        *,
        log: EventLog,
        online: OnlineStore,
        objects: ObjectStore,
        dead_letters: DeadLetterStore,
        pseudonymizer: Pseudonymizer,
    ) -> None:
        self._log = log
        self._online = online
        self._objects = objects
        self._dead_letters = dead_letters
        self._pseudonymizer = pseudonymizer

    def __call__(self, messages: Sequence[Any], *, source: str, received_ms: int) -> list[EventAnswer]:
        """Collect messages in order; ``source`` is the id of the write key.

        Raises:
            Transient: a store is away; nothing was acknowledged, the sender tries again.
        """
        place = Source(dataset=f"{FEED}:{source}", offset_hours=0.0, max_depth=MAX_DEPTH)
        lines: dict[str, LogLine] = {}
        answers: list[EventAnswer | str] = []
        letters: list[DeadLetter] = []
        for message in messages:
            try:
                line = _line(message, place, received_ms)
            except Permanent as error:
                answers.append(self._quarantine(message, error, place, received_ms, letters))
                continue
            answers.append(line.message_id if line.message_id not in lines else _duplicate(line.message_id))
            lines.setdefault(line.message_id, line)
        if letters:
            self._dead_letters.add(letters)
        fresh = self._append(list(lines.values()))
        return [answer if isinstance(answer, EventAnswer) else _answer(answer, fresh) for answer in answers]

    def collect(
        self,
        body: bytes,
        kind: str,
        *,
        received_ms: int,
        write_key_ok: Callable[[str], bool],
        write_key: str | None = None,
        is_gzip: bool = False,
        anonymous_id: str | None = None,
        max_body_bytes: int = MAX_BODY_BYTES,
    ) -> CollectResult:
        """Collect the body of one request.

        Args:
            body: as received; unpacked here when ``is_gzip``, never beyond the limit.
            kind: track, identify, page, screen, group, alias or batch, or their first letters.
            write_key_ok: tells whether a write key may send.
            write_key: the key of the headers; else the body's ``writeKey`` is taken.
            anonymous_id: for messages that carry none (RudderStack's header).
        """
        kind = SHORT_KINDS.get(kind, kind)
        try:
            if kind != "batch" and kind not in KINDS:
                raise Permanent("There is no call of this kind.", reason="bad_kind")
            fields = parse_object(_plain(body, max_body_bytes, is_gzip=is_gzip), MAX_DEPTH + 2)
            key = write_key or fields.get("writeKey")
            if not isinstance(key, str) or not write_key_ok(key):
                return CollectResult(status=401, code="unknown_write_key", message="This write key may not send.")
            messages = _messages(fields, kind, anonymous_id)
        except Permanent as error:
            status = 413 if error.reason in ("body_too_large", "batch_too_large") else 400
            return CollectResult(status=status, code=error.reason, message=str(error))
        source = content_id("write_key", key)[:12]
        return CollectResult(answers=tuple(self(messages, source=source, received_ms=received_ms)))

    def _quarantine(
        self, message: object, error: Permanent, place: Source, received_ms: int, letters: list[DeadLetter]
    ) -> EventAnswer:
        raw = _raw(message)
        key = refused_key(FEED, content_id(raw))
        self._objects.put(key, raw, if_absent=True)
        refused = Refused(reason=error.reason, message=str(error), offset=0)
        letters.append(letter_of_object(FEED, COLLECTING, refused, key, place.at(None), received_ms))
        given = message.get("messageId") if isinstance(message, Mapping) else None
        return EventAnswer(
            message_id=given[:100] if isinstance(given, str) else "",
            status=QUARANTINED,
            reason=error.reason,
            message=str(error),
        )

    def _append(self, lines: Sequence[LogLine]) -> set[str]:
        """Append to both topics; returns the ids that are new to the log of events."""
        if not lines:
            return set()
        events = self._resolved([to_event(line, self._pseudonymizer) for line in lines])
        self._log.append(
            COLLECTED, [_entry(line.message_id, event, line) for line, event in zip(lines, events, strict=True)]
        )
        before = self._log.end_offsets(EVENTS)
        new = self._log.append(EVENTS, [_entry(event.event_id, event, event) for event in events])
        ids = {event.event_id for event in events}
        return ids if new == len(ids) else self._written_since(before, ids) if new else set()

    def _written_since(self, before: Sequence[int], ids: set[str]) -> set[str]:
        """Find which of the ids the log has taken: it tells how many, we owe an answer for each."""
        found: set[str] = set()
        for partition, start in enumerate(before):
            offset = start
            while records := self._log.read(EVENTS, partition, offset, 1_000):
                found |= {record.id for record in records} & ids
                offset = records[-1].offset + 1
        return found

    def _resolved(self, events: Sequence[BehaviorEvent]) -> list[BehaviorEvent]:
        """Link the logins of the batch, then name the customer of every event whose ids are linked."""
        logins = {
            event.ids[0]: event.customer_key
            for event in events
            if event.type == "customer.identified" and event.customer_key and event.ids
        }
        if logins:
            self._online.link(logins)
        unknown = sorted({pseudonym for event in events if event.customer_key is None for pseudonym in event.ids})
        known = dict(zip(unknown, self._online.resolve(unknown), strict=True)) if unknown else {}
        return [
            event
            if event.customer_key
            else msgspec.structs.replace(
                event, customer_key=next((known[pseudonym] for pseudonym in event.ids if known[pseudonym]), None)
            )
            for event in events
        ]


def _line(message: object, place: Source, received_ms: int) -> LogLine:
    if not isinstance(message, Mapping):
        raise Permanent("The message is no object.", reason="not_an_object")
    check_tree(message, place.max_depth)
    return to_line(message, place, None, received_ms)


def _entry(entry_id: str, event: BehaviorEvent, value: Record) -> LogEntry:
    return LogEntry(id=entry_id, key=event.subject, value=msgspec.json.encode(value), time_ms=event.event_time_ms)


def _answer(message_id: str, fresh: set[str]) -> EventAnswer:
    return EventAnswer(message_id=message_id, status=ACCEPTED) if message_id in fresh else _duplicate(message_id)


def _duplicate(message_id: str) -> EventAnswer:
    return EventAnswer(message_id=message_id, status=DUPLICATE)


def _raw(message: object) -> bytes:
    try:
        return msgspec.json.encode(message)
    except (OverflowError, RecursionError, UnicodeEncodeError, TypeError, ValueError):
        # What JSON cannot hold (an integer beyond 64 bits, a lone surrogate) is kept as Python shows it.
        return ascii(message).encode()


def _plain(body: bytes, max_bytes: int, *, is_gzip: bool) -> bytes:
    if is_gzip:
        unpacker = zlib.decompressobj(31)
        try:
            body = unpacker.decompress(body, max_bytes + 1)
        except zlib.error:
            raise Permanent("The body is no gzip.", reason="corrupt_gzip") from None
        if not unpacker.eof and len(body) <= max_bytes:
            raise Permanent("The gzip body ends early.", reason="truncated_gzip")
    if len(body) > max_bytes:
        raise Permanent(f"The body is larger than {max_bytes} bytes.", reason="body_too_large")
    return body


def _messages(fields: dict[str, Any], kind: str, anonymous_id: str | None) -> list[Any]:
    if kind != "batch":
        return [_with_anonymous(fields | {"type": kind}, anonymous_id)]
    batch = fields.get("batch")
    if not isinstance(batch, list) or not batch:
        raise Permanent("A batch needs a list of messages in `batch`.", reason="bad_batch")
    if len(batch) > MAX_BATCH_EVENTS:
        raise Permanent(f"A batch holds {MAX_BATCH_EVENTS} events at most.", reason="batch_too_large")
    return [_with_anonymous(_joined(item, fields), anonymous_id) for item in batch]


def _joined(item: object, fields: Mapping[str, Any]) -> object:
    """What a batch says once goes to each of its messages; the message's own word wins."""
    if not isinstance(item, dict):
        return item
    joined = {"sentAt": fields["sentAt"]} | item if "sentAt" in fields else dict(item)
    for name in _SHARED:
        own, common = item.get(name), fields.get(name)
        if isinstance(common, dict):
            joined[name] = common | own if isinstance(own, dict) else common
    return joined


def _with_anonymous(message: object, anonymous_id: str | None) -> object:
    if not isinstance(message, dict):
        return message
    kept = {name: value for name, value in message.items() if name != "writeKey"}
    if anonymous_id and not kept.get("userId") and not kept.get("anonymousId"):
        kept["anonymousId"] = anonymous_id
    return kept
