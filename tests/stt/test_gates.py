"""What Whisper makes up is kept out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stt.gates import Heard, refuse, refuse_sentence

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


@pytest.mark.parametrize(
    "text",
    ["시청해 주셔서 감사합니다.", "구독과 좋아요 부탁드립니다!", "Thanks for watching!", "감사합니다.", "Thank you."],
)
@pytest.mark.parametrize(
    "change",
    [
        {"level_db": -56.0},
        {"weaker_by_db": 30.0},
        {"average_log_probability": -0.9},
        {"no_speech_probability": 0.7},
    ],
)
def test_a_caption_is_dropped_where_the_sound_is_weak_or_the_model_unsure(text: str, change: dict[str, float]) -> None:
    assert refuse(replace(GOOD, text=text, **change)) == "phrase"
    assert refuse_sentence(replace(GOOD, text=text, **change)) == "phrase"


@pytest.mark.parametrize(
    "text", ["감사합니다.", "Thank you.", "네, 감사합니다 수고하세요.", "구독과 좋아요 이벤트 문의요."]
)
def test_a_real_thank_you_passes(text: str) -> None:
    assert refuse(replace(GOOD, text=text)) is None


def test_words_around_a_phrase_keep_it_in_even_when_the_sound_is_weak() -> None:
    assert refuse(replace(GOOD, text="카드 배송해 주셔서 감사합니다.", level_db=-56.0)) is None
