"""``sequence``: one thing, then another, then another, within a time from the first one's start.

Occurs at an occurrence of the last step for which *some* chain of earlier steps exists, in log order,
whose conditions hold and in whose course nothing of ``without`` happened. Of several chains the one
that began last is reported. With ``consume`` an event serves one firing only.

Why the state stays small: of two chains that agree in everything a later condition can see, the one
that began later fits every window the other fits. Only it is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from rules.language.closures import Evaluate
from rules.patterns.node import MAX_ITEMS, NOTHING, Instant, Node, drop_expired, key_text, merge, with_name
from rules.patterns.state import ChainState, Item, NodeState, Occurrence


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its pattern, and the part of its condition that looks at earlier steps."""

    node: Node
    join: Evaluate | None = None
    sees: tuple[Evaluate, ...] | None = ()
    """What later conditions read of the chain that ends here; None: keep every chain (see ``_keep``)."""


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """See the module. ``by``: every step must have the same value of this expression."""

    steps: tuple[Step, ...]
    within_ms: int
    slot: int
    without: Step | None = None
    by: Evaluate | None = None
    consume: bool = False
    name: str | None = None

    def feed(self, instant: Instant) -> Sequence[Occurrence]:
        found = [step.node.feed(instant) for step in self.steps]
        breakers = self.without.node.feed(instant) if self.without else NOTHING
        state = instant.nodes[self.slot]
        if state is None and not found[0]:
            return NOTHING
        levels = state.levels if isinstance(state, ChainState) else [[] for _ in self.steps[1:]]
        if not any(found) and not breakers:
            return NOTHING
        oldest_ms = instant.now_ms - self.within_ms
        levels = [drop_expired(level, oldest_ms) for level in levels]
        if breakers and self.without:
            levels = [self._unbroken(instant, level, breakers) for level in levels]
        fired = self._advance(instant, levels, found)
        instant.nodes[self.slot] = ChainState(levels) if any(levels) else None
        return fired or NOTHING

    def _unbroken(self, instant: Instant, level: list[Item], breakers: Sequence[Occurrence]) -> list[Item]:
        step = cast(Step, self.without)
        return [item for item in level if not any(self._follows(instant, item, b, step.join) for b in breakers)]

    def _follows(self, instant: Instant, chain: Item, next_one: Occurrence, join: Evaluate | None) -> bool:
        if next_one.first <= chain.occurrence.last:
            return False
        return join is None or instant.of(next_one, join, before=chain.occurrence) is True

    def _advance(
        self, instant: Instant, levels: list[list[Item]], found: list[Sequence[Occurrence]]
    ) -> list[Occurrence]:
        """Take the steps from the last to the first, so that an occurrence never follows itself."""
        fired: list[Occurrence] = []
        for index in range(len(self.steps) - 1, 0, -1):
            for occurrence in found[index]:
                self._extend(instant, levels, index, occurrence, fired)
        for occurrence in found[0]:
            key = None if self._is_spent(occurrence, fired) else instant.key_of(occurrence, self.by)
            if key is not None and instant.now_ms - occurrence.start_ms <= self.within_ms:
                self._keep(instant, levels, 0, Item(key, occurrence))
        return fired

    def _extend(
        self,
        instant: Instant,
        levels: list[list[Item]],
        index: int,
        occurrence: Occurrence,
        fired: list[Occurrence],
    ) -> None:
        if self._is_spent(occurrence, fired):
            return
        key = instant.key_of(occurrence, self.by)
        join = self.steps[index].join
        chains = [c for c in levels[index - 1] if c.key == key and self._follows(instant, c, occurrence, join)]
        if not chains:
            return
        if index < len(self.steps) - 1:
            for chain in chains:
                self._keep(instant, levels, index, Item(chain.key, _joined(chain.occurrence, occurrence)))
            return
        best = max(chains, key=lambda c: (c.occurrence.start_ms, c.occurrence.events))
        whole = _joined(best.occurrence, occurrence)
        if self.consume:
            used = set(whole.events)
            levels[:] = [[item for item in level if used.isdisjoint(item.occurrence.events)] for level in levels]
        fired.append(with_name(whole, self.name))

    def _is_spent(self, occurrence: Occurrence, fired: list[Occurrence]) -> bool:
        if not self.consume:
            return False
        return any(not set(firing.events).isdisjoint(occurrence.events) for firing in fired)

    def _keep(self, instant: Instant, levels: list[list[Item]], index: int, item: Item) -> None:
        level, sees = levels[index], self.steps[index].sees
        # A next step that lasts may have begun before the later chain ended: then no chain stands for another.
        if sees is not None and not self.consume:
            seen = key_text([instant.of(item.occurrence, see) for see in sees])
            item = Item(item.key, item.occurrence, seen)
            rival = next((other for other in level if other.key == item.key and other.value == seen), None)
            if rival is not None:
                if _rank(rival) > _rank(item):
                    return
                level.remove(rival)
        level.append(item)
        if len(level) > MAX_ITEMS:
            level.remove(min(level, key=_rank))
            instant.state.overflowed += 1

    def next_due_ms(self, state: NodeState) -> int | None:
        return None

    def tidy(self, state: NodeState, now_ms: int) -> NodeState | None:
        oldest_ms = now_ms - self.within_ms
        levels = [drop_expired(level, oldest_ms) for level in cast(ChainState, state).levels]
        return ChainState(levels) if any(levels) else None

    def children(self) -> Sequence[Node]:
        nodes = tuple(step.node for step in self.steps)
        return (*nodes, self.without.node) if self.without else nodes


def _joined(chain: Occurrence, occurrence: Occurrence) -> Occurrence:
    return merge((chain, occurrence), chain.start_ms, chain.first, occurrence.last)


def _rank(item: Item) -> tuple[int, tuple[int, ...]]:
    return item.occurrence.start_ms, item.occurrence.events
