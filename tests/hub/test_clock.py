"""Times are epoch milliseconds in UTC, whatever offset they were written in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.clock import SettableClock, from_ms, iso, parse_ms, to_ms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-10-31T00:00:00+09:00", "2026-10-30T15:00:00.000Z"),
        ("2026-10-31T00:00:00Z", "2026-10-31T00:00:00.000Z"),
        ("2026-10-31", "2026-10-30T15:00:00.000Z"),
        ("2026-10-31 09:30:00.123", "2026-10-31T00:30:00.123Z"),
    ],
)
def test_a_time_without_an_offset_takes_the_one_given(text: str, expected: str) -> None:
    assert iso(parse_ms(text, naive_offset_hours=9)) == expected


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="Invalid isoformat"):
        parse_ms("yesterday")


@given(st.integers(min_value=0, max_value=4_102_444_800_000))
def test_milliseconds_survive_the_way_there_and_back(epoch_ms: int) -> None:
    assert to_ms(from_ms(epoch_ms)) == epoch_ms
    assert parse_ms(iso(epoch_ms)) == epoch_ms


def test_a_settable_clock_moves_only_by_hand() -> None:
    clock = SettableClock(5)
    clock.advance(10)
    assert clock.now_ms() == 15
    clock.set(3)
    assert clock.now_ms() == 3
