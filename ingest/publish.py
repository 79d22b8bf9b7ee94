"""Publishing behaviour to the event log, in time order, so that the scenario tier can decide on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from hub.ports import TICK_ID, EventLog
from hub.records import BehaviorEvent, LogEntry, Record
from ingest.collector import EVENTS
from ingest.time_order import in_time_order

BATCH_EVENTS = 2_000
_PAGE = 10_000


class PublishReport(Record, frozen=True, kw_only=True):
    """How many events were handed over, how many of them were new to the log, how many clocks were moved."""

    events: int
    published: int
    ticks: int


def publish(
    events: Iterable[BehaviorEvent],
    log: EventLog,
    *,
    end_tick_ms: int | None = None,
    topic: str = EVENTS,
    batch_events: int = BATCH_EVENTS,
) -> PublishReport:
    """Append events by time, then move the clock of every partition to the end.

    Events whose id the log has are left out; run again with the same events, nothing is appended
    and no clock moves. Of the log only what is no older than the first event is read: an entry
    never has a time before its event's.

    Args:
        events: in any order; more than memory holds are sorted on disk.
        end_tick_ms: the time up to which everything is now known; None: no clock is moved.
    """
    known: set[str] | None = None
    handed_over = published = 0
    ordered = in_time_order(events)
    while batch := list(islice(ordered, batch_events)):
        if known is None:
            known = _known_ids(log, topic, batch[0].event_time_ms)
        handed_over += len(batch)
        fresh = list(_fresh(batch, known))
        published += log.append(topic, fresh) if fresh else 0
    ticks = 0 if end_tick_ms is None else _tick_all(log, topic, end_tick_ms)
    return PublishReport(events=handed_over, published=published, ticks=ticks)


def _fresh(batch: Iterable[BehaviorEvent], known: set[str]) -> Iterator[LogEntry]:
    for event in batch:
        if event.event_id not in known:
            known.add(event.event_id)
            value = msgspec.json.encode(event)
            yield LogEntry(id=event.event_id, key=event.subject, value=value, time_ms=event.event_time_ms)


def head_ms(log: EventLog, topic: str = EVENTS) -> int | None:
    """Return the time that every partition with records has reached; None for an empty log."""
    last = (log.read(topic, nth, end - 1, 1) for nth, end in enumerate(log.end_offsets(topic)) if end)
    return min((records[-1].time_ms for records in last if records), default=None)


def _known_ids(log: EventLog, topic: str, since_ms: int) -> set[str]:
    """Read the ids the log has from a time on: an adapter need not drop repeats across runs, and Kafka's does not."""
    known: set[str] = set()
    for partition in range(len(log.end_offsets(topic))):
        offset = log.offset_at(topic, partition, since_ms)
        while records := log.read(topic, partition, offset, _PAGE):
            known.update(record.id for record in records)
            offset = records[-1].offset + 1
    return known


def _tick_all(log: EventLog, topic: str, end_tick_ms: int) -> int:
    moved = 0
    for partition, end in enumerate(log.end_offsets(topic)):
        last = log.read(topic, partition, end - 1, 1) if end else []
        if last and last[0].time_ms >= end_tick_ms and last[0].id == TICK_ID:
            continue
        log.tick(topic, partition, end_tick_ms)
        moved += 1
    return moved
