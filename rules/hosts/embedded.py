"""The host over any event log, in one process: SQLite's in the embedded hub, Kafka's in a cluster."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import msgspec

from hub.clock import Clock
from hub.errors import Transient
from hub.ids import content_id
from hub.ports import DeadLetterStore, DecisionStore, EventLog, StateStore
from hub.records import DeadLetter, Decision, LogRecord, Provenance
from rules.book import Book
from rules.hosts.shard import Shard


class HostReport(msgspec.Struct):
    """What a run of the host did."""

    records: int = 0
    decisions: int = 0
    by_treatment: dict[str, int] = {}

    def add(self, records: Sequence[LogRecord], decisions: Sequence[Decision]) -> None:
        """Count a batch."""
        self.records += len(records)
        self.decisions += len(decisions)
        for decision in decisions:
            name = decision.treatment.value
            self.by_treatment[name] = self.by_treatment.get(name, 0) + 1


class EmbeddedHost:
    """Decides every partition of a topic in log order.

    Two hosts must not run the same partition at once; ``partitions`` divides a topic among processes.

    Args:
        on_decisions: told of every saved batch of decisions, such as the delivery loop's wake-up.
        dead_letters: where records that are no behaviour events are noted; they stay in the log.
    """

    def __init__(
        self,
        log: EventLog,
        book: Book,
        decisions: DecisionStore,
        state: StateStore,
        clock: Clock,
        *,
        topic: str = "events",
        batch_size: int = 2_000,
        poll_s: float = 0.05,
        tick_s: float = 1.0,
        partitions: Sequence[int] | None = None,
        most_kept: int = 100_000,
        dead_letters: DeadLetterStore | None = None,
        on_decisions: Callable[[Sequence[Decision]], None] | None = None,
    ) -> None:
        self._log, self._book, self._decisions, self._state, self._clock = log, book, decisions, state, clock
        self._topic, self._batch_size, self._poll_s = topic, batch_size, poll_s
        self._tick_ms = round(tick_s * 1_000)
        self._partitions = partitions
        self._most_kept = most_kept
        self._dead_letters = dead_letters
        self._on_decisions = on_decisions
        self._shards: dict[int, Shard] = {}
        self._ticked_ms: dict[int, int] = {}

    def adopt(self, book: Book) -> None:
        """Decide by another book from the next batch on, without a restart."""
        self._book = book

    def run_until_caught_up(self) -> HostReport:
        """Decide everything the log holds now, then return."""
        report = HostReport()
        while sum(self._run_batch(partition, report) for partition in self._mine()):
            pass
        return report

    def run_forever(self, stop: threading.Event, on_error: Callable[[Transient], None] | None = None) -> HostReport:
        """Decide what comes until told to stop; idle partitions whose timers are due get ticks.

        A store or a log that is away is tried again from the last saved place, waiting longer each time.
        """
        report = HostReport()
        wait_s = self._poll_s
        while not stop.is_set():
            try:
                busy = sum(self._run_batch(partition, report) for partition in self._mine()) > 0
                wait_s = self._poll_s
                if not busy:
                    self._tick_idle()
            except Transient as error:
                self._shards.clear()
                busy, wait_s = False, min(wait_s * 2, 30.0)
                if on_error:
                    on_error(error)
            if not busy:
                stop.wait(wait_s)
        return report

    def positions(self) -> dict[int, int]:
        """Return the next offset of each partition."""
        return {partition: self._shard(partition).meta.offset for partition in self._mine()}

    def _mine(self) -> Sequence[int]:
        return range(len(self._log.end_offsets(self._topic))) if self._partitions is None else self._partitions

    def _shard(self, partition: int) -> Shard:
        if partition not in self._shards:
            self._shards[partition] = Shard(
                self._topic,
                partition,
                len(self._log.end_offsets(self._topic)),
                self._book,
                self._decisions,
                self._state,
                most_kept=self._most_kept,
                refuse=self._refuse,
            )
        return self._shards[partition]

    def _run_batch(self, partition: int, report: HostReport) -> bool:
        shard = self._shard(partition)
        records = self._log.read(self._topic, partition, shard.meta.offset, self._batch_size)
        if not records:
            return False
        shard.adopt(self._book)
        try:
            decisions = shard.run(records)
        except BaseException:
            # What is in memory has run ahead of what is saved: the next look begins at the saved place.
            self._shards.pop(partition, None)
            raise
        report.add(records, decisions)
        if decisions and self._on_decisions:
            self._on_decisions(decisions)
        return True

    def _tick_idle(self) -> None:
        now_ms = self._clock.now_ms()
        for partition in self._mine():
            due_ms = self._shard(partition).next_due_ms
            is_time = now_ms - self._ticked_ms.get(partition, 0) >= self._tick_ms
            if due_ms is not None and due_ms < now_ms and is_time:
                self._log.tick(self._topic, partition, now_ms)
                self._ticked_ms[partition] = now_ms

    def _refuse(self, record: LogRecord, message: str) -> None:
        if self._dead_letters is None:
            return
        place = f"{record.topic}/{record.partition}/{record.offset}"
        letter = DeadLetter(
            letter_id=content_id("letter", "rules", place),
            feed="events",
            stage="rules",
            reason="not_a_behavior_event",
            message=message,
            payload_key=f"log/{place}",
            provenance=Provenance(dataset=f"log:{record.topic}", object=str(record.partition), offset=record.offset),
            received_ms=record.time_ms,
        )
        self._dead_letters.add([letter])
