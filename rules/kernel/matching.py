"""One customer, one instant: which scenarios match. Timers, derived facts and forgetting are here too.

Everything happens in log order and by log time alone, so the same log gives the same matches, byte for byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from hub.clock import DAY_MS
from hub.ids import content_id
from hub.records import BehaviorEvent, Channel, Provenance
from rules.book import Book
from rules.compiled import Scenario
from rules.patterns.node import Instant
from rules.patterns.state import ChainState, CustomerState, LastState, NodeState, Occurrence, Seen, WaitState

FUTURE_MS = DAY_MS
LEAST_TIDY_WEIGHT = 64
TIDY_MS = 7 * DAY_MS


class Match(NamedTuple):
    """A scenario's pattern was completed."""

    scenario: Scenario
    occurrence: Occurrence


def fire_due(book: Book, customer_key: str, state: CustomerState, before_ms: int) -> tuple[int, list[Match]] | None:
    """Fire the earliest timers that are due before a time; None when there are none.

    All timers of one moment fire together, so that their matches can be weighed against each other.
    """
    if not state.due:
        return None
    due_ms = min(state.due.values())
    if due_ms >= before_ms:
        return None
    keys = [key for key, at_ms in state.due.items() if at_ms == due_ms]
    state.clock_ms = due_ms
    instant = _next_instant(state, due_ms, None)
    matches: list[Match] = []
    facts: list[Seen] = []
    for key in sorted(keys, key=lambda k: book.order.get(k, -1)):
        scenario = book.by_key.get(key)
        if scenario is None:
            del state.due[key]
            continue
        _feed(scenario, instant, customer_key, matches, facts)
    _follow(book, state, customer_key, facts, due_ms, matches)
    return due_ms, matches


def match_event(
    book: Book, customer_key: str, state: CustomerState, event: BehaviorEvent, now_ms: int
) -> tuple[list[Match], str]:
    """Feed an event to the scenarios that listen to its type.

    Returns:
        the matches, and what the event was: ``matched`` against, ``repeated``, ``late`` or ``future``.
    """
    state.clock_ms = now_ms
    interested = book.by_type.get(event.type, ())
    late_ms = now_ms - event.event_time_ms
    if late_ms > book.max_lateness_ms:
        return [], "late"
    if late_ms < -FUTURE_MS:
        return [], "future"
    if event.event_id in state.seen:
        return [], "repeated"
    state.seen[event.event_id] = event.event_time_ms
    seen = Seen(
        event.event_id,
        event.type,
        event.channel.value,
        now_ms,
        event.event_time_ms,
        event.properties,
        event.provenance,
    )
    matches: list[Match] = []
    punctual = [scenario for scenario in interested if late_ms <= scenario.lateness_ms]
    facts = _run(state, customer_key, seen, punctual, now_ms, matches)
    _follow(book, state, customer_key, facts, now_ms, matches)
    return matches, "matched" if punctual else "late"


def _next_instant(state: CustomerState, now_ms: int, event: Seen | None) -> Instant:
    state.position += 1
    return Instant(state, now_ms, state.position, event)


def _run(
    state: CustomerState,
    customer_key: str,
    seen: Seen,
    scenarios: Sequence[Scenario],
    now_ms: int,
    matches: list[Match],
) -> list[Seen]:
    instant = _next_instant(state, now_ms, seen)
    state.events[instant.position] = seen
    facts: list[Seen] = []
    for scenario in scenarios:
        _feed(scenario, instant, customer_key, matches, facts)
    if not instant.is_used:
        del state.events[instant.position]
    return facts


def _feed(scenario: Scenario, instant: Instant, customer_key: str, matches: list[Match], facts: list[Seen]) -> None:
    state = instant.state
    key = scenario.key
    if scenario.slots:
        kept = state.scenarios.get(key)
        nodes: list[NodeState | None] = [None] * scenario.slots if kept is None else kept
        instant.nodes = nodes
        found = scenario.root.feed(instant)
        if nodes.count(None) < scenario.slots:
            if kept is None:
                state.scenarios[key] = nodes
        elif kept is not None:
            del state.scenarios[key]
        if scenario.timers:
            _set_due(scenario, state, nodes)
    else:
        found = scenario.root.feed(instant)
    for occurrence in found:
        if not occurrence.events:
            continue
        matches.append(Match(scenario, occurrence))
        if scenario.fact is not None and in_audience(scenario, instant, occurrence):
            facts.append(_fact(scenario, instant, customer_key, occurrence))


