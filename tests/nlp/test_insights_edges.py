"""Conversations that no one would hold: no words, no end, other scripts, halves of letters, no confidence."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.records import Transcript, Turn

EXTREMES = [
    "",
    " \u3000\n",
    "😀" * 50,
    "카드를 잃어버렸어요 " * 1_000,
    "가" * 10_000,
    "a" * 10_000,
    "I lost my card and " * 600,
    "\u202eمرحبا أريد قرض\u202c 대출",
    "\ud800카드\udfff 잃어버렸어요\ud800",
    "İİİ 결혼해요 İ",
]


def read(reader, *texts, confidence=0.0, language="ko"):
    turns = tuple(
        Turn(turn_id=i, role="CUSTOMER", text=text, start_ms=i * 10, end_ms=i * 10 + 9, confidence=confidence)
        for i, text in enumerate(texts)
    )
    call = Transcript(call_id="c", language=language, duration_ms=10 * len(turns), model="m", turns=turns)
    return reader.facts(call, 1_770_000_000_000)


@pytest.mark.parametrize("confidence", [None, 0.0, 0.2, 1.0])
def test_extremes_have_facts_with_a_place_and_a_confidence(call_reader, confidence):
    for fact in read(call_reader, *EXTREMES, confidence=confidence):
        assert 0 <= fact.start_ms <= fact.end_ms <= 10 * len(EXTREMES)
        assert 0 < fact.confidence <= 1
        assert math.isfinite(fact.confidence)
        assert type(fact.label) is str


def test_a_call_without_turns_has_no_facts(call_reader):
    assert read(call_reader) == []


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text(st.characters(codec=None) | st.sampled_from("카드결혼이사대출 .?\ud800😀\u202e동생제가\u200b")),
        max_size=4,
    )
)
def test_any_turns_are_read_alike_every_time(call_reader, texts):
    assert read(call_reader, *texts) == read(call_reader, *texts)
