"""``schedule``: a time before or after a date that an event names, such as 30 days before maturity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from msgspec.structs import replace

from rules.language.closures import Evaluate
from rules.language.functions import parse_day_ms
from rules.patterns.node import MAX_PENDING, NOTHING, Instant, Node, with_name
from rules.patterns.state import NodeState, Occurrence, Pending, WaitState


@dataclass(frozen=True, slots=True)
class ScheduleNode:
    """Occurs when the log's clock passes date + offset, for the date each occurrence of ``child`` names.

    When that time is past already but the date itself is not, it occurs at once; when the date is past
    too, or is no date, it never does. ``by``: a later date for the same value replaces the earlier one.
    """

    child: Node
    date: Evaluate
    offset_ms: int
    utc_offset_hours: float
    slot: int
    by: Evaluate | None = None
    name: str | None = None

    def feed(self, instant: Instant) -> Sequence[Occurrence]:
        named = self.child.feed(instant)
        state = instant.nodes[self.slot]
        if state is None and not named:
            return NOTHING
        pending = list(state.pending) if isinstance(state, WaitState) else []
        due = [p.occurrence for p in pending if instant.event is None and p.due_ms <= instant.now_ms]
        if due:
            pending = [p for p in pending if p.due_ms > instant.now_ms]
        for occurrence in named:
            pending = self._start(instant, pending, occurrence, due)
        instant.nodes[self.slot] = WaitState(pending) if pending else None
        return [self._firing(instant, occurrence) for occurrence in due] if due else NOTHING

    def _start(
        self, instant: Instant, pending: list[Pending], occurrence: Occurrence, due: list[Occurrence]
    ) -> list[Pending]:
        date_ms = parse_day_ms(instant.of(occurrence, self.date), self.utc_offset_hours)
        key = instant.key_of(occurrence, self.by) if self.by else str(occurrence.last)
        if date_ms is None or key is None:
            return pending
        pending = [p for p in pending if p.key != key]
        due_ms = date_ms + self.offset_ms
        if due_ms > instant.now_ms:
            pending.append(Pending(due_ms, key, occurrence))
        elif instant.now_ms <= max(date_ms, due_ms):
            due.append(occurrence)
        if len(pending) > MAX_PENDING:
            instant.state.overflowed += 1
        return pending[-MAX_PENDING:]

    def _firing(self, instant: Instant, occurrence: Occurrence) -> Occurrence:
        at = instant.position
        return with_name(replace(occurrence, start_ms=instant.now_ms, first=at, last=at), self.name)

    def next_due_ms(self, state: NodeState) -> int | None:
        return min(p.due_ms for p in cast(WaitState, state).pending)

    def tidy(self, state: NodeState, now_ms: int) -> NodeState | None:
        return state

    def children(self) -> Sequence[Node]:
        return (self.child,)