def _set_due(scenario: Scenario, state: CustomerState, nodes: list[NodeState | None]) -> None:
    due = [
        at_ms
        for slot, node in scenario.timers
        if (own := nodes[slot]) is not None and (at_ms := node.next_due_ms(own)) is not None
    ]
    if due:
        state.due[scenario.key] = min(due)
    else:
        state.due.pop(scenario.key, None)


def in_audience(scenario: Scenario, instant: Instant, occurrence: Occurrence) -> bool:
    """Return whether the customer is in a scenario's audience, as known at this instant."""
    if scenario.audience is None:
        return True
    return instant.of(with_first(occurrence), scenario.audience) is True


def with_first(occurrence: Occurrence) -> Occurrence:
    """Bind ``first`` to the first event of a match, unless the pattern has a name of its own for it."""
    if "first" in occurrence.names:
        return occurrence
    return msgspec.structs.replace(occurrence, names={"first": min(occurrence.events), **occurrence.names})


def _fact(scenario: Scenario, instant: Instant, customer_key: str, occurrence: Occurrence) -> Seen:
    fact = scenario.fact
    assert fact is not None
    trigger = instant.state.events[occurrence.events[-1]]
    bound = with_first(occurrence)
    return Seen(
        content_id("fact", scenario.key, customer_key, trigger.event_id),
        fact.type,
        Channel.SYSTEM.value,
        instant.now_ms,
        instant.now_ms,
        {name: instant.of(bound, evaluate) for name, evaluate in fact.properties.items()},
        Provenance(dataset="rules", object=scenario.key),
        occurrence.events,
    )


def _follow(
    book: Book, state: CustomerState, customer_key: str, facts: list[Seen], now_ms: int, matches: list[Match]
) -> None:
    """Feed derived facts, and those they lead to; the book has no circles, so this ends."""
    done: set[str] = set()
    while facts:
        fact = facts.pop(0)
        if fact.event_id not in done:
            done.add(fact.event_id)
            facts += _run(state, customer_key, fact, book.by_type.get(fact.type, ()), now_ms, matches)


def tidy(book: Book, state: CustomerState, now_ms: int) -> None:
    """Forget what can no longer matter. Changes no later match."""
    for key in list(state.scenarios):
        scenario = book.by_key.get(key)
        nodes = state.scenarios[key]
        if scenario is not None:
            for slot, node in scenario.stateful:
                own = nodes[slot]
                nodes[slot] = None if own is None else node.tidy(own, now_ms)
        if scenario is None or nodes.count(None) == len(nodes):
            del state.scenarios[key]
            state.due.pop(key, None)
    state.seen = {i: at_ms for i, at_ms in state.seen.items() if now_ms - at_ms <= book.max_lateness_ms}
    state.contacts = [c for c in state.contacts if now_ms - c.time_ms <= book.contacts_ms.get(c.scenario_id, 0)]
    state.blocks = [b for b in state.blocks if b.until_ms >= now_ms]
    live = _live_positions(state)
    state.events = {position: event for position, event in state.events.items() if position in live}
    state.tidied_ms = now_ms
    state.tidy_at = max(LEAST_TIDY_WEIGHT, 2 * _weight(state))


def is_untidy(state: CustomerState, now_ms: int) -> bool:
    """Return whether it is time to forget: after a week of the log, or when the state has doubled."""
    return now_ms - state.tidied_ms > TIDY_MS or _weight(state) > state.tidy_at


def _weight(state: CustomerState) -> int:
    # An id of the repeats is about an eighth of an event.
    return len(state.events) + len(state.seen) // 8


def _live_positions(state: CustomerState) -> set[int]:
    waiting = [p for nodes in state.scenarios.values() for node in nodes for p in _positions(node)]
    live: set[int] = set()
    while waiting:
        position = waiting.pop()
        if position not in live:
            live.add(position)
            event = state.events.get(position)
            waiting += event.origins if event is not None else ()
    return live


def _positions(node: NodeState | None) -> list[int]:
    if node is None:
        return []
    if isinstance(node, LastState):
        return [position for _, position in node.last.values()]
    if isinstance(node, WaitState):
        return [position for pending in node.pending for position in pending.occurrence.events]
    lists = node.levels if isinstance(node, ChainState) else list(node.groups.values())
    return [position for items in lists for item in items for position in item.occurrence.events]
