"""One partition of a host: its kernel, its place in the log, and how both are saved together."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from hub.ids import bucket
from hub.ports import DecisionStore, StateStore
from hub.records import Decision, LogRecord
from rules.book import Book
from rules.hosts.customers import StoredCustomers
from rules.hosts.history import (
    Activation,
    activations_name,
    book_name,
    encode_activations,
    encode_book,
    read_activations,
)
from rules.kernel.deciding import Purse
from rules.kernel.partition import Counts, PartitionKernel, Refuse
from rules.kernel.snapshot import pack, unpack

TIMER_BUCKETS = 64
_Timers = dict[str, int]


class ShardMeta(msgspec.Struct):
    """Where a partition is: the next offset to read, the book in force, what its budgets have spent."""

    offset: int = 0
    clock_ms: int = 0
    book: str = ""
    spent: dict[str, int] = {}
    counts: Counts = msgspec.field(default_factory=Counts)
    decisions: int = 0


class Shard:
    """Promise: after a crash anywhere, going on gives the same decisions, each once.

    Decisions are saved first, by id; then states, timers, budgets and the place in the log in one put.
    What lies between is decided again from the old place, and comes out the same.
    """

    def __init__(
        self,
        topic: str,
        partition: int,
        partitions: int,
        book: Book,
        decisions: DecisionStore,
        store: StateStore,
        *,
        most_kept: int = 100_000,
        refuse: Refuse | None = None,
    ) -> None:
        self._prefix = f"rules/{topic}/{partition}/"
        self._topic, self._partition, self._partitions = topic, partition, partitions
        self._decisions, self._store, self._refuse = decisions, store, refuse
        self._customers = StoredCustomers(store, self._prefix + "c/", most_kept)
        self._timers = [self._load_timers(number) for number in range(TIMER_BUCKETS)]
        data = store.get(self._prefix + "meta")
        self.meta = ShardMeta() if data is None else msgspec.msgpack.decode(data, type=ShardMeta)
        self._activations = read_activations(store, topic, partition)
        self._new_book = b""
        timers = [(due_ms, key) for timers in self._timers for key, due_ms in timers.items()]
        self._kernel = self._start(book, timers)

    def adopt(self, book: Book) -> None:
        """Let another book decide from the next record on; what it shares with the old one goes on."""
        if book.digest != self._kernel.book.digest:
            self._kernel = self._start(book, [(due_ms, key) for key, due_ms in self._kernel.due.items()])

    def _start(self, book: Book, timers: list[tuple[int, str]]) -> PartitionKernel:
        if self.meta.book != book.digest:
            self.meta.book = book.digest
            self._activations = [a for a in self._activations if a.offset < self.meta.offset]
            self._activations.append(Activation(self.meta.offset, book.digest))
            self._new_book = encode_book(book)
        purse = Purse(self._partition, self._partitions, self.meta.spent)
        kernel = PartitionKernel(book, self._customers, purse=purse, timers=timers, refuse=self._refuse)
        kernel.counts = self.meta.counts
        return kernel

    @property
    def next_due_ms(self) -> int | None:
        """Return when the next timer is due."""
        return self._kernel.next_due_ms()

    def run(self, records: Sequence[LogRecord]) -> list[Decision]:
        """Decide records that follow the last ones, and save everything."""
        made = [decision for record in records for decision in self._kernel.feed(record)]
        self.meta.offset = records[-1].offset + 1
        self.meta.clock_ms = records[-1].time_ms
        if made:
            self.meta.decisions += self._decisions.save(made)
        self._save()
        return made

    def _save(self) -> None:
        values = self._customers.changes()
        values.update(self._changed_timers())
        self.meta.spent = self._kernel.purse.spent
        values[self._prefix + "meta"] = msgspec.msgpack.encode(self.meta)
        if self._new_book:
            values[book_name(self.meta.book)] = self._new_book
            values[activations_name(self._topic, self._partition)] = encode_activations(self._activations)
        self._store.put(values)
        self._new_book = b""
        self._customers.saved()

    def _changed_timers(self) -> dict[str, bytes]:
        changed: set[int] = set()
        for key in self._customers.touched:
            number = bucket(key, "timers", TIMER_BUCKETS)
            due_ms = self._kernel.due.get(key)
            if self._timers[number].get(key) != due_ms:
                changed.add(number)
                if due_ms is None:
                    del self._timers[number][key]
                else:
                    self._timers[number][key] = due_ms
        return {self._timers_name(n): pack(msgspec.msgpack.encode(self._timers[n])) for n in sorted(changed)}

    def _load_timers(self, number: int) -> _Timers:
        data = self._store.get(self._timers_name(number))
        return {} if data is None else msgspec.msgpack.decode(unpack(data), type=_Timers)

    def _timers_name(self, number: int) -> str:
        return f"{self._prefix}timers/{number}"
