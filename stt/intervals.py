"""Arithmetic of time intervals, (begin, end) in milliseconds."""

from __future__ import annotations

from collections.abc import Iterable

Interval = tuple[int, int]


def merge(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the union as intervals that do not touch, in order."""
    merged: list[Interval] = []
    for begin, end in sorted(intervals):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((begin, end))
    return merged


def intersect(left: Interval, right: Interval) -> Interval:
    """Return what two intervals share; empty intervals have no length."""
    begin, end = max(left[0], right[0]), min(left[1], right[1])
    return (begin, max(begin, end))


def total_ms(intervals: Iterable[Interval]) -> int:
    """Return the summed length."""
    return sum(end - begin for begin, end in intervals)
