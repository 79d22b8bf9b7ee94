"""``schedule``: a time before or after a date an event names."""

from __future__ import annotations

import pytest

from hub.clock import DAY_MS, iso, parse_ms
from tests.rules.streams import START_MS, event, times

MATURITY_MS = parse_ms("2026-11-01T00:00:00+09:00") - START_MS
YEAR_MS = 400 * DAY_MS
PATTERN = "schedule: {of: {event: product.subscribed}, date: event.matures_on, before: 3d}"


def bought(at_ms: int, matures_on: object = "2026-11-01", **more: object) -> object:
    return event(at_ms, "product.subscribed", matures_on=matures_on, **more)


def test_it_fires_the_days_before_midnight_of_the_banks_time_zone() -> None:
    assert times(PATTERN, [bought(0)], YEAR_MS) == [MATURITY_MS - 3 * DAY_MS]


def test_it_may_come_after_the_date() -> None:
    assert times(PATTERN.replace("before", "after"), [bought(0)], YEAR_MS) == [MATURITY_MS + 3 * DAY_MS]


def test_a_date_nearer_than_the_days_fires_at_once_and_a_past_one_never() -> None:
    near_ms = MATURITY_MS - DAY_MS
    assert times(PATTERN, [bought(near_ms)], YEAR_MS) == [near_ms]
    assert times(PATTERN, [bought(MATURITY_MS + 1)], YEAR_MS) == []


@pytest.mark.parametrize("matures_on", ["soon", None, 20261101, "2026-13-01", "x" * 500])
def test_what_is_no_date_is_passed_over(matures_on: object) -> None:
    assert times(PATTERN, [bought(0, matures_on)], YEAR_MS) == []


def test_a_full_time_is_taken_as_it_is() -> None:
    at_ms = START_MS + 10 * DAY_MS
    assert times(PATTERN, [bought(0, iso(at_ms))], YEAR_MS) == [7 * DAY_MS]


def test_a_new_date_of_the_same_product_replaces_the_old_one() -> None:
    stream = [bought(0, "2026-11-01", product_id="D01"), bought(1, "2026-11-11", product_id="D01")]
    assert times(PATTERN[:-1] + ", by: event.product_id}", stream, YEAR_MS) == [MATURITY_MS + 7 * DAY_MS]
