"""Sorting more events than memory holds: sorted runs on disk, merged."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO

import msgspec

from hub.records import BehaviorEvent

RUN_EVENTS = 100_000


def in_time_order(events: Iterable[BehaviorEvent], run_events: int = RUN_EVENTS) -> Iterator[BehaviorEvent]:
    """Yield events by time; those of one time as they came. At most ``run_events`` of them are in memory."""
    remaining = iter(events)
    first = sorted(islice(remaining, run_events), key=_time)
    runs: list[Iterable[BehaviorEvent]] = [first]
    files: list[BinaryIO] = []
    try:
        while run := sorted(islice(remaining, run_events), key=_time):
            files.append(tempfile.TemporaryFile())  # noqa: SIM115 - closed below, after the merge
            files[-1].writelines(msgspec.json.encode(event) + b"\n" for event in run)
            files[-1].seek(0)
            runs.append(msgspec.json.decode(line, type=BehaviorEvent) for line in files[-1])
        yield from heapq.merge(*runs, key=_time)
    finally:
        for file in files:
            file.close()


def _time(event: BehaviorEvent) -> int:
    return event.event_time_ms
