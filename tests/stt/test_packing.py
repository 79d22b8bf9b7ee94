"""Spans laid into windows come back to where they were."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stt.audio import RATE_HZ
from stt.packing import FRAME, lay_tape, locate, pack
from stt.speech_spans import Span

WINDOW_S, GAP_S = 10.0, 0.1
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
def test_every_span_is_laid_once_in_order_and_no_window_overflows(spans: list[tuple[int, Span]], across: bool) -> None:
    windows = pack(spans, WINDOW_S, GAP_S, across=across)
    assert [(p.call, p.span) for w in windows for p in w.placements] == spans
    assert all(window.length <= LIMIT for window in windows)
    for window in windows:
        ends = [p.at + p.span.length for p in window.placements]
        assert all(p.at >= end for p, end in zip(window.placements[1:], ends, strict=False))


@given(calls())
def test_a_window_holds_one_channel_of_one_call_unless_told_otherwise(spans: list[tuple[int, Span]]) -> None:
    for window in pack(spans, WINDOW_S, GAP_S):
        assert len({(p.call, p.span.channel) for p in window.placements}) == 1


def test_the_tape_carries_each_span_where_its_placement_says() -> None:
    sound = [np.random.default_rng(call).standard_normal((2, 4 * RATE_HZ)).astype(np.float32) for call in range(2)]
    spans = [(0, Span(0, 100, 30_000)), (0, Span(1, 5_000, 9_000)), (1, Span(0, 0, 64_000))]
    windows = pack(spans, WINDOW_S, GAP_S, across=True)
    tape = lay_tape(windows, sound)
    for start, window in zip(tape.starts, windows, strict=True):
        assert start % FRAME == 0
        for placement in window.placements:
            span, at = placement.span, start + placement.at
            laid = tape.samples[at : at + span.length]
            assert np.array_equal(laid, sound[placement.call][span.channel, span.start : span.end])


def test_faster_whisper_reads_back_the_very_samples_of_a_window() -> None:
    windows = pack([(0, Span(0, 0, 12_345 + n)) for n in range(40)], 1.0, GAP_S)
    tape = lay_tape(windows, [np.zeros((1, RATE_HZ), np.float32)])
    clips = tape.clips(windows)
    assert [int(c["start"] * RATE_HZ) for c in clips] == list(tape.starts)
    assert [int(c["end"] * RATE_HZ) - int(c["start"] * RATE_HZ) for c in clips] == [w.length for w in windows]


def test_a_sample_in_a_gap_belongs_to_the_nearer_span() -> None:
    (window,) = pack([(0, Span(0, 0, 1_600)), (0, Span(0, 8_000, 9_600))], WINDOW_S, GAP_S)
    assert locate(window, 1_700).span.start == 0
    assert locate(window, 3_100).span.start == 8_000
