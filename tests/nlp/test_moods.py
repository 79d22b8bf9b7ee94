"""How a turn sounds, with negations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.insights.moods import mood_of

SOUNDS = {
    "POSITIVE": [
        "정말 감사합니다",
        "불친절하지 않았어요",
        "마음에 들어요",
        "Thank you so much",
        "It was not bad",
        "I'm very happy",
    ],
    "NEGATIVE": [
        "정말 화가 나네요",
        "별로 안 좋아요",
        "도움이 하나도 안 돼요",
        "친절하지 않네요",
        "I'm not happy about this",
        "this is terrible",
    ],
    "NEUTRAL": ["네 맞아요", "통장은 집에 있어요", "", "12345", "It is a joint account"],
    "MIXED": ["정말 친절하신데 수수료는 너무 짜증 나네요", "You were great but the app is terrible"],
}


@pytest.mark.parametrize(("label", "text"), [(label, text) for label, texts in SOUNDS.items() for text in texts])
def test_a_turn_sounds_as_people_hear_it(label, text):
    assert mood_of(text).label == label


@given(st.text(max_size=300))
def test_any_text_has_a_bounded_score_and_a_place(text):
    mood = mood_of(text)
    assert -5 <= mood.score <= 5
    assert 0 <= mood.place <= len(text)
