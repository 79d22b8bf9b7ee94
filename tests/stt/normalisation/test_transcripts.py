"""Words keep their times through normalisation, and the verbatim text stays beside."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from hub.records import Transcript, Turn, Word
from stt.normalisation import normalise_transcript, normalise_turn, version


def turn(text: str, *, step_ms: int = 100) -> Turn:
    words = tuple(
        Word(text=w, start_ms=n * step_ms, end_ms=(n + 1) * step_ms, probability=0.5 + n / 100)
        for n, w in enumerate(text.split())
    )
    return Turn(turn_id=3, role="AGENT", text=text, start_ms=0, end_ms=step_ms * len(words), words=words)


@pytest.mark.parametrize(
    ("said", "language", "expected"),
    [
        ("네 일억 이천만 원 입니다", "ko", [("네", 0, 100), ("1억", 100, 300), ("2000만", 100, 300), ("원", 300, 400), ("입니다", 400, 500)]),
        ("공일공 일이삼사 오육칠팔입니다", "ko", [("010-1234-5678입니다", 0, 300)]),
        ("연 삼 점 오 퍼센트로", "ko", [("연", 0, 100), ("3.5%로", 100, 500)]),
        ("음 대출 어 문의요", "ko", [("대출", 100, 200), ("문의요", 300, 400)]),
        ("오후 세 시 반에", "ko", [("오후", 0, 100), ("3시", 100, 300), ("반에", 300, 400)]),
        ("I owe four thousand five hundred dollars", "en", [("I", 0, 100), ("owe", 100, 200), ("4500", 200, 600), ("dollars", 600, 700)]),
        ("um that is $4,500", "en", [("that", 100, 200), ("is", 200, 300), ("4500", 300, 400), ("dollars", 300, 400)]),
    ],
)  # fmt: skip
def test_a_word_has_the_union_of_the_times_of_the_words_it_came_from(
    said: str, language: str, expected: list[tuple[str, int, int]]
) -> None:
    normal = normalise_turn(turn(said), language)
    assert [(w.text, w.start_ms, w.end_ms) for w in normal.words] == expected
    assert normal.text == " ".join(text for text, _, _ in expected)
    assert normal.verbatim == said


def test_a_word_made_of_several_has_their_mean_probability_by_length() -> None:
    [word] = normalise_turn(turn("공일공 일이삼사 오육칠팔"), "ko").words
    assert word.probability == pytest.approx((3 * 0.5 + 4 * 0.51 + 4 * 0.52) / 11, abs=1e-4)


def test_a_turn_that_is_normal_already_is_left_as_it_is() -> None:
    said = turn("안녕하세요 고객센터입니다")
    assert normalise_turn(said, "ko") is said
    assert normalise_turn(turn("삼 점 오 퍼센트"), "fr").text == "삼 점 오 퍼센트"


def test_normalising_twice_keeps_the_first_verbatim_text() -> None:
    call = Transcript(call_id="c", language="ko", duration_ms=900, model="m", turns=(turn("음 삼 점 오 퍼센트"),))
    once = normalise_transcript(call)
    assert once.turns[0].verbatim == "음 삼 점 오 퍼센트"
    assert normalise_transcript(once) == once


def test_without_words_or_with_words_of_another_text_there_are_none() -> None:
    assert normalise_turn(replace(turn("삼 점 오 퍼센트"), words=()), "ko").words == ()
    assert normalise_turn(replace(turn("삼 점 오 퍼센트"), text="사 점 오 퍼센트"), "ko").words == ()


def test_the_rules_have_a_version() -> None:
    assert version().startswith("norm-")
