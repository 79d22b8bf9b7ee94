"""``absence``: after one thing, another does not happen within a time.

Occurs when the log's clock has passed the deadline (trigger + within); what happens at the very
deadline still counts as having happened in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from msgspec.structs import replace as replace_fields

from rules.language.closures import Evaluate
from rules.patterns.node import MAX_PENDING, NOTHING, Instant, Node, with_name
from rules.patterns.state import NodeState, Occurrence, Pending, WaitState


@dataclass(frozen=True, slots=True)
class AbsenceNode:
    """See the module.

    Args:
        join: the part of the condition on ``missing`` that looks at the trigger.
        watch: which trigger starts the time: the ``last`` one (a new one starts it anew), the
            ``first`` one (a new one is ignored while it runs), or ``each`` one for itself.
        by: triggers with different values are watched separately, and ended only by what has their value.
    """

    after: Node
    missing: Node
    within_ms: int
    slot: int
    join: Evaluate | None = None
    by: Evaluate | None = None
    watch: str = "last"
    name: str | None = None

    def feed(self, instant: Instant) -> Sequence[Occurrence]:
        came = self.missing.feed(instant)
        triggers = self.after.feed(instant)
        state = instant.nodes[self.slot]
        if state is None and not triggers:
            return NOTHING
        pending = list(state.pending) if isinstance(state, WaitState) else []
        if came and pending:
            keyed = [(instant.key_of(c, self.by), c) for c in came]
            pending = [p for p in pending if not any(self._ends(instant, p, key, c) for key, c in keyed)]
        due = [p for p in pending if instant.event is None and p.due_ms <= instant.now_ms]
        if due:
            pending = [p for p in pending if p.due_ms > instant.now_ms]
        for trigger in triggers:
            pending = self._start(instant, pending, trigger)
        instant.nodes[self.slot] = WaitState(pending) if pending else None
        return [self._firing(instant, p) for p in due] if due else NOTHING

    def _ends(self, instant: Instant, waiting: Pending, key: str | None, came: Occurrence) -> bool:
        if key != waiting.key or came.first <= waiting.occurrence.last:
            return False
        return self.join is None or instant.of(came, self.join, before=waiting.occurrence) is True

    def _start(self, instant: Instant, pending: list[Pending], trigger: Occurrence) -> list[Pending]:
        key = instant.key_of(trigger, self.by)
        if key is None or (self.watch == "first" and any(p.key == key for p in pending)):
            return pending
        if self.watch == "last":
            pending = [p for p in pending if p.key != key]
        pending.append(Pending(instant.now_ms + self.within_ms, key, trigger))
        if len(pending) > MAX_PENDING:
            instant.state.overflowed += 1
        return pending[-MAX_PENDING:]

    def _firing(self, instant: Instant, waiting: Pending) -> Occurrence:
        return with_name(replace_fields(waiting.occurrence, last=instant.position), self.name)

    def next_due_ms(self, state: NodeState) -> int | None:
        return min(p.due_ms for p in cast(WaitState, state).pending)

    def tidy(self, state: NodeState, now_ms: int) -> NodeState | None:
        return state

    def children(self) -> Sequence[Node]:
        return (self.after, self.missing)
