"""One partition of the log: its records go in, decisions come out. Keeps the customers' timers in order."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any

import msgspec

from hub.ports import TICK_ID
from hub.records import BehaviorEvent, Decision, LogRecord
from rules.book import Book
from rules.kernel.deciding import Place, Purse, decide
from rules.kernel.matching import Match, fire_due, is_untidy, match_event, tidy
from rules.patterns.state import CustomerState, FeatureValue

CONSENT_GRANTED, CONSENT_WITHDRAWN, FEATURES_UPDATED = "consent.granted", "consent.withdrawn", "features.updated"
_decode = msgspec.json.Decoder(BehaviorEvent).decode
LEARNT = frozenset({CONSENT_GRANTED, CONSENT_WITHDRAWN, FEATURES_UPDATED})
Refuse = Callable[[LogRecord, str], None]


class Counts(msgspec.Struct):
    """What became of the records of a partition."""

    records: int = 0
    ticks: int = 0
    matched: int = 0
    uninteresting: int = 0
    repeated: int = 0
    late: int = 0
    future: int = 0
    anonymous: int = 0
    refused: int = 0


class PartitionKernel:
    """Runs a book over the records of one partition, in order.

    Args:
        customers: states by customer key; a missing one is a new customer. The host may hand in a mapping
            that loads from a store.
        timers: (due, customer) pairs of the states that wait for a time.
        refuse: told of records that are no behaviour events.
    """

    def __init__(
        self,
        book: Book,
        customers: MutableMapping[str, CustomerState],
        *,
        purse: Purse | None = None,
        timers: Iterable[tuple[int, str]] = (),
        refuse: Refuse | None = None,
    ) -> None:
        self.book = book
        self.customers = customers
        self.purse = purse or Purse()
        self.counts = Counts()
        self.due: dict[str, int] = {customer_key: due_ms for due_ms, customer_key in timers}
        self._heap = [(due_ms, customer_key) for customer_key, due_ms in self.due.items()]
        heapq.heapify(self._heap)
        self._refuse = refuse

    def feed(self, record: LogRecord) -> list[Decision]:
        """Take one record; return the decisions that are made by it and by the timers it made due."""
        place = Place(record.partition, record.offset)
        decisions: list[Decision] = []
        if self._heap and self._heap[0][0] < record.time_ms:
            self._fire(record.time_ms, place, decisions)
        self.counts.records += 1
        if record.id == TICK_ID:
            self.counts.ticks += 1
            return decisions
        try:
            event = _decode(record.value)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            self.counts.refused += 1
            if self._refuse:
                self._refuse(record, str(error))
            return decisions
        self._take(event, record.time_ms, place, decisions)
        return decisions

    def next_due_ms(self) -> int | None:
        """Return when the next timer of the partition is due."""
        self._drop_stale()
        return self._heap[0][0] if self._heap else None

    def _take(self, event: BehaviorEvent, now_ms: int, place: Place, decisions: list[Decision]) -> None:
        kind = event.type
        is_listened_to = kind in self.book.by_type
        is_fact = kind in LEARNT
        if event.customer_key is None:
            self.counts.anonymous += 1
            return
        if not is_listened_to and not is_fact:
            self.counts.uninteresting += 1
            return
        customer_key = event.customer_key
        state = self.customers.get(customer_key)
        if state is None:
            state = self.customers[customer_key] = CustomerState(tidied_ms=now_ms)
        if is_fact:
            learn(state, event)
        if is_listened_to:
            self._match(customer_key, state, event, now_ms, place, decisions)
        else:
            self.counts.matched += 1
        if is_untidy(state, now_ms):
            tidy(self.book, state, now_ms)
        self._note_due(customer_key, state)

    def _match(
        self,
        customer_key: str,
        state: CustomerState,
        event: BehaviorEvent,
        now_ms: int,
        place: Place,
        decisions: list[Decision],
    ) -> None:
        matches, fate = match_event(self.book, customer_key, state, event, now_ms)
        setattr(self.counts, fate, getattr(self.counts, fate) + 1)
        if matches:
            decisions += self._decide(customer_key, state, matches, now_ms, place)

    def _decide(
        self, customer_key: str, state: CustomerState, matches: list[Match], now_ms: int, place: Place
    ) -> list[Decision]:
        return decide(self.book, customer_key, state, matches, now_ms, place, self.purse)

    def _fire(self, before_ms: int, place: Place, decisions: list[Decision]) -> None:
        """Fire every timer due before a time, over all customers, in order of due time and customer."""
        while True:
            self._drop_stale()
            if not self._heap or self._heap[0][0] >= before_ms:
                return
            customer_key = self._heap[0][1]
            state = self.customers[customer_key]
            fired = fire_due(self.book, customer_key, state, before_ms)
            if fired is not None and fired[1]:
                decisions += self._decide(customer_key, state, fired[1], fired[0], place)
            self._note_due(customer_key, state)

    def _note_due(self, customer_key: str, state: CustomerState) -> None:
        due_ms = min(state.due.values()) if state.due else None
        if due_ms == self.due.get(customer_key):
            return
        if due_ms is None:
            del self.due[customer_key]
        else:
            self.due[customer_key] = due_ms
            heapq.heappush(self._heap, (due_ms, customer_key))

    def _drop_stale(self) -> None:
        heap = self._heap
        while heap and self.due.get(heap[0][1]) != heap[0][0]:
            heapq.heappop(heap)


def learn(state: CustomerState, event: BehaviorEvent) -> None:
    """Take over a consent or feature values; what is older than the known never replaces it."""
    at_ms, given = event.event_time_ms, event.properties
    if event.type == FEATURES_UPDATED:
        _learn_features(state, given, at_ms)
        return
    purpose = given.get("purpose")
    if isinstance(purpose, str):
        is_granted = event.type == CONSENT_GRANTED
        known = state.consents.get(purpose)
        # Of a grant and a withdrawal at one time, the withdrawal holds.
        if known is None or at_ms > known[1] or (at_ms == known[1] and not is_granted):
            state.consents[purpose] = (is_granted, at_ms)


def _learn_features(state: CustomerState, given: dict[str, Any], at_ms: int) -> None:
    values, version, view = given.get("values"), given.get("version"), given.get("view")
    if not isinstance(values, dict):
        return
    for name, value in values.items():
        known = state.features.get(name)
        if known is None or known.as_of_ms <= at_ms:
            state.features[name] = FeatureValue(value, at_ms, str(version or ""), str(view or ""))
