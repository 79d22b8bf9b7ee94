"""Personal data in transcripts: masked in every form of the text, placed in milliseconds, also when said in pieces."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from hub.records import Transcript, Turn, Word
from nlp.personal_data import PresidioRedactor
from stt.normalisation import normalise_transcript
from stt.redaction import LONG_NUMBER, redact

REDACTOR = PresidioRedactor()


def turn(number: int, role: str, text: str, start_ms: int, word_ms: int = 500) -> Turn:
    words = tuple(
        Word(text=w, start_ms=start_ms + i * word_ms, end_ms=start_ms + (i + 1) * word_ms, probability=0.9)
        for i, w in enumerate(text.split())
    )
    return Turn(
        turn_id=number, role=role, text=text, start_ms=start_ms, end_ms=start_ms + word_ms * len(words), words=words
    )


def call(*turns: Turn, language: str = "ko") -> Transcript:
    return normalise_transcript(Transcript(call_id="c", language=language, duration_ms=60_000, model="m", turns=turns))


def texts(transcript: Transcript) -> list[str]:
    return [t.text for t in redact(transcript, REDACTOR).transcript.turns]


def test_a_spoken_number_is_masked_in_text_words_and_verbatim_and_has_its_time() -> None:
    edited = redact(call(turn(0, "CUSTOMER", "제 번호는 공일공 일이삼사 오육칠팔입니다", 1_000)), REDACTOR)
    [masked] = edited.transcript.turns
    assert masked.text == "제 번호는 [PHONE]입니다"
    assert masked.verbatim == "제 번호는 [PHONE]입니다"
    assert [(w.text, w.start_ms, w.end_ms) for w in masked.words] == [
        ("제", 1_000, 1_500),
        ("번호는", 1_500, 2_000),
        ("[PHONE]입니다", 2_000, 3_500),
    ]
    [silence] = edited.silences
    assert (silence.role, silence.kind) == ("CUSTOMER", "PHONE")
    assert silence.start_ms == 2_000
    assert silence.end_ms >= 3_500


def test_the_pause_before_a_number_is_silenced_along() -> None:
    parts = (turn(0, "CUSTOMER", "네", 1_000), turn(1, "CUSTOMER", "공일공 일이삼사 오육칠팔입니다", 5_000))
    [silence] = redact(call(*parts), REDACTOR).silences
    assert (silence.start_ms, silence.end_ms) == (4_300, 7_200)


def test_a_number_said_in_pieces_over_turns_is_found_in_each_of_them() -> None:
    edited = redact(
        call(
            turn(0, "CUSTOMER", "전화번호는 공일공", 0),
            turn(1, "AGENT", "네", 1_200),
            turn(2, "CUSTOMER", "일이삼사", 2_000),
            turn(3, "AGENT", "네", 2_600),
            turn(4, "CUSTOMER", "오육칠팔이에요", 3_200),
        ),
        REDACTOR,
    )
    joined = " ".join(t.text for t in edited.transcript.turns)
    assert not any(digit in joined for digit in ("공일공", "1234", "일이삼사", "5678", "오육칠팔"))
    assert {s.turn_id for s in edited.silences} == {0, 2, 4}
    assert [t.text for t in edited.transcript.turns if t.role == "AGENT"] == ["네", "네"]


def test_pieces_that_are_far_apart_are_not_one_number() -> None:
    parts = (turn(0, "CUSTOMER", "이자는 12", 0), turn(1, "CUSTOMER", "34 개월이요", 40_000))
    assert not redact(call(*parts), REDACTOR).silences


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("그거 8765 4321 09 이요", "ko"),
        ("확인하면 8765432109예요", "ko"),
        ("it says 8765 4321 09 on it", "en"),
        ("it is eight seven six five four three two one", "en"),
    ],
)
def test_any_long_run_of_digits_is_masked_whatever_it_is(said: str, language: str) -> None:
    [text] = texts(call(turn(0, "CUSTOMER", said, 0), language=language))
    assert not any(char.isdigit() for char in text)


@pytest.mark.parametrize(
    "said",
    ["삼천오백만 원 대출이요", "연 삼 점 오 퍼센트입니다", "이천이십육년 삼월 오일에 만기입니다", "1억 2000만 원까지 됩니다", "오후 세 시 반에 전화 주세요"],
)  # fmt: skip
def test_amounts_rates_and_dates_stay(said: str) -> None:
    assert not redact(call(turn(0, "AGENT", said, 0)), REDACTOR).silences


@pytest.mark.parametrize(
    ("asked", "said", "kept"),
    [
        ("생년월일을 말씀해 주세요", "197년 10월 5일입니다", "입니다"),
        ("성함이 어떻게 되세요", "김진은입니다", "입니다"),
        ("카드 뒷자리를 말씀해 주세요", "네 8923이요", "네"),
        ("인증번호를 말씀해 주세요", "481512입니다", "입니다"),
    ],
)
def test_what_was_asked_for_is_masked_where_it_is_answered(asked: str, said: str, kept: str) -> None:
    text = texts(call(turn(0, "AGENT", asked, 0), turn(1, "CUSTOMER", said, 3_000)))[1]
    assert kept in text
    assert "[" in text
    assert not any(char.isdigit() for char in text)
    assert "김진은" not in text


@pytest.mark.parametrize(
    "said", ["네 맞습니다", "감사합니다", "제가 3월 20일에 유학을 가요", "3500만 원이요", "3개월이요", "본인입니다"]
)
def test_other_answers_stay(said: str) -> None:
    asked = turn(0, "AGENT", "성함과 생년월일, 전화번호를 말씀해 주세요", 0)
    spoken = call(asked, turn(1, "CUSTOMER", said, 5_000))
    assert texts(spoken)[1] == spoken.turns[1].text


def test_an_agents_repetition_is_silenced_on_the_agents_side() -> None:
    edited = redact(call(turn(0, "AGENT", "공일공 일이삼사 오육칠팔 맞으십니까", 0)), REDACTOR)
    assert {s.role for s in edited.silences} == {"AGENT"}


def test_without_word_times_the_whole_turn_is_silenced() -> None:
    bare = replace(turn(0, "CUSTOMER", "제 번호는 010-1234-5678입니다", 1_000), words=())
    edited = redact(call(bare), REDACTOR)
    assert edited.transcript.turns[0].words == ()
    [silence] = edited.silences
    assert silence.start_ms <= bare.start_ms
    assert silence.end_ms >= bare.end_ms


def test_words_that_do_not_make_up_the_text_are_not_trusted() -> None:
    odd = replace(turn(0, "CUSTOMER", "제 번호는 010-1234-5678입니다", 1_000), text="번호 010-1234-5678")
    edited = redact(Transcript(call_id="c", language="ko", duration_ms=9_000, model="m", turns=(odd,)), REDACTOR)
    [silence] = edited.silences
    assert silence.start_ms <= odd.start_ms
    assert edited.transcript.turns[0].words == ()


def test_redacting_twice_is_redacting_once() -> None:
    once = redact(call(turn(0, "CUSTOMER", "제 번호는 공일공 일이삼사 오육칠팔입니다", 0)), REDACTOR)
    again = redact(once.transcript, REDACTOR)
    assert again.transcript == once.transcript
    assert again.silences == ()


def test_a_call_without_a_turn_or_in_another_language_is_no_trouble() -> None:
    assert redact(call(), REDACTOR).silences == ()
    assert LONG_NUMBER in texts(call(turn(0, "CUSTOMER", "numéro 12345678", 0), language="fr"))[0]


def test_kinds_are_named_by_the_detector_that_found_the_most() -> None:
    [text] = texts(call(turn(0, "CUSTOMER", "주민등록번호는 구공공일공일 일이삼사오육칠입니다", 0)))
    assert text == "주민등록번호는 [RRN]입니다"
