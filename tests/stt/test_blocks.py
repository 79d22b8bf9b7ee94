"""Long recordings in blocks: nothing lost, nothing twice, no word cut, and memory that does not grow."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stt.audio import RATE_HZ, BadAudio, decode_call
from stt.blocks import Block, CallBlocks, find_cut
from stt.speech_spans import Span, find_spans
from stt.transcriber import WhisperTranscriber

ROLES = ("AGENT", "CUSTOMER")


@pytest.fixture(scope="module")
def long_call(write_wav: Callable[..., Path], korean_samples: np.ndarray) -> Path:
    """Return a minute and a half: one call said six times."""
    return write_wav("long.wav", np.tile(korean_samples, (6, 1)))


def blocks_of(path: Path, block_s: float) -> list[Block]:
    return list(CallBlocks(path, 30.0, block_s))


def test_blocks_are_the_recording_without_gap_or_overlap(long_call: Path) -> None:
    blocks = blocks_of(long_call, 20.0)
    assert len(blocks) > 4
    assert all(block.samples.shape[1] <= 20 * RATE_HZ for block in blocks)
    assert [block.start for block in blocks][1:] == [b.start + b.samples.shape[1] for b in blocks][:-1]
    np.testing.assert_array_equal(
        np.concatenate([block.samples for block in blocks], axis=1), decode_call(long_call).samples
    )


def test_no_cut_lies_within_speech(long_call: Path) -> None:
    spans = find_spans(decode_call(long_call).samples, 30.0)
    cuts = [block.start for block in blocks_of(long_call, 20.0)][1:]
    for cut in cuts:
        # Spans are padded by a quarter of a second; the last tenth of that is nobody's word.
        assert not any(span.start + RATE_HZ // 5 < cut < span.end - RATE_HZ // 5 for span in spans), cut / RATE_HZ


@pytest.mark.slow
def test_a_call_in_blocks_is_heard_as_in_one_piece(long_call: Path) -> None:
    whole = WhisperTranscriber("demo", threads=1).transcribe(long_call, call_id="c", roles=ROLES, language="ko")
    pieces = WhisperTranscriber("demo", threads=1, block_s=20.0).transcribe(
        long_call, call_id="c", roles=ROLES, language="ko"
    )
    assert (pieces.duration_ms, pieces.warnings) == (whole.duration_ms, whole.warnings)
    assert len(pieces.turns) == pytest.approx(len(whole.turns), abs=2)
    said = [" ".join(turn.text for turn in one.turns).split() for one in (whole, pieces)]
    assert len(set(said[0]) ^ set(said[1])) <= 0.2 * len(set(said[0]))
    assert all(a.start_ms <= b.start_ms for a, b in pairwise(pieces.turns))
    assert pieces.turns[-1].end_ms == pytest.approx(whole.turns[-1].end_ms, abs=500)
    assert [len(track.per_second_db) for track in pieces.loudness] == [-(-whole.duration_ms // 1_000)] * 2


def test_a_call_that_two_people_talk_through_is_cut_at_its_quietest_moment() -> None:
    noise = np.random.default_rng(1).standard_normal((2, 10 * RATE_HZ)).astype(np.float32) * 0.1
    noise[:, 7 * RATE_HZ : 7 * RATE_HZ + 640] *= 0.01
    cut = find_cut(noise, [Span(0, 0, 10 * RATE_HZ)])
    assert 7 * RATE_HZ <= cut <= 7 * RATE_HZ + 640


def test_a_cut_is_made_in_the_last_long_pause_of_everybody() -> None:
    samples = np.zeros((2, 10 * RATE_HZ), np.float32)
    seconds = [(0, 0.0, 6.0), (1, 5.0, 6.5), (0, 7.5, 8.0), (1, 8.2, 9.9)]
    spans = [Span(channel, int(start * RATE_HZ), int(end * RATE_HZ)) for channel, start, end in seconds]
    assert find_cut(samples, spans) == int(7.0 * RATE_HZ)


def test_a_long_recording_that_turns_out_silent_costs_no_recognition(tmp_path: Path) -> None:
    path = tmp_path / "silent.wav"
    soundfile.write(path, np.zeros((8_000 * 30, 2)), 8_000, subtype="ULAW")
    with pytest.raises(BadAudio) as refusal:
        CallBlocks(path, 30.0, 5.0)
    assert refusal.value.reason == "silent"


# ru_maxrss would begin at what the test process weighs; VmHWM is this program's own.
_PEAK = """
import re, sys
from pathlib import Path
from stt.blocks import CallBlocks
read = sum(block.samples.shape[1] for block in CallBlocks(Path(sys.argv[1]), 30.0, 20.0))
print(read, re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.slow
def test_reading_ten_times_as_much_takes_no_more_memory(tmp_path: Path) -> None:
    minute = (np.random.default_rng(2).standard_normal((8_000 * 60, 2)) * 0.01).astype(np.float32)
    figures = []
    for minutes in (3, 30):
        path = tmp_path / f"{minutes}.wav"
        soundfile.write(path, np.tile(minute, (minutes, 1)), 8_000, subtype="ULAW")
        out = subprocess.run(
            [sys.executable, "-c", _PEAK, str(path)], capture_output=True, text=True, check=True, timeout=300
        )
        figures.append([int(figure) for figure in out.stdout.split()])
    (short, few_kb), (long, many_kb) = figures
    assert long == pytest.approx(10 * short, rel=0.001)
    # Half an hour in one piece would be 230 MB, and more while it is looked through.
    assert many_kb < few_kb + 25_000
