"""A book over history: what would it have decided? And over a log: would it decide the same again?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from hub.ports import TICK_ID, EventLog
from hub.records import BehaviorEvent, Decision, LogRecord
from rules.book import Book
from rules.kernel.deciding import Purse
from rules.kernel.partition import Counts, PartitionKernel
from rules.patterns.state import CustomerState

_encode = msgspec.json.Encoder().encode
READ_LIMIT = 2_000


class Backtest:
    """Runs a book over a stream of events in order of time, delivering nothing.

    ``counts`` tells afterwards what became of the events. An event that is older than the one before it
    takes that one's log time, as in an event log.
    """

    def __init__(self, book: Book) -> None:
        self._kernel = PartitionKernel(book, {})
        self._offset = 0
        self._head_ms: int | None = None

    @property
    def counts(self) -> Counts:
        """Return what became of the events so far."""
        return self._kernel.counts

    def run(
        self,
        events: Iterable[BehaviorEvent],
        *,
        from_ms: int | None = None,
        to_ms: int | None = None,
    ) -> Iterator[Decision]:
        """Yield the decisions made in [from_ms, to_ms).

        Events before ``from_ms`` fill the windows; those from ``to_ms`` on are not read. Timers still
        pending at the end fire up to ``to_ms``.
        """
        for event in events:
            if to_ms is not None and event.event_time_ms >= to_ms:
                break
            yield from _since(self._feed(event.event_id, _encode(event), event.event_time_ms), from_ms)
        if to_ms is not None:
            yield from _since(self._feed(TICK_ID, b"", to_ms), from_ms)

    def _feed(self, entry_id: str, value: bytes, time_ms: int) -> list[Decision]:
        self._head_ms = time_ms if self._head_ms is None else max(self._head_ms, time_ms)
        record = LogRecord(
            topic="backtest", partition=0, offset=self._offset, id=entry_id, key="", value=value, time_ms=self._head_ms
        )
        self._offset += 1
        return self._kernel.feed(record)


def _since(decisions: list[Decision], from_ms: int | None) -> Iterator[Decision]:
    return (decision for decision in decisions if from_ms is None or decision.decided_ms >= from_ms)


def replay(log: EventLog, topic: str, book_at: Callable[[int, int], Book]) -> Iterator[Decision]:
    """Decide a whole log again from its beginning, without delivering.

    Args:
        book_at: the book in force at (partition, offset), such as ``BookHistory.at``.
    """
    ends = log.end_offsets(topic)
    for partition in range(len(ends)):
        customers: dict[str, CustomerState] = {}
        purse = Purse(partition, len(ends))
        kernel: PartitionKernel | None = None
        for record in _records(log, topic, partition):
            book = book_at(partition, record.offset)
            if kernel is None or kernel.book is not book:
                timers = [] if kernel is None else [(due_ms, key) for key, due_ms in kernel.due.items()]
                kernel = PartitionKernel(book, customers, purse=purse, timers=timers)
            yield from kernel.feed(record)


def _records(log: EventLog, topic: str, partition: int) -> Iterator[LogRecord]:
    offset = 0
    while records := log.read(topic, partition, offset, READ_LIMIT):
        yield from records
        offset = records[-1].offset + 1
