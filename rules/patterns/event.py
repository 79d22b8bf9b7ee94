"""``event``: one event of given types that passes a condition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules.language.closures import Evaluate
from rules.patterns.node import NOTHING, Instant, Node
from rules.patterns.state import NodeState, Occurrence


@dataclass(frozen=True, slots=True)
class EventNode:
    """Occurs at every event of one of ``types`` for which ``where`` is true. Keeps no state."""

    types: frozenset[str]
    where: Evaluate | None = None
    name: str | None = None
    slot: int = -1

    def feed(self, instant: Instant) -> Sequence[Occurrence]:
        event = instant.event
        if event is None or event.type not in self.types:
            return NOTHING
        if self.where is not None and self.where(instant) is not True:
            return NOTHING
        instant.is_used = True
        at = instant.position
        names = {self.name: at} if self.name else {}
        return (Occurrence(instant.now_ms, at, at, (at,), names),)

    def next_due_ms(self, state: NodeState) -> int | None:
        return None

    def tidy(self, state: NodeState, now_ms: int) -> NodeState | None:
        return None

    def children(self) -> Sequence[Node]:
        return ()
