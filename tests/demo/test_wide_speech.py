"""Sentences of a wide vocabulary: verbs in their forms, no slot left open, as many words and syllables as can be had."""

import re
from collections import Counter

import pytest

from demo.dialogues import sentences
from demo.dialogues.recipe import PORTIONS, training_sentences
from demo.dialogues.verbs import forms

WIDE = [s for s in sentences(1, "ko", 6_000, salad=0.0, wide_share=1.0) if s.group == "wide"]


@pytest.mark.parametrize(
    ("verb", "irregular", "expected"),
    [
        ("받다", "", "받 받아 받았 받으 받을"),
        ("오다", "", "오 와 왔 오 올"),
        ("마시다", "", "마시 마셔 마셨 마시 마실"),
        ("바쁘다", "", "바쁘 바빠 바빴 바쁘 바쁠"),
        ("되다", "", "되 돼 됐 되 될"),
        ("쉬다", "", "쉬 쉬어 쉬었 쉬 쉴"),
        ("확인하다", "", "확인하 확인해 확인했 확인하 확인할"),
        ("만들다", "ㄹ", "만들 만들어 만들었 만들 만들"),
        ("모르다", "르", "모르 몰라 몰랐 모르 모를"),
        ("부르다", "르", "부르 불러 불렀 부르 부를"),
        ("돕다", "ㅂ", "돕 도와 도왔 도우 도울"),
        ("무겁다", "ㅂ", "무겁 무거워 무거웠 무거우 무거울"),
        ("깨닫다", "ㄷ", "깨닫 깨달아 깨달았 깨달으 깨달을"),
        ("짓다", "ㅅ", "짓 지어 지었 지으 지을"),
    ],
)
def test_a_verb_changes_as_korean_verbs_do(verb: str, irregular: str, expected: str) -> None:
    assert forms(verb, irregular) == expected


def test_the_forms_that_are_listed_are_those_that_the_rules_make() -> None:
    from demo.dialogues.open_speech import open_words

    irregular = {
        "듣": "ㄷ",
        "고르": "르",
        "누르": "르",
        "빠르": "르",
        "어렵": "ㅂ",
        "쉽": "ㅂ",
        "무섭": "ㅂ",
        "다르": "르",
        "오르": "르",
    }
    for listed in (*open_words("ko")["verbs"], *open_words("ko")["states"]):
        stem = listed.split(" ")[0]
        if stem not in ("바뀌", "모자라", "갖"):
            assert forms(f"{stem}다", irregular.get(stem, "")) == listed


def test_everything_is_spelt_out_and_hardly_anything_is_said_twice() -> None:
    assert len(WIDE) == 6_000
    assert all(not re.search(r"[\d{}/%]", s.spoken) for s in WIDE)
    assert all(s.text.endswith((".", "?")) for s in WIDE)
    assert len({s.text for s in WIDE}) > 0.9 * len(WIDE)


def test_the_vocabulary_is_wide() -> None:
    said = Counter(unit.written for s in WIDE for unit in s.units)
    assert len(said) > 10_000
    assert len({c for word in said for c in word if "가" <= c <= "힣"}) > 1_200


def test_sentences_are_the_same_for_the_same_seed_and_asking_for_none_changes_nothing() -> None:
    again = [s.text for s in sentences(1, "ko", 200, salad=0.0, wide_share=1.0)]
    assert again == [s.text for s in WIDE[:200]]
    assert list(sentences(3, "ko", 300)) == list(sentences(3, "ko", 300, wide_share=0.0))


def test_no_sentence_that_measures_or_steers_a_training_is_drawn_by_it() -> None:
    from demo.dialogues.grammar import written_by_hand

    kept = {s.text for s in (*written_by_hand("ko"), *written_by_hand("ko", "development.yaml"))}
    assert len(kept) > 90
    drawn = {s.text for s in sentences(PORTIONS["ko"][-1].seed, "ko", 20_000, 0.02, open_share=0.08, wide_share=0.78)}
    assert not kept & drawn
    assert set(training_sentences()) == {"ko", "en"}


def test_scenes_are_told_in_halves_and_words_of_each_other_too() -> None:
    scenes = [s.text for s in sentences(4, "ko", 3_000, salad=0.0, scene_share=1.0)]
    assert len(set(scenes)) > 2_400
    assert all(re.search(r"[.?]$", text) and not re.search(r"[{}/]", text) for text in scenes)
