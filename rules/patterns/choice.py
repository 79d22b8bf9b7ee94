"""``any`` and ``all``: one of several things, or all of them within a time in whatever order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from rules.language.closures import Evaluate
from rules.patterns.node import MAX_GROUPS, NOTHING, Instant, Node, drop_expired, merge, with_name
from rules.patterns.state import ChainState, Item, NodeState, Occurrence


@dataclass(frozen=True, slots=True)
class AnyNode:
    """Occurs when one of its arms does; once per trigger and instant, with the names of all arms that did."""

    arms: tuple[Node, ...]
    name: str | None = None
    slot: int = -1

    def feed(self, instant: Instant) -> Sequence[Occurrence]:
        found: dict[tuple[int, ...], Occurrence] = {}
        for arm in self.arms:
            for occurrence in arm.feed(instant):
                key = occurrence.events[-1:]
                found[key] = _both(found[key], occurrence) if key in found else occurrence
        return [with_name(occurrence, self.name) for occurrence in found.values()] if found else NOTHING

    def next_due_ms(self, state: NodeState) -> int | None:
        return None

    def tidy(self, state: NodeState, now_ms: int) -> NodeState | None:
        return None

    def children(self) -> Sequence[Node]:
        return self.arms


@dataclass(frozen=True, slots=True)
class AllNode:
    """Occurs at the occurrence of one arm that finds every other arm's latest one within the time.

    ``by``: the arms must agree in this value.
    """

    arms: tuple[Node, ...]
    within_ms: int
    slot: int
    by: Evaluate | None = None
    name: str | None = None

    def feed(self, instant: Instant) -> Sequence[Occurrence]:
        found = [arm.feed(instant) for arm in self.arms]
        if not any(found):
            return NOTHING
        oldest_ms = instant.now_ms - self.within_ms
        state = instant.nodes[self.slot]
        levels = state.levels if isinstance(state, ChainState) else [[] for _ in self.arms]
        levels = [drop_expired(level, oldest_ms) for level in levels]
        touched: dict[str, None] = {}
        for level, occurrences in zip(levels, found, strict=True):
            for occurrence in occurrences:
                key = instant.key_of(occurrence, self.by)
                if key is not None and occurrence.start_ms >= oldest_ms:
                    _keep_latest(level, Item(key, occurrence))
                    touched[key] = None
        instant.nodes[self.slot] = ChainState(levels) if any(levels) else None
        fired = [firing for key in touched if (firing := self._firing(instant, levels, key)) is not None]
        return fired or NOTHING

    def _firing(self, instant: Instant, levels: list[list[Item]], key: str) -> Occurrence | None:
        latest = [next((item.occurrence for item in level if item.key == key), None) for level in levels]
        found = sorted((o for o in latest if o is not None), key=lambda o: o.last)
        if len(found) < len(levels):
            return None
        start_ms, first = min(o.start_ms for o in found), min(o.first for o in found)
        return with_name(merge(found, start_ms, first, instant.position), self.name)

    def next_due_ms(self, state: NodeState) -> int | None:
        return None

    def tidy(self, state: NodeState, now_ms: int) -> NodeState | None:
        oldest_ms = now_ms - self.within_ms
        levels = [drop_expired(level, oldest_ms) for level in cast(ChainState, state).levels]
        return ChainState(levels) if any(levels) else None

    def children(self) -> Sequence[Node]:
        return self.arms


def _both(one: Occurrence, other: Occurrence) -> Occurrence:
    return merge((one, other), min(one.start_ms, other.start_ms), min(one.first, other.first), one.last)


def _keep_latest(level: list[Item], item: Item) -> None:
    for index, other in enumerate(level):
        if other.key == item.key:
            if other.occurrence.start_ms <= item.occurrence.start_ms:
                del level[index]
                level.append(item)
            return
    level.append(item)
    del level[:-MAX_GROUPS]
