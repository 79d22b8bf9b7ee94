"""Sentences: written with digits, spoken in words, the same for the same seed, endless in variety."""

from __future__ import annotations

import itertools
import re
from random import Random

import pytest

from demo.dialogues import converse, grammar, load_scripts, sentences
from demo.dialogues.grammar import written_by_hand
from demo.dialogues.korean import particle, spoken_number
from demo.dialogues.scripts import LIFE_EVENT_SCRIPTS
from hub.errors import Misconfigured


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "영"), (10, "십"), (105, "백오"), (3_500, "삼천오백"), (10_000, "만"), (21_034, "이만천삼십사")],
)
def test_numbers_are_said_in_korean(number: int, said: str) -> None:
    assert spoken_number(number) == said


@pytest.mark.parametrize(
    ("word", "suffix", "chosen"),
    [
        ("대출", "을/를", "을"),
        ("카드", "을/를", "를"),
        ("은행", "으로/로", "으로"),
        ("서울", "으로/로", "로"),
        ("앱", "에서", "에서"),
    ],
)
def test_particles_follow_the_sound_before_them(word: str, suffix: str, chosen: str) -> None:
    assert particle(word, suffix) == chosen


def test_the_same_seed_says_the_same_and_another_says_something_else() -> None:
    assert list(sentences(3, "ko", 50)) == list(sentences(3, "ko", 50))
    assert list(sentences(3, "ko", 50)) != list(sentences(4, "ko", 50))


def test_the_stream_is_lazy() -> None:
    assert len(list(itertools.islice(sentences(1, "ko", 10**12), 5))) == 5


@pytest.mark.parametrize(("language", "distinct"), [("ko", 8_000), ("en", 4_000)])
def test_twenty_thousand_sentences_are_mostly_distinct(language: str, distinct: int) -> None:
    assert len({s.text for s in sentences(1, language, 20_000)}) > distinct


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_is_spoken_has_no_digits_left_and_no_slot_is_left_open(language: str) -> None:
    for sentence in sentences(5, language, 3_000):
        assert not re.search(r"\d", sentence.spoken), sentence
        assert "{" not in sentence.text
        assert "/" not in sentence.spoken


def test_every_group_of_both_languages_can_be_drawn() -> None:
    for language in ("ko", "en"):
        source = grammar(language)
        for group in source.groups:
            assert source.draw(Random(1), {}, group).group == group


def test_english_groups_are_korean_groups_too_but_for_the_date_of_birth() -> None:
    assert set(grammar("en").groups) - set(grammar("ko").groups) == {"agent_asks_birth_date"}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_script_gives_both_sides_something_to_say(language: str) -> None:
    for script in load_scripts().values():
        turns = converse(script, language, Random(2), {})
        assert {turn.role for turn in turns} == {"AGENT", "CUSTOMER"}, script.name
        assert len(turns) >= 4


def test_a_call_about_a_life_event_contains_a_sentence_about_it() -> None:
    for event, name in LIFE_EVENT_SCRIPTS.items():
        script = load_scripts()[name]
        assert script.life_events == (event,)
        for language in ("ko", "en"):
            assert f"life_{event}" in {t.sentence.group for t in converse(script, language, Random(0), {})}


def test_facts_of_the_caller_are_used_and_marked_as_personal() -> None:
    sentence = grammar("ko").draw(Random(1), {"phone": "010-0123-4567"}, "customer_gives_phone")
    assert "010-0123-4567" in sentence.text
    assert [u.personal for u in sentence.units if u.personal] == ["phone"]
    assert "공일공" in sentence.spoken


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(Misconfigured, match="ko, en"):
        grammar("fr")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_open_sentences_are_hardly_ever_said_twice(language: str) -> None:
    drawn = [s for s in sentences(2, language, 6_000, open_share=0.8) if s.group == "open"]
    assert len(drawn) > 4_500
    assert len({s.text for s in drawn}) > 0.97 * len(drawn)
    assert all(not re.search(r"[\d{}/%]", s.spoken) for s in drawn), "everything is spelt out for the voice"
    assert sum(bool(re.search(r"\d{3}", s.text)) for s in drawn) > 0.08 * len(drawn), "numbers are among them"


def test_without_a_share_of_open_sentences_the_stream_is_the_banks_own() -> None:
    assert {s.group for s in sentences(2, "ko", 2_000)} <= {*grammar("ko").groups, "salad"}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_sentences_for_measuring_are_not_among_those_for_training(language: str) -> None:
    by_hand = {s.text for s in itertools.islice(written_by_hand(language), 60)}
    assert len(by_hand) >= 25
    assert not by_hand & {s.text for s in sentences(1, language, 20_000, open_share=0.5)}


def test_a_number_written_by_hand_keeps_its_spoken_words() -> None:
    numbered = [s for s in itertools.islice(written_by_hand("ko"), 50) if re.search(r"\d", s.text)]
    assert len(numbered) == 10
    assert all(not re.search(r"\d", s.spoken) for s in numbered)
    assert "010-7342-9185로" in {u.written for s in numbered for u in s.units}
