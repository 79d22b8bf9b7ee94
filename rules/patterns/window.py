"""``count``, ``sum``, ``distinct`` and ``repeat``: enough of something within a sliding window.

An occurrence is in the window at time t when it *began* at t - within or later. For single events that
is their own time; for a repeated sequence it makes all n repetitions fit into the window, start to end.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from rules.language.closures import Evaluate
from rules.patterns.node import MAX_GROUPS, MAX_ITEMS, NOTHING, Instant, Node, drop_expired, key_text, merge, with_name
from rules.patterns.state import Item, NodeState, Occurrence, WindowState


@dataclass(frozen=True, slots=True)
class WindowNode:
    """Occurs at an occurrence of ``child`` with which the window reaches ``at_least``.

    Args:
        measure: count, sum or distinct.
        emit: ``every`` time the threshold holds, only on its ``rise`` past it, or ``reset``: the window
            is emptied when it fires, so that each event serves one firing.
        by: a separate window per value.
    """

    child: Node
    measure: str
    at_least: float
    within_ms: int
    slot: int
    value: Evaluate | None = None
    by: Evaluate | None = None
    emit: str = "every"
    name: str | None = None

    def feed(self, instant: Instant) -> Sequence[Occurrence]:
        fired = [
            firing for occurrence in self.child.feed(instant) if (firing := self._take(instant, occurrence)) is not None
        ]
        return fired or NOTHING

    def _take(self, instant: Instant, occurrence: Occurrence) -> Occurrence | None:
        oldest_ms = instant.now_ms - self.within_ms
        key = instant.key_of(occurrence, self.by)
        value = None if self.value is None else instant.of(occurrence, self.value)
        if key is None or occurrence.start_ms < oldest_ms or not self._counts(value):
            return None
        state = instant.nodes[self.slot]
        groups = state.groups if isinstance(state, WindowState) else {}
        before = drop_expired(groups.pop(key, []), oldest_ms)
        items = self._add(before, Item(key, occurrence, value))
        fires = self._total(items) >= self.at_least
        if fires and self.emit == "rise":
            fires = self._total(before) < self.at_least
        if not (fires and self.emit == "reset"):
            groups[key] = items[-MAX_ITEMS:]
        self._make_room(instant, groups)
        instant.nodes[self.slot] = WindowState(groups) if groups else None
        return self._firing(instant, items, occurrence) if fires else None

    def _counts(self, value: object) -> bool:
        if self.measure == "sum":
            return value.__class__ is int or value.__class__ is float
        return self.measure == "count" or value is not None

    def _add(self, items: list[Item], item: Item) -> list[Item]:
        """Return the items with the new one; those that can never again decide a threshold are left out."""
        kept = list(items)
        if self.measure == "distinct":
            wanted = key_text(item.value)
            same = [other for other in kept if key_text(other.value) == wanted]
            if same and _order(same[0]) > _order(item):
                return kept
            kept = [other for other in kept if key_text(other.value) != wanted]
        insort(kept, item, key=_order)
        if self.measure != "sum":
            # The n latest starts decide whether n are in the window, now and at any later time.
            kept = kept[-max(1, int(self.at_least)) :]
        return kept

    def _total(self, items: list[Item]) -> float:
        if self.measure == "sum":
            return cast(float, sum(item.value for item in items))
        return len(items)

    def _firing(self, instant: Instant, items: list[Item], trigger: Occurrence) -> Occurrence:
        # The trigger may have begun before n others and so not be kept, but it is what fired.
        earlier = (item.occurrence for item in items if item.occurrence is not trigger)
        ordered = [*sorted(earlier, key=lambda o: o.last), trigger]
        first = min(o.first for o in ordered)
        start_ms = min(o.start_ms for o in ordered)
        return with_name(merge(ordered, start_ms, first, instant.position), self.name, self._total(items))

    def _make_room(self, instant: Instant, groups: dict[str, list[Item]]) -> None:
        while len(groups) > MAX_GROUPS:
            groups.pop(next(iter(groups)))
            instant.state.overflowed += 1

    def next_due_ms(self, state: NodeState) -> int | None:
        return None

    def tidy(self, state: NodeState, now_ms: int) -> NodeState | None:
        groups = cast(WindowState, state).groups
        oldest_ms = now_ms - self.within_ms
        kept = {key: live for key, items in groups.items() if (live := drop_expired(items, oldest_ms))}
        return WindowState(kept) if kept else None

    def children(self) -> Sequence[Node]:
        return (self.child,)


def _order(item: Item) -> tuple[int, int]:
    return item.occurrence.start_ms, item.occurrence.first
