"""What holds for any text."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.dialogues import sentences
from stt.normalisation import draft_of, normalise_text
from stt.normalise import normalise

_KO = """
공 영 일 이 삼 사 오 육 칠 팔 구 십 백 천 만 억 조 원 년 월 일 시 분 점 퍼센트 프로 개월 번 살 한 두 세 네 열 스물 다섯 반 오후 음 그 저기 에 입니다 이에요 은 을 번째 다시
하나 12 010 3,500 4.5 , . - %
"""
_EN = """
zero oh one two three five ten twenty thirty hundred thousand million and a half point percent dollars cents
first second third march may pm o'clock double um uh huh $4,500 $3 12 2026 , . - %
"""
SPOKEN_KO, SPOKEN_EN = _KO.split(), _EN.split()
_WORDS = re.compile(r"first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|^음 | 음 ")
ANY = st.text(max_size=60)
KO = st.lists(st.tuples(st.sampled_from(SPOKEN_KO), st.sampled_from(["", " ", "  "])), max_size=14).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)
EN = st.lists(st.sampled_from(SPOKEN_EN), max_size=14).map(" ".join)
MANY = settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def rest_of(digits: str, text: str) -> str:
    """Return what of a string of digits is not found, in order, in a text."""
    left = iter(re.sub(r"\D", "", text))
    return "".join(d for d in digits if d not in left)


@MANY
@given(text=st.one_of(ANY, KO, EN), language=st.sampled_from(["ko", "en", "fr", ""]))
def test_normalising_never_raises_and_twice_is_once(text: str, language: str) -> None:
    once = normalise_text(text, language)
    assert normalise_text(once, language) == once


@MANY
@given(text=KO)
def test_no_digit_of_a_korean_text_is_lost(text: str) -> None:
    digits = re.sub(r"[^1-9]", "", text)
    assert rest_of(digits, normalise_text(text, "ko")) == ""


@MANY
@given(text=EN)
def test_no_digit_of_an_english_text_is_lost(text: str) -> None:
    digits = re.sub(r"[^1-9]", "", text)
    assert rest_of(digits, normalise_text(text, "en")) == ""


@MANY
@given(text=st.one_of(ANY, KO, EN), language=st.sampled_from(["ko", "en"]))
def test_every_character_knows_where_it_came_from(text: str, language: str) -> None:
    draft = draft_of(text, language)
    assert len(draft.text) == len(draft.starts) == len(draft.ends)
    assert all(0 <= start <= end <= len(text) for start, end in zip(draft.starts, draft.ends, strict=True))


@MANY
@given(text=st.one_of(ANY, KO, EN))
def test_the_normaliser_of_error_rates_is_idempotent(text: str) -> None:
    once = normalise(text, "ko")
    assert normalise(once, "ko") == once


@pytest.mark.parametrize(("language", "count"), [("ko", 1_500), ("en", 600)])
def test_what_the_demo_bank_says_is_what_it_writes(language: str, count: int) -> None:
    sentence_pairs = [s for s in sentences(3, language, count) if s.group != "salad"]
    differing = [
        (s.spoken, s.text)
        for s in sentence_pairs
        if normalise_text(s.spoken, language) != normalise_text(s.text, language)
    ]
    assert not differing
    changed = [(s.text, normalise_text(s.text, language)) for s in sentence_pairs if _WORDS.search(s.text) is None]
    assert not [pair for pair in changed if pair[0] != pair[1]]


def test_a_long_text_takes_no_time_to_speak_of() -> None:
    assert normalise_text("공일공 일이삼사 오육칠팔 " * 2_000, "ko").startswith("010-1234-5678")
