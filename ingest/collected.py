"""Landing what was collected: the log's ``collected`` topic becomes rows of ``bronze.log_lines``."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from hub.clock import Clock
from hub.errors import Permanent
from hub.ids import content_id
from hub.ports import TICK_ID, DeadLetterStore, EventLog, ObjectStore, StateStore, Tables
from hub.records import DeadLetter, LogLine, LogRecord, Provenance
from ingest.collector import COLLECTED, FEED
from ingest.dead_letters import LANDING, letter_of_object
from ingest.formats.source import Refused
from ingest.report import LandingReport
from ingest.vault import refused_key

TABLE = "bronze.log_lines"
BATCH_ROWS = 50_000
_PAGE = 2_000


def land_collected(
    log: EventLog,
    tables: Tables,
    state: StateStore,
    *,
    objects: ObjectStore,
    dead_letters: DeadLetterStore,
    clock: Clock,
    topic: str = COLLECTED,
    batch_rows: int = BATCH_ROWS,
) -> LandingReport:
    """Land everything collected since the last time.

    The cursors move after the rows are merged: a run killed between the two merges them again, which
    changes nothing.
    """
    report = LandingReport()
    cursors = [_cursor(state, topic, partition) for partition in range(len(log.end_offsets(topic)))]
    while True:
        rows: dict[str, dict[str, object]] = {}
        letters: list[DeadLetter] = []
        seen = 0
        for record in _unread(log, topic, cursors, batch_rows):
            seen += 1
            line = _line(record)
            if line is None:
                letters.append(_keep(record, objects, clock.now_ms()))
            else:
                rows.setdefault(line.message_id, msgspec.to_builtins(line))
        changed = tables.merge(TABLE, list(rows.values())) if rows else 0
        if letters:
            dead_letters.add(letters)
        report += LandingReport(
            accepted=changed,
            duplicates=seen - len(letters) - changed,
            refused=len(letters),
            reasons={"bad_record": len(letters)} if letters else {},
        )
        moved = {_name(topic, partition): str(offset).encode() for partition, offset in enumerate(cursors)}
        state.put(moved)
        if not seen:
            return report


def _unread(log: EventLog, topic: str, cursors: list[int], limit: int) -> Iterator[LogRecord]:
    """Yield records from where the cursors stand, and move them on."""
    left = limit
    for partition in range(len(cursors)):
        while left > 0 and (records := log.read(topic, partition, cursors[partition], min(left, _PAGE))):
            cursors[partition] = records[-1].offset + 1
            left -= len(records)
            yield from (record for record in records if record.id != TICK_ID)


def _line(record: LogRecord) -> LogLine | None:
    try:
        line = msgspec.json.decode(record.value, type=LogLine)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    place = Provenance(dataset=line.provenance.dataset, object=_object(record), offset=record.offset)
    return msgspec.structs.replace(line, provenance=place)


def _keep(record: LogRecord, objects: ObjectStore, now_ms: int) -> DeadLetter:
    key = refused_key(FEED, content_id(record.value))
    objects.put(key, record.value, if_absent=True)
    refused = Refused(reason="bad_record", message="The log's record is no LogLine.", offset=record.offset)
    place = Provenance(dataset=FEED, object=_object(record), offset=record.offset)
    return letter_of_object(FEED, LANDING, refused, key, place, now_ms)


def _object(record: LogRecord) -> str:
    return f"log/{record.topic}/{record.partition}"


def _name(topic: str, partition: int) -> str:
    return f"landed:{topic}:{partition}"


def _cursor(state: StateStore, topic: str, partition: int) -> int:
    stored = state.get(_name(topic, partition))
    if stored is None:
        return 0
    if not stored.isdigit():
        raise Permanent("The cursor of a landing is no number.", reason="bad_cursor", name=_name(topic, partition))
    return int(stored)
