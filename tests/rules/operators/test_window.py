"""``count``, ``sum``, ``distinct`` and ``repeat`` over a sliding window."""

from __future__ import annotations

import pytest

from hub.clock import MINUTE_MS
from tests.rules.streams import book_of, decide, event, scenario, times

VIEW = "{event: screen.viewed}"


def views(*minutes: float, **properties: object) -> list[object]:
    return [event(round(m * MINUTE_MS), "screen.viewed", **properties) for m in minutes]


@pytest.mark.parametrize(("third_ms", "fired"), [(10 * MINUTE_MS, True), (10 * MINUTE_MS + 1, False)])
def test_the_window_includes_its_edge(third_ms: int, fired: bool) -> None:
    stream = [*views(0, 5), event(third_ms, "screen.viewed")]
    assert bool(times(f"count: {{of: {VIEW}, at_least: 3, within: 10m}}", stream)) is fired


@pytest.mark.parametrize(("emit", "minutes"), [("every", [2, 3, 4, 22]), ("rise", [2, 22]), ("reset", [2, 22])])
def test_it_fires_every_time_or_on_the_rise_or_starts_anew(emit: str, minutes: list[int]) -> None:
    stream = views(0, 1, 2, 3, 4, 20, 21, 22)
    fired = times(f"count: {{of: {VIEW}, at_least: 3, within: 10m, emit: {emit}}}", stream)
    assert fired == [m * MINUTE_MS for m in minutes]


def test_after_a_reset_what_was_used_is_gone_and_a_rise_counts_it() -> None:
    stream = views(0, 1, 2, 3, 4, 5)
    fired = times(f"count: {{of: {VIEW}, at_least: 3, within: 1h, emit: reset}}", stream)
    assert fired == [2 * MINUTE_MS, 5 * MINUTE_MS]
    assert times(f"count: {{of: {VIEW}, at_least: 3, within: 1h, emit: rise}}", stream) == [2 * MINUTE_MS]


def test_each_value_has_a_window_of_its_own_and_null_has_none() -> None:
    stream = [
        event(n, "screen.viewed", **({"session_id": s} if s else {})) for n, s in enumerate("ab.ab".replace(".", " "))
    ]
    stream += [event(10, "screen.viewed"), event(11, "screen.viewed")]
    assert times(f"count: {{of: {VIEW}, at_least: 2, within: 1h, by: event.session_id}}", stream) == [3, 4]


def test_a_sum_passes_over_what_is_no_number() -> None:
    stream = [
        event(0, "transaction.posted", amount=60),
        event(1, "transaction.posted", amount="40"),
        event(2, "transaction.posted", amount=40),
    ]
    assert times("sum: {of: {event: transaction.posted}, value: event.amount, at_least: 100, within: 1h}", stream) == [
        2
    ]


def test_distinct_counts_values_and_not_events() -> None:
    stream = [event(n, "product.viewed", product_id=p) for n, p in enumerate("aabac")]
    assert times(
        "distinct: {of: {event: product.viewed}, value: event.product_id, at_least: 3, within: 1h}", stream
    ) == [4]


def test_an_aggregate_lends_its_total_to_the_action() -> None:
    pattern = "{sum: {of: {event: transaction.posted}, value: event.amount, at_least: 100, within: 1h}, as: spent}"
    text = scenario(pattern, action="{channel: sms, offer: test, values: {spent: spent.total, last: spent.amount}}")
    (made,) = decide(
        book_of(text), [event(0, "transaction.posted", amount=60), event(1, "transaction.posted", amount=50)]
    )
    assert (made.action["spent"], made.action["last"]) == (110, 50)


def test_all_repetitions_of_a_sequence_fit_into_the_window_from_their_first_start() -> None:
    pattern = (
        "repeat: {{of: {{sequence: {{steps: [{{event: a.a}}, {{event: a.b}}], within: 5m}}}}, times: 2, within: {}}}"
    )
    stream = [event(m * MINUTE_MS, name) for m, name in ((0, "a.a"), (4, "a.b"), (6, "a.a"), (10, "a.b"))]
    assert times(pattern.format("10m"), stream) == [10 * MINUTE_MS]
    assert times(pattern.format("9m"), stream) == []


def test_one_event_serves_one_repetition_only() -> None:
    pattern = "repeat: {of: {sequence: {steps: [{event: a.a}, {event: a.b}], within: 1h}}, times: 2, within: 1h}"
    assert times(pattern, [event(0, "a.a"), event(1, "a.b"), event(2, "a.b")]) == []
    assert times(pattern, [event(0, "a.a"), event(1, "a.a"), event(2, "a.b"), event(3, "a.b")]) == [3]
