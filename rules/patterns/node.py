"""What every operator is: fed one instant at a time, it answers with the occurrences that instant completes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from rules.language.closures import Evaluate
from rules.language.syntax import Value
from rules.patterns.state import CustomerState, Item, NodeState, Occurrence, Seen

MAX_ITEMS = 512
MAX_GROUPS = 256
MAX_PENDING = 128
NOTHING: tuple[Occurrence, ...] = ()
_NO_PROPERTIES: dict[str, Value] = {}
_NO_NAMES: dict[str, int] = {}
_NO_TOTALS: dict[str, int | float] = {}
_encode = msgspec.json.Encoder(order="deterministic").encode


class Instant:
    """One event, or one moment at which timers fire (``event`` is None), for one customer and one scenario.

    It is also the environment that expressions look at.
    """

    __slots__ = (
        "current",
        "event",
        "is_used",
        "names",
        "nodes",
        "now_ms",
        "position",
        "previous",
        "properties",
        "state",
        "totals",
    )

    def __init__(self, state: CustomerState, now_ms: int, position: int, event: Seen | None) -> None:
        self.state = state
        self.now_ms = now_ms
        self.position = position
        self.event = event
        self.properties: dict[str, Value] = _NO_PROPERTIES if event is None else event.properties
        self.is_used = False
        self.nodes: list[NodeState | None] = []
        self.names = _NO_NAMES
        self.totals = _NO_TOTALS
        self.previous: Value = None
        self.current: Value = None

    def event_property(self, field: str) -> Value:
        return property_of(self.event, field)

    def captured_property(self, owner: str, field: str) -> Value:
        if field == "total" and owner in self.totals:
            return self.totals[owner]
        position = self.names.get(owner)
        return None if position is None else property_of(self.state.events.get(position), field)

    def feature(self, name: str) -> Value:
        found = self.state.features.get(name)
        return None if found is None else found.value

    def local(self, name: str) -> Value:
        return self.previous if name == "previous" else self.current

    def of(self, occurrence: Occurrence, evaluate: Evaluate, before: Occurrence | None = None) -> Value:
        """Evaluate with ``event`` = the occurrence's last event, and its names (and those of ``before``) bound."""
        kept = self.event, self.properties, self.names, self.totals
        if self.event is None or not occurrence.events or occurrence.events[-1] != self.position:
            self.event = event = self.state.events.get(occurrence.events[-1]) if occurrence.events else None
            self.properties = _NO_PROPERTIES if event is None else event.properties
        self.names = occurrence.names if before is None else {**before.names, **occurrence.names}
        self.totals = occurrence.totals if before is None else {**before.totals, **occurrence.totals}
        value = evaluate(self)
        self.event, self.properties, self.names, self.totals = kept
        return value

    def key_of(self, occurrence: Occurrence, by: Evaluate | None) -> str | None:
        """Return the group an occurrence belongs to; None where its value is null, which is in no group."""
        if by is None:
            return ""
        value = self.of(occurrence, by)
        return None if value is None else key_text(value)


def property_of(event: Seen | None, field: str) -> Value:
    """Return a property of an event, else its ``type`` or ``channel``, else null."""
    if event is None:
        return None
    found = event.properties.get(field)
    if found is None and field in ("type", "channel"):
        return event.type if field == "type" else event.channel
    return found


def key_text(value: Value) -> str:
    """Return one text per value, whatever its type."""
    return value if value.__class__ is str else _encode(value).decode()


def merge(occurrences: Sequence[Occurrence], start_ms: int, first: int, last: int) -> Occurrence:
    """Return one occurrence made of several, in their order; the last one's last event is the trigger."""
    events: dict[int, None] = {}
    for occurrence in occurrences:
        for position in occurrence.events:
            events.pop(position, None)
            events[position] = None
    names = {name: position for occurrence in occurrences for name, position in occurrence.names.items()}
    totals = {name: total for occurrence in occurrences for name, total in occurrence.totals.items()}
    return Occurrence(start_ms, first, last, tuple(events), names, totals)


def with_name(occurrence: Occurrence, name: str | None, total: float | None = None) -> Occurrence:
    """Return the occurrence with its trigger bound to a name."""
    if name is None:
        return occurrence
    names = {**occurrence.names, name: occurrence.events[-1]} if occurrence.events else occurrence.names
    totals = occurrence.totals if total is None else {**occurrence.totals, name: total}
    return msgspec.structs.replace(occurrence, names=names, totals=totals)


def drop_expired(items: list[Item], oldest_ms: int) -> list[Item]:
    """Return the items that began at ``oldest_ms`` or later."""
    return [item for item in items if item.occurrence.start_ms >= oldest_ms]


class Node(Protocol):
    """One operator of a compiled pattern.

    ``slot`` is where its state lies in the scenario's list, -1 for none. ``feed`` must be called exactly
    once per instant, so that every child sees every instant.
    """

    @property
    def slot(self) -> int: ...

    def feed(self, instant: Instant) -> Sequence[Occurrence]:
        """Take one instant; return what it completes."""
        ...

    def next_due_ms(self, state: NodeState) -> int | None:
        """Return the earliest time this operator waits for."""
        ...

    def tidy(self, state: NodeState, now_ms: int) -> NodeState | None:
        """Return the state without what can no longer matter; None when nothing is left."""
        ...

    def children(self) -> Sequence[Node]:
        """Return the operators below this one."""
        ...
