"""Personal data in the many ways in which people say, dictate and jot it down."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.records import Transcript, Turn
from nlp.personal_data.spoken import normalise


def found(redactor, text, language="ko"):
    return [(finding.kind, text[finding.start : finding.end]) for finding in redactor.find(text, language)]


FORMS = [
    ("ko", "PHONE", "제 번호는 0 1 0 1 2 3 4 5 6 7 8이에요", "0 1 0 1 2 3 4 5 6 7 8"),
    ("ko", "PHONE", "번호가 010 12 34 56 78이고요", "010 12 34 56 78"),
    ("ko", "PHONE", "핸드폰은 공일공에 삼천오백에 육칠팔구예요", "공일공에 삼천오백에 육칠팔구"),
    ("ko", "PHONE", "연락은 010 음 4482 에 7751로 주세요", "010 음 4482 에 7751"),
    ("en", "PHONE", "call me at four fifteen five fifty five twelve thirty four", "four fifteen five fifty five twelve thirty four"),
    ("en", "PHONE", "ring me on 07911 123456", "07911 123456"),
    ("en", "PHONE", "whatsapp +34 612 345 678", "+34 612 345 678"),
    ("en", "CARD", "my card is forty one eleven eleven eleven eleven eleven eleven eleven", "forty one eleven eleven eleven eleven eleven eleven eleven"),
    ("ko", "CARD", "카드 4111.1111.1111.1111 점으로 적혀 있어요", "4111.1111.1111.1111"),
    ("ko", "RRN", "주민번호 900101/1234567 확인", "900101/1234567"),
    ("ko", "DRIVER_LICENSE", "운전면허는 십일에 구십에 일이삼사오육에 십이입니다", "십일에 구십에 일이삼사오육에 십이"),
    ("ko", "PASSPORT", "여권이 엠 공공이 디 사사오육이에요", "엠 공공이 디 사사오육"),
    ("en", "PASSPORT", "passport number m one two three four five six seven eight", "m one two three four five six seven eight"),
    ("en", "ACCOUNT", "my iban is DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00"),
    ("en", "ACCOUNT", "iban d e eight nine three seven zero four zero zero four four zero five three two zero one three zero zero zero", "d e eight nine three seven zero four zero zero four four zero five three two zero one three zero zero zero"),
    ("ko", "ADDRESS", "저희 집은 이백삼동 칠백사호입니다", "이백삼동 칠백사호"),
    ("ko", "ADDRESS", "주소는 서울시 강남구 테헤란로 백이십삼이에요", "서울시 강남구 테헤란로 백이십삼"),
    ("ko", "ADDRESS", "주소는 서울 강남구 대치동 은마아파트 31동 105호예요", "서울 강남구 대치동 은마아파트 31동 105호"),
    ("en", "ADDRESS", "i live at 221B Baker Street", "221B Baker Street"),
    ("en", "ADDRESS", "my home is 10 Downing Street, London SW1A 2AA", "10 Downing Street, London SW1A 2AA"),
    ("en", "ADDRESS", "ship it to p o box four four one dayton ohio", "p o box four four one dayton ohio"),
    ("ko", "EMAIL", "이메일은 chul soo 골뱅이 네이버 닷컴이에요", "chul soo 골뱅이 네이버 닷컴"),
    ("ko", "EMAIL", "메일은 케이아이엠 칠칠 골뱅이 지메일 닷컴입니다", "케이아이엠 칠칠 골뱅이 지메일 닷컴"),
    ("en", "EMAIL", "it's john dot smith seventy seven at gmail dot com", "john dot smith seventy seven at gmail dot com"),
    ("en", "EMAIL", "contact kim [at] seabank [dot] org", "kim [at] seabank [dot] org"),
    ("ko", "BIRTH_DATE", "생일이 음력 1958년 섣달 초사흘이에요", "1958년 섣달 초사흘"),
    ("en", "BIRTH_DATE", "dob is oh four seventeen ninety two", "oh four seventeen ninety two"),
    ("en", "BIRTH_DATE", "d o b eighth of the ninth eighty nine", "eighth of the ninth eighty nine"),
    ("ko", "SECRET", "카드 비번 앞에 두 자리 삼오요", "삼오"),
    ("ko", "SECRET", "비밀번호는 에이비씨디일이삼사예요", "에이비씨디일이삼사"),
    ("ko", "SECRET", "비번은 sunny1234!이에요", "sunny1234!"),
    ("ko", "SECRET", "OTP 482910 입력했어요", "482910"),
    ("en", "SECRET", "my password is Sunny!day42", "Sunny!day42"),
    ("en", "SECRET", "the password is s u n n y d a y four two", "s u n n y d a y four two"),
    ("en", "SECRET", "api key sk-live-83hfk2l9aa01", "sk-live-83hfk2l9aa01"),
    ("ko", "PERSON", "예금주는 김 철 수입니다", "김 철 수"),
    ("ko", "PERSON", "황보 혜정 고객님 반갑습니다", "황보 혜정"),
    ("ko", "PERSON", "이름은 홍 길자 동자 씁니다", "홍 길자 동자"),
    ("en", "PERSON", "this is will smith and i lost my card", "will smith"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "kind", "text", "value"), FORMS, ids=[form[2] for form in FORMS])
def test_what_people_say_and_jot_down_is_found(redactor, language, kind, text, value):
    assert (kind, value) in found(redactor, text, language)


def test_a_date_right_after_a_name_is_a_date_of_birth(redactor):
    assert found(redactor, "박영희(920715) 계좌 개설") == [("PERSON", "박영희"), ("BIRTH_DATE", "920715")]
    assert found(redactor, "국민은행 20240305 이체") == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ko", "비밀번호 오류 5회라고 나와요"),
        ("ko", "비밀번호를 6자리로 바꾸라고 해서요"),
        ("ko", "인증번호가 안 와요"),
        ("ko", "전세 이억 삼천에 월 오십이에요"),
        ("ko", "보증금 삼천에 월세 백이십이에요"),
        ("ko", "천이백에 하나 팔천에 둘이요"),
        ("ko", "이동 수단이 뭐예요"),
        ("ko", "지하 이층 주차장이요"),
        ("ko", "1, 2, 3, 4, 5번 다 해당돼요"),
        ("ko", "법인등록번호 110111-2847193"),
        ("en", "the password must be at least 8 characters"),
        ("en", "my password was reset yesterday"),
        ("en", "use promo code 4482"),
        ("en", "call 1-800-555-0199 for support"),
        ("en", "one hundred fifty dollars and twenty five cents"),
        ("en", "my flight is at ten fifteen and lands at twelve thirty"),
        ("en", "the branch on 5th avenue closed"),
    ],
)
def test_what_only_looks_so_is_left_alone(redactor, language, text):
    assert found(redactor, text, language) == []


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("공일공에 삼천오백에 육칠팔구", "010-3500-6789"),
        ("백일동 천오백이호", "101동 1502호"),
        ("화중로 백공이호", "화중로 102호"),
        ("two oh six, five five five, nineteen eighty two", "206-555-1982"),
        ("0 1 0, 2 2 3 4, 5 6 7 1", "01022345671"),
        ("nineteen eighty five", "nineteen eighty five"),
        ("보증금 삼천에 오십", "보증금 삼천에 오십"),
    ],
)
def test_numbers_in_words_are_read_as_digits_where_they_are_numbers_of_somebody(said, read):
    assert normalise(said).text == read


HALVES = st.characters(min_codepoint=0xD7F0, max_codepoint=0xE010, categories=("Cs", "Lo"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(HALVES | st.sampled_from("카드 해지할게요 010-1234-5678"), max_size=30), max_size=4))
def test_half_surrogates_get_into_neither_masked_text_nor_facts(redactor, call_reader, pieces):
    text = "카드를 잃어버렸어요 ".join(["", *pieces, ""])
    redactor.redact(text, "ko").encode()
    turn = Turn(turn_id=0, role="CUSTOMER", start_ms=0, end_ms=1_000, text=text)
    facts = call_reader.facts(Transcript(call_id="c", language="ko", model="m", duration_ms=1_000, turns=(turn,)))
    assert facts
    assert [fact.sentence.encode() for fact in facts]
    msgspec.json.encode(facts)


def test_a_warm_redactor_has_everything_loaded(redactor):
    redactor.warm()
    assert redactor.redact("김철수 고객님", "ko") == "[PERSON] 고객님"
