"""Every operator of the kernel against its naive oracle on seeded random streams; a wrong window must show."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from hub.records import BehaviorEvent
from rules.backtest import Backtest
from rules.book import Book
from tests.parity import rules_oracles as oracle
from tests.parity.rules_oracles import Ev, Firings, Stream
from tests.rules.streams import START_MS, book_of, event, scenario

SECOND = 1_000
SEEDS = range(60)
END = 90 * SECOND
TYPES = {"a": "screen.viewed", "b": "session.ended", "c": "closing_page.viewed", "d": "session.started"}


class Case(NamedTuple):
    """A pattern (``{w}`` is its window in ms) and what an oracle says of it for a window in ms."""

    name: str
    pattern: str
    window_ms: int
    expected: Callable[[Stream, int], Firings]


def _same(events: object) -> bool:
    first, *rest = [e.x for e in events]  # type: ignore[attr-defined]
    return first is not None and all(x == first for x in rest)


A, B, C = (f"{{event: {TYPES[kind]}}}" for kind in "abc")
CASES = [
    Case("count", f"count: {{of: {A}, at_least: 3, within: {{w}}}}", 9_000, lambda s, w: oracle.count(s, 3, w)),
    Case(
        "count by",
        f"count: {{of: {A}, at_least: 2, within: {{w}}, by: event.x}}",
        9_000,
        lambda s, w: oracle.count(s, 2, w, by_x=True),
    ),
    Case(
        "count, on the rise",
        f"count: {{of: {A}, at_least: 3, within: {{w}}, emit: rise}}",
        9_000,
        lambda s, w: oracle.count_rise(s, 3, w),
    ),
    Case(
        "count, reset",
        f"count: {{of: {A}, at_least: 3, within: {{w}}, emit: reset}}",
        12_000,
        lambda s, w: oracle.count_reset(s, 3, w),
    ),
    Case(
        "sum",
        f"sum: {{of: {A}, value: event.x, at_least: 5, within: {{w}}}}",
        9_000,
        lambda s, w: oracle.total(s, 5, w),
    ),
    Case(
        "distinct",
        f"distinct: {{of: {A}, value: event.x, at_least: 3, within: {{w}}}}",
        12_000,
        lambda s, w: oracle.distinct(s, 3, w),
    ),
    Case(
        "sequence",
        f"sequence: {{steps: [{A}, {B}, {C}], within: {{w}}}}",
        9_000,
        lambda s, w: oracle.sequence(s, "abc", w, lambda _: True),
    ),
    Case(
        "sequence of one type",
        f"sequence: {{steps: [{A}, {A}, {A}], within: {{w}}}}",
        6_000,
        lambda s, w: oracle.sequence(s, "aaa", w, lambda _: True),
    ),
    Case(
        "sequence that joins",
        "sequence: {steps: [{event: screen.viewed, as: one}, {event: session.ended, as: two},"
        " {event: closing_page.viewed, where: event.x == one.x and event.x < two.x + 2}], within: {w}}",
        12_000,
        lambda s, w: oracle.sequence(s, "abc", w, _joins),
    ),
    Case(
        "sequence by",
        f"sequence: {{steps: [{A}, {B}], within: {{w}}, by: event.x}}",
        9_000,
        lambda s, w: oracle.sequence(s, "ab", w, _same),
    ),
    Case(
        "sequence without",
        "sequence: {steps: [{event: screen.viewed, as: one}, {event: session.ended}],"
        " without: {event: closing_page.viewed, where: event.x == one.x}, within: {w}}",
        12_000,
        lambda s, w: oracle.sequence_without(s, w, lambda a, c: a.x is not None and a.x == c.x),
    ),
    Case(
        "sequence that consumes",
        f"sequence: {{steps: [{A}, {B}, {A}], within: {{w}}, consume: true}}",
        9_000,
        lambda s, w: {(s[c[-1]].t, c[-1]) for c in oracle.consuming(s, "aba", w, lambda _: True)},
    ),
    Case(
        "repeat",
        f"repeat: {{of: {{sequence: {{steps: [{A}, {B}], within: 5s}}}}, times: 2, within: {{w}}}}",
        12_000,
        lambda s, w: oracle.repeat(s, "ab", 5_000, 2, w, lambda _: True),
    ),
    Case(
        "absence, each",
        f"absence: {{after: {A}, of: {B}, within: {{w}}, watch: each}}",
        5_000,
        lambda s, w: oracle.absence_each(s, w, END),
    ),
    Case(
        "absence that joins",
        "absence: {after: {event: screen.viewed, as: one}, of: {event: session.ended, where: event.x == one.x},"
        " within: {w}, watch: each}",
        5_000,
        lambda s, w: oracle.absence_each(s, w, END, joined=True),
    ),
    Case(
        "absence, last",
        f"absence: {{after: {A}, of: {B}, within: {{w}}}}",
        4_000,
        lambda s, w: oracle.absence_last(s, w, END),
    ),
    Case(
        "absence, first",
        f"absence: {{after: {A}, of: {B}, within: {{w}}, watch: first}}",
        5_000,
        lambda s, w: oracle.absence_first(s, w, END),
    ),
    Case("all", f"all: {{of: [{A}, {B}], within: {{w}}}}", 4_000, lambda s, w: oracle.both(s, w)),
    Case(
        "count, then absence",
        f"absence: {{after: {{count: {{of: {A}, at_least: 2, within: 6s}}}}, of: {B}, within: {{w}}}}",
        5_000,
        lambda s, w: oracle.nested(s, 2, 6_000, w, END),
    ),
]


def _joins(events: object) -> bool:
    one, two, three = (e.x for e in events)  # type: ignore[attr-defined]
    return None not in (one, two, three) and three == one and three < two + 2


def random_stream(seed: int) -> list[Ev]:
    """Return 32 events on a coarse grid of seconds, so that windows are often met exactly."""
    dice = random.Random(seed)
    t, stream = 0, []
    for _ in range(32):
        t += dice.choice((0, 1, 1, 1, 2, 3)) * SECOND
        stream.append(Ev(t, dice.choice("aaabbcd"), dice.choice((0, 1, 2, 3, None))))
    return stream


def as_events(stream: Stream) -> list[BehaviorEvent]:
    return [
        event(e.t, TYPES[e.kind], event_id=str(number), **({} if e.x is None else {"x": e.x}))
        for number, e in enumerate(stream)
    ]


def kernel_firings(book: Book, stream: Stream) -> Firings:
    decisions = Backtest(book).run(as_events(stream), to_ms=START_MS + END)
    return {(d.decided_ms - START_MS, int(d.trigger_event_id)) for d in decisions}


def differing_seeds(case: Case, window_ms: int) -> Iterator[int]:
    """Yield the seeds on which the kernel with another window differs from the oracle with the right one."""
    book = book_of(scenario(case.pattern.replace("{w}", f"{window_ms}ms")))
    for seed in SEEDS:
        stream = random_stream(seed)
        if kernel_firings(book, stream) != case.expected(stream, case.window_ms):
            yield seed


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_operator_fires_exactly_when_the_oracle_says(case: Case) -> None:
    assert list(differing_seeds(case, case.window_ms)) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_window_one_millisecond_short_is_noticed(case: Case) -> None:
    assert next(differing_seeds(case, case.window_ms - 1), None) is not None


def test_the_oracles_do_fire_on_these_streams() -> None:
    for case in CASES:
        fired = sum(len(case.expected(random_stream(seed), case.window_ms)) for seed in SEEDS)
        assert fired > 30, case.name


def test_change_fires_exactly_when_the_oracle_says() -> None:
    book = book_of(scenario("change: {of: {event: screen.viewed}, value: event.x}"))
    for seed in SEEDS:
        stream = random_stream(seed)
        assert kernel_firings(book, stream) == oracle.change(stream)


def test_any_is_the_union_of_its_arms() -> None:
    arms = [case.pattern.replace("{w}", f"{case.window_ms}ms") for case in CASES[:4]]
    whole = book_of(scenario("any: [" + ", ".join("{" + arm + "}" for arm in arms) + "]"))
    for seed in SEEDS:
        stream = random_stream(seed)
        union = set().union(*(case.expected(stream, case.window_ms) for case in CASES[:4]))
        assert kernel_firings(whole, stream) == union
