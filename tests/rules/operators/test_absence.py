"""``absence``: after one thing another does not happen within a time."""

from __future__ import annotations

import pytest

from hub.clock import HOUR_MS
from tests.rules.streams import event, firings, times

WAIT = "absence: {after: {event: a.a}, of: {event: a.b}, within: 1h}"


def test_it_fires_at_the_deadline_and_names_the_trigger() -> None:
    asked = event(0, "a.a")
    assert firings(WAIT, [asked]) == [(HOUR_MS, asked.event_id)]


def test_nothing_fires_before_the_log_has_passed_the_deadline() -> None:
    assert times(WAIT, [event(0, "a.a")], until_ms=HOUR_MS) == []
    assert times(WAIT, [event(0, "a.a")], until_ms=HOUR_MS + 1) == [HOUR_MS]


@pytest.mark.parametrize(("came_ms", "expected"), [(1, []), (HOUR_MS, []), (HOUR_MS + 1, [HOUR_MS])])
def test_what_comes_by_the_deadline_is_in_time(came_ms: int, expected: list[int]) -> None:
    assert times(WAIT, [event(0, "a.a"), event(came_ms, "a.b")]) == expected


def test_what_came_before_does_not_count() -> None:
    assert times(WAIT, [event(0, "a.b"), event(1, "a.a")]) == [HOUR_MS + 1]


@pytest.mark.parametrize(
    ("watch", "expected"),
    [("last", [2 + HOUR_MS]), ("first", [HOUR_MS]), ("each", [HOUR_MS, 2 + HOUR_MS])],
)
def test_which_trigger_starts_the_time_is_said(watch: str, expected: list[int]) -> None:
    assert times(WAIT[:-1] + f", watch: {watch}}}", [event(0, "a.a"), event(2, "a.a")]) == expected


def test_triggers_with_different_keys_wait_for_themselves() -> None:
    pattern = WAIT[:-1] + ", by: event.x}"
    stream = [event(0, "a.a", x=1), event(1, "a.a", x=2), event(2, "a.b", x=1), event(3, "a.b")]
    assert times(pattern, stream) == [1 + HOUR_MS]


def test_the_absent_thing_may_have_to_fit_the_trigger() -> None:
    pattern = "absence: {after: {event: a.a, as: one}, of: {event: a.b, where: event.x == one.x}, within: 1h}"
    assert times(pattern, [event(0, "a.a", x=1), event(1, "a.b", x=2)]) == [HOUR_MS]
    assert times(pattern, [event(0, "a.a", x=1), event(1, "a.b", x=1)]) == []


def test_an_absent_pattern_that_began_before_the_trigger_does_not_count() -> None:
    pattern = "absence: {after: {event: a.a}, of: {count: {of: {event: a.b}, at_least: 2, within: 1h}}, within: 1h}"
    assert times(pattern, [event(0, "a.b"), event(1, "a.a"), event(2, "a.b")]) == [1 + HOUR_MS]
    assert times(pattern, [event(0, "a.a"), event(1, "a.b"), event(2, "a.b")]) == []
