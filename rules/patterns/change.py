"""``change``: a value is no longer what it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules.language.closures import Evaluate, equal
from rules.language.syntax import Value
from rules.patterns.node import MAX_GROUPS, NOTHING, Instant, Node, with_name
from rules.patterns.state import LastState, NodeState, Occurrence


@dataclass(frozen=True, slots=True)
class ChangeNode:
    """Occurs when ``value``, read at each occurrence of ``child``, differs from the value before.

    The first value is what later ones are compared with; null is no value. ``when`` is a further
    condition over ``previous`` and ``current``. ``by``: values are compared per value of this expression.
    """

    child: Node
    value: Evaluate
    slot: int
    when: Evaluate | None = None
    by: Evaluate | None = None
    name: str | None = None

    def feed(self, instant: Instant) -> Sequence[Occurrence]:
        fired = [f for occurrence in self.child.feed(instant) if (f := self._take(instant, occurrence)) is not None]
        return fired or NOTHING

    def _take(self, instant: Instant, occurrence: Occurrence) -> Occurrence | None:
        key, value = instant.key_of(occurrence, self.by), instant.of(occurrence, self.value)
        if key is None or value is None:
            return None
        state = instant.nodes[self.slot]
        last = state.last if isinstance(state, LastState) else {}
        before = last.pop(key, None)
        last[key] = (value, occurrence.events[-1])
        if len(last) > MAX_GROUPS:
            last.pop(next(iter(last)))
            instant.state.overflowed += 1
        instant.nodes[self.slot] = LastState(last)
        if before is None or equal(before[0], value) is not False:
            return None
        return self._firing(instant, occurrence, before, value)

    def _firing(
        self, instant: Instant, occurrence: Occurrence, before: tuple[Value, int], value: Value
    ) -> Occurrence | None:
        instant.previous, instant.current = before[0], value
        holds = self.when is None or instant.of(occurrence, self.when) is True
        instant.previous = instant.current = None
        if not holds:
            return None
        events = (before[1], *(position for position in occurrence.events if position != before[1]))
        whole = Occurrence(
            occurrence.start_ms, occurrence.first, occurrence.last, events, occurrence.names, occurrence.totals
        )
        return with_name(whole, self.name)

    def next_due_ms(self, state: NodeState) -> int | None:
        return None

    def tidy(self, state: NodeState, now_ms: int) -> NodeState | None:
        return state

    def children(self) -> Sequence[Node]:
        return (self.child,)
