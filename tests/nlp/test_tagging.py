"""The trained tagger of names, addresses and secrets: what it is trained on, what it finds, and what it leaves alone."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import Misconfigured
from nlp.personal_data import PresidioRedactor
from nlp.personal_data.tagging.features import features
from nlp.personal_data.tagging.tagger import Tagger, load_tagger
from nlp.personal_data.tagging.training import NAME_SLOTS, examples
from nlp.personal_data.tagging.units import units


def names_in(text: str) -> list[str]:
    return [
        text[name.start : name.end]
        for name in load_tagger().find(text)
        if name.kind == "PERSON" and name.probability >= 0.6
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("출국자 표나리 여권번호 확인", ["표나리"]),
        ('{"예금주":"변희경","은행":"농협"}', ["변희경"]),
        ("고객번호,성명,연락처\n18,어연우,010-2222-3333", ["어연우"]),
        ("수익자를 임도윤에서 박서준으로 바꿔 주세요", ["임도윤", "박서준"]),
        ("Assigned to Kaia; manager Joan Whitlock", ["Kaia", "Joan Whitlock"]),
        ("id,name,email\n7,Niamh Farrell,n@mail.test", ["Niamh Farrell"]),
    ],
)
def test_names_are_found_in_records_and_lists_where_no_sentence_introduces_them(text: str, names: list[str]) -> None:
    assert names_in(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "이자가 언제 들어오나요",
        "정기예금 금리 좀 알려 주세요",
        "성명,생년월일,연락처",
        "Terms And Conditions apply to every Savings Account",
        "will the mark on my card be a problem in april",
    ],
)
def test_words_that_look_like_names_are_left_alone(text: str) -> None:
    assert names_in(text) == []


def test_the_redactor_masks_what_only_the_tagger_finds() -> None:
    masked = PresidioRedactor().redact('{"예금주":"변희경","은행":"농협"}', "ko")
    assert masked == '{"예금주":"[PERSON]","은행":"농협"}'


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_and_every_name_lies_in_it(text: str) -> None:
    found = load_tagger().find(text)
    assert all(0 <= name.start < name.end <= len(text) for name in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_units_lie_in_their_text_and_cover_all_but_white_space() -> None:
    text = "김철수님,\tMr. O’Neill 010-12345678\n田中 美咲"
    cut = units(text)
    covered = {place for unit in cut for place in range(unit.start, unit.end)}
    assert {place for place, char in enumerate(text) if not char.isspace()} <= covered
    assert len(features(text, cut)) == len(cut)


def test_every_slot_of_the_sentences_is_filled_and_its_names_are_marked() -> None:
    made = [marked for _, marked in zip(range(4_000), examples(random.Random(3)), strict=False)]
    assert not [marked.text for marked in made if any(f"{{{slot}}}" in marked.text for slot in NAME_SLOTS)]
    assert sum(len(marked.spans) for marked in made) > 2_000
    assert all(marked.text[start:end].strip() for marked in made for _, start, end in marked.spans)


def test_missing_weights_say_how_to_make_them(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="hub pii train"):
        Tagger(tmp_path / "tags.crfsuite")
