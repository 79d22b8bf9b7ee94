"""``any`` and ``all``."""

from __future__ import annotations

from hub.clock import HOUR_MS
from tests.rules.streams import book_of, decide, event, scenario, times

BOTH = "all: {of: [{event: a.a}, {event: a.b}], within: 1h}"


def test_all_takes_its_arms_in_any_order() -> None:
    assert times(BOTH, [event(0, "a.a"), event(1, "a.b")]) == [1]
    assert times(BOTH, [event(0, "a.b"), event(1, "a.a")]) == [1]


def test_all_needs_its_arms_within_the_time() -> None:
    assert times(BOTH, [event(0, "a.a"), event(HOUR_MS, "a.b")]) == [HOUR_MS]
    assert times(BOTH, [event(0, "a.a"), event(HOUR_MS + 1, "a.b")]) == []


def test_the_arms_of_all_may_have_to_agree() -> None:
    pattern = BOTH[:-1] + ", by: event.x}"
    assert times(pattern, [event(0, "a.a", x=1), event(1, "a.b", x=2), event(2, "a.b", x=1)]) == [2]


def test_any_fires_once_when_two_arms_fire_at_one_event() -> None:
    assert times("any: [{event: a.a}, {event: [a.a, a.b]}]", [event(0, "a.a"), event(1, "a.b")]) == [0, 1]


def test_any_says_which_of_its_arms_fired() -> None:
    text = scenario(
        "any: [{event: a.a, where: event.x > 1, as: big}, {event: a.a, where: event.x > 0, as: some}, {event: a.b, as: other}]",
        action="{channel: sms, offer: test, values: {big: big.x is not null, some: some.x is not null, other: other.x}}",
    )
    first, second = decide(book_of(text), [event(0, "a.a", x=2), event(1, "a.a", x=1)])
    assert (first.action["big"], first.action["some"], first.action["other"]) == (True, True, None)
    assert (second.action["big"], second.action["some"]) == (False, True)
