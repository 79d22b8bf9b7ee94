"""What Whisper makes up is kept out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stt.gates import Heard, refuse

GOOD = Heard(
    text=" 신용대출 금리 문의드립니다.",
    duration_s=2.2,
    average_log_probability=-0.2,
    no_speech_probability=0.01,
    compression_ratio=0.9,
    level_db=-25.0,
    language="ko",
)


def test_ordinary_speech_passes() -> None:
    assert refuse(GOOD) is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"no_speech_probability": 0.9, "average_log_probability": -1.2}, "no_speech"),
        ({"average_log_probability": -2.5}, "log_probability"),
        ({"compression_ratio": 3.0}, "repetition"),
        ({"level_db": -80.0}, "energy"),
        ({"text": "네 " * 100}, "too_fast"),
    ],
)
def test_each_gate_names_itself(change: dict[str, float], reason: str) -> None:
    assert refuse(replace(GOOD, **change)) == reason


def test_a_high_no_speech_probability_alone_does_not_silence_a_sure_model() -> None:
    assert refuse(replace(GOOD, no_speech_probability=0.9)) is None
