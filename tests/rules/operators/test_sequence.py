"""``sequence``: one thing, then another, within a time."""

from __future__ import annotations

import pytest

from hub.clock import HOUR_MS
from tests.rules.streams import book_of, decide, event, firings, scenario, times

AB = "sequence: {steps: [{event: a.a}, {event: a.b}], within: 1h}"


@pytest.mark.parametrize(("at_ms", "expected"), [(HOUR_MS, [HOUR_MS]), (HOUR_MS + 1, [])])
def test_the_time_includes_its_edge(at_ms: int, expected: list[int]) -> None:
    assert times(AB, [event(0, "a.a"), event(at_ms, "a.b")]) == expected


def test_the_order_counts() -> None:
    assert times(AB, [event(0, "a.b"), event(1, "a.a")]) == []


def test_events_of_one_millisecond_follow_each_other_in_log_order() -> None:
    assert times(AB, [event(0, "a.a"), event(0, "a.b")]) == [0]
    assert times(AB, [event(0, "a.b"), event(0, "a.a")]) == []


def test_an_event_never_follows_itself() -> None:
    assert times("sequence: {steps: [{event: a.a}, {event: a.a}], within: 1h}", [event(0, "a.a")]) == []


def test_an_older_start_that_fits_is_found_behind_a_younger_one_that_does_not() -> None:
    pattern = "sequence: {steps: [{event: a.a, as: one}, {event: a.b, where: event.x == one.x}], within: 1h}"
    assert times(pattern, [event(0, "a.a", x=1), event(1, "a.a", x=2), event(2, "a.b", x=1)]) == [2]


def test_of_several_chains_the_one_that_began_last_is_the_evidence() -> None:
    (made,) = decide(book_of(scenario(AB)), [event(0, "a.a"), event(1, "a.a"), event(2, "a.b")])
    assert [e.event_id for e in made.evidence] == [event(1, "a.a").event_id, event(2, "a.b").event_id]


def test_what_must_not_come_between_breaks_the_chain() -> None:
    pattern = "sequence: {steps: [{event: a.a}, {event: a.b}], without: {event: a.c}, within: 1h}"
    assert times(pattern, [event(0, "a.a"), event(1, "a.c"), event(2, "a.b")]) == []
    assert times(pattern, [event(0, "a.c"), event(1, "a.a"), event(2, "a.b"), event(3, "a.c")]) == [2]
    assert times(pattern, [event(0, "a.a"), event(1, "a.c"), event(2, "a.a"), event(3, "a.b")]) == [3]


def test_an_event_fires_once_when_events_are_used_up() -> None:
    stream = [event(0, "a.a"), event(1, "a.b"), event(2, "a.b")]
    assert times(AB, stream) == [1, 2]
    assert times(AB[:-1] + ", consume: true}", stream) == [1]


def test_a_step_may_be_a_pattern_that_began_between_two_starts() -> None:
    pattern = "sequence: {steps: [{event: a.a}, {count: {of: {event: a.b}, at_least: 2, within: 1h}}], within: 1h}"
    assert times(pattern, [event(0, "a.a"), event(1, "a.b"), event(2, "a.a"), event(3, "a.b")]) == [3]
    assert times(pattern, [event(0, "a.b"), event(1, "a.a"), event(2, "a.b")]) == []


def test_a_step_may_be_an_absence() -> None:
    silence = "{absence: {after: {event: a.a}, of: {event: a.b}, within: 10m}}"
    pattern = f"sequence: {{steps: [{silence}, {{event: a.c}}], within: 1h}}"
    late, early = event(20 * 60_000, "a.c"), event(5 * 60_000, "a.c")
    assert firings(pattern, [event(0, "a.a"), late]) == [(20 * 60_000, late.event_id)]
    assert firings(pattern, [event(0, "a.a"), early]) == []
