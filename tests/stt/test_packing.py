"""Spans laid into windows come back to where they were."""

from __future__ import annotations

from itertools import groupby, pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stt.audio import RATE_HZ
from stt.packing import BETWEEN_S, FRAME, GAP_S, lay_tape, pack
from stt.speech_spans import Span

WINDOW_S = 10.0
LIMIT = int(WINDOW_S * RATE_HZ)


@st.composite
def calls(draw: st.DrawFn) -> list[tuple[int, Span]]:
    spans = []
    for call in range(draw(st.integers(1, 3))):
        for channel in range(draw(st.integers(1, 2))):
            at = 0
            for _ in range(draw(st.integers(0, 6))):
                at += draw(st.integers(0, 20_000))
                length = draw(st.integers(1, LIMIT))
                spans.append((call, Span(channel, at, at + length)))
                at += length
    return spans


@given(calls(), st.booleans())
def test_every_span_is_laid_once_and_no_window_overflows(spans: list[tuple[int, Span]], across: bool) -> None:
    windows = pack(spans, WINDOW_S, across=across)
    laid = [(p.call, p.span) for w in windows for p in w.placements]
    assert sorted(laid, key=repr) == sorted(spans, key=repr)
    assert all(window.length <= LIMIT for window in windows)
    for window in windows:
        assert window.length == window.placements[-1].end
        for left, right in pairwise(window.placements):
            gap_s = GAP_S if left.owner == right.owner and left.span.start < right.span.start else BETWEEN_S
            assert right.at >= left.end + int(min(gap_s, BETWEEN_S) * RATE_HZ)


@given(calls())
def test_a_window_holds_one_channel_of_one_call_unless_told_otherwise(spans: list[tuple[int, Span]]) -> None:
    for window in pack(spans, WINDOW_S):
        assert len({p.owner for p in window.placements}) == 1


@given(calls())
def test_packing_across_calls_never_needs_more_windows(spans: list[tuple[int, Span]]) -> None:
    assert len(pack(spans, WINDOW_S, across=True)) <= len(pack(spans, WINDOW_S))


@given(calls(), st.booleans())
def test_neighbours_on_a_channel_that_share_a_window_stay_in_order(spans: list[tuple[int, Span]], across: bool) -> None:
    for window in pack(spans, WINDOW_S, across=across):
        owners = [owner for owner, _ in groupby(window.placements, key=lambda p: p.owner)]
        if not across:
            assert len(owners) == 1
        for _, run in groupby(window.placements, key=lambda p: p.owner):
            placed = list(run)
            inside = [p.at - placed[0].at for p in placed]
            assert inside == sorted(inside)


def test_short_utterances_of_many_calls_fill_windows() -> None:
    lengths = [int((3 + 9 * (n * 37 % 101) / 100) * RATE_HZ) for n in range(200)]
    windows = pack([(n, Span(0, 0, length)) for n, length in enumerate(lengths)], 30.0, across=True)
    assert sum(lengths) / (len(windows) * 30 * RATE_HZ) > 0.9


def test_the_tape_carries_each_span_where_its_placement_says() -> None:
    sound = [np.random.default_rng(call).standard_normal((2, 4 * RATE_HZ)).astype(np.float32) for call in range(2)]
    spans = [(0, Span(0, 100, 30_000)), (0, Span(1, 5_000, 9_000)), (1, Span(0, 0, 64_000))]
    windows = pack(spans, WINDOW_S, across=True)
    tape = lay_tape(windows, sound)
    for start, window in zip(tape.starts, windows, strict=True):
        assert start % FRAME == 0
        for placement in window.placements:
            span, at = placement.span, start + placement.at
            laid = tape.samples[at : at + span.length]
            assert np.array_equal(laid, sound[placement.call][span.channel, span.start : span.end])


def test_faster_whisper_reads_back_the_very_samples_of_a_window() -> None:
    windows = pack([(0, Span(0, 0, 12_345 + n)) for n in range(40)], 1.0)
    tape = lay_tape(windows, [np.zeros((1, RATE_HZ), np.float32)])
    clips = tape.clips(windows)
    assert [int(c["start"] * RATE_HZ) for c in clips] == list(tape.starts)
    assert [int(c["end"] * RATE_HZ) - int(c["start"] * RATE_HZ) for c in clips] == [w.length for w in windows]
