"""``change``: a value is no longer what it was."""

from __future__ import annotations

from tests.rules.streams import book_of, decide, event, features, scenario, times

MOVED = "change: {of: {event: contact.changed}, value: event.city}"


def test_the_first_value_is_no_change_and_the_same_again_neither() -> None:
    stream = [event(n, "contact.changed", city=c) for n, c in enumerate("aabba")]
    assert times(MOVED, stream) == [2, 4]


def test_null_is_no_value() -> None:
    stream = [event(0, "contact.changed", city="a"), event(1, "contact.changed"), event(2, "contact.changed", city="b")]
    assert times(MOVED, stream) == [2]


def test_it_can_be_asked_how_the_value_changed() -> None:
    pattern = "change: {of: {event: x.measured}, value: event.n, when: previous < 5 and current >= 5}"
    assert times(pattern, [event(n, "x.measured", n=v) for n, v in enumerate((4, 6, 3, 9))]) == [1, 3]


def test_values_may_be_compared_within_a_group() -> None:
    stream = [
        event(0, "contact.changed", city="a", kind=1),
        event(1, "contact.changed", city="b", kind=2),
        event(2, "contact.changed", city="c", kind=1),
    ]
    assert times(MOVED[:-1] + ", by: event.kind}", stream) == [2]


def test_a_feature_that_crosses_a_threshold_is_a_change() -> None:
    pattern = "change: {of: {event: features.updated}, value: loan_propensity, when: previous < 0.5 and current >= 0.5}"
    stream = [features(n, view="customer_scores", loan_propensity=p) for n, p in enumerate((0.2, 0.4, 0.6, 0.7))]
    (made,) = decide(book_of(scenario(pattern)), stream)
    assert made.features[0].value == 0.6
    assert [e.properties["values"]["loan_propensity"] for e in made.evidence] == [0.4, 0.6]
