"""``event``: one event of given types that passes a condition."""

from __future__ import annotations

from tests.rules.streams import event, times


def test_it_fires_at_every_event_of_its_type() -> None:
    stream = [event(0, "screen.viewed"), event(1, "session.ended"), event(2, "screen.viewed")]
    assert times("event: screen.viewed", stream) == [0, 2]


def test_several_types_are_one_pattern() -> None:
    stream = [event(0, "screen.viewed"), event(1, "session.ended"), event(2, "session.started")]
    assert times("event: [screen.viewed, session.ended]", stream) == [0, 1]


def test_a_condition_that_is_null_does_not_hold() -> None:
    stream = [
        event(0, "screen.viewed", screen="home"),
        event(1, "screen.viewed"),
        event(2, "screen.viewed", screen="fees"),
    ]
    assert times("{event: screen.viewed, where: event.screen != 'home'}", stream) == [2]


def test_the_channel_is_a_property_of_every_event() -> None:
    stream = [event(0, "screen.viewed", channel="app"), event(1, "screen.viewed", channel="web")]
    assert times("{event: screen.viewed, where: event.channel == 'app'}", stream) == [0]
