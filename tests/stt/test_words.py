"""Pieces become words, words become turns."""

from __future__ import annotations

from hub.records import Word
from stt.words import Piece, build_turns, join_pieces


def pieces(*texts: str) -> list[Piece]:
    return [Piece(text, 100 * i, 100 * i + 90, 0.5) for i, text in enumerate(texts)]


def word(text: str, start_ms: int, end_ms: int) -> Word:
    return Word(text=text, start_ms=start_ms, end_ms=end_ms, probability=0.9)


def test_a_phone_number_cut_at_its_hyphens_is_one_word() -> None:
    found = join_pieces(pieces(" 번호는", " 010", "-1234", "-5678", "입니다."), "ko")
    assert [w.text for w in found] == ["번호는", "010-1234-5678입니다."]
    assert (found[1].start_ms, found[1].end_ms) == (100, 490)


def test_marks_stay_with_their_word_and_empty_pieces_vanish() -> None:
    assert [w.text for w in join_pieces(pieces(" Hello", ",", " ", " it", "'s", " 4", ".5", "%"), "en")] == [
        "Hello,",
        "it's",
        "4.5%",
    ]


def test_languages_without_spaces_keep_their_pieces() -> None:
    assert [w.text for w in join_pieces(pieces("今日", "は"), "ja")] == ["今日", "は"]


def test_the_probability_of_a_word_is_its_pieces_weighed_by_length() -> None:
    (joined,) = join_pieces([Piece(" 010", 0, 1, 1.0), Piece("-", 1, 2, 0.0)], "ko")
    assert joined.probability == 0.75


def test_turns_are_cut_where_the_other_speaks_and_at_long_pauses() -> None:
    agent = [word("안녕하세요", 0, 900), word("고객님", 950, 1_400), word("네", 3_000, 3_200), word("네", 9_000, 9_200)]
    customer = [word("여보세요", 1_600, 2_400)]
    turns = build_turns([("AGENT", agent), ("CUSTOMER", customer)], "ko")
    assert [(t.turn_id, t.role, t.text) for t in turns] == [
        (0, "AGENT", "안녕하세요 고객님"),
        (1, "CUSTOMER", "여보세요"),
        (2, "AGENT", "네"),
        (3, "AGENT", "네"),
    ]


def test_a_short_pause_is_cut_only_when_the_other_speaks_in_it() -> None:
    agent = [word("one", 0, 400), word("two", 900, 1_300)]
    assert len(build_turns([("AGENT", agent)], "en")) == 1
    assert [t.text for t in build_turns([("AGENT", agent), ("CUSTOMER", [word("yes", 500, 700)])], "en")] == [
        "one",
        "yes",
        "two",
    ]


def test_a_turn_spans_its_words_and_is_as_sure_as_they_are() -> None:
    (turn,) = build_turns([("AGENT", [word("one", 100, 400), word("two", 500, 800)])], "en")
    assert (turn.start_ms, turn.end_ms, turn.confidence) == (100, 800, 0.9)
    assert turn.words == (word("one", 100, 400), word("two", 500, 800))
