"""Personal data is found, and what looks like it is left alone."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.labelled.marked_text import TARGET as OPEN_TEXTS
from benchmarks.labelled.marked_text import cases
from nlp.evaluate_personal_data import evaluate_personal_data, read_texts
from nlp.personal_data import mask
from nlp.personal_data.spoken import normalise


def kinds(redactor, text, language="ko"):
    return [(finding.kind, text[finding.start : finding.end]) for finding in redactor.find(text, language)]


FOUND = {
    "RRN": [
        ("주민번호는 850123-1234567이에요.", "850123-1234567"),
        ("주민등록번호 8501231234567 확인해 주세요", "8501231234567"),
        ("주민등록번호는 팔오공일이삼 다시 일이삼사오육칠입니다.", "팔오공일이삼 다시 일이삼사오육칠"),
        ("210305-3123456으로 등록됐어요", "210305-3123456"),
    ],
    "FRN": [("외국인등록번호 850101-5234567", "850101-5234567")],
    "PASSPORT": [("여권번호는 M12345678이에요.", "M12345678"), ("여권은 M123A4567입니다", "M123A4567")],
    "DRIVER_LICENSE": [("면허번호는 11-90-123456-12입니다", "11-90-123456-12")],
    "PHONE": [
        ("제 번호는 공일공 일이삼사 오육칠팔이에요.", "공일공 일이삼사 오육칠팔"),
        ("연락처는 02-345-6789번입니다.", "02-345-6789"),
        ("+82 10-1234-5678로 연락 주세요", "+82 10-1234-5678"),
        ("０１０－１２３４－５６７８로 문자 주세요", "０１０－１２３４－５６７８"),
        ("01012345678이요", "01012345678"),
    ],
    "CARD": [
        ("카드번호는 4111-1111-1111-1111입니다.", "4111-1111-1111-1111"),
        ("신용카드 번호는 5234 1234 1234 1234번이에요.", "5234 1234 1234 1234"),
    ],
    "ACCOUNT": [
        ("신한은행 110-234-567890으로 보내 주세요.", "110-234-567890"),
        ("출금 계좌는 국민은행 123456-01-123456입니다.", "123456-01-123456"),
        ("카카오뱅크 3333-01-1234567 계좌요", "3333-01-1234567"),
    ],
    "EMAIL": [("이메일은 abc.kim@naver.com 이에요", "abc.kim@naver.com")],
    "ADDRESS": [
        ("주소는 경기도 성남시 분당구 판교역로 166이고요", "경기도 성남시 분당구 판교역로 166"),
        ("래미안아파트 101동 1502호요", "래미안아파트 101동 1502호"),
    ],
    "BIRTH_DATE": [
        ("생년월일은 1985년 3월 2일입니다.", "1985년 3월 2일"),
        ("85년 3월 2일생이에요", "85년 3월 2일"),
        ("천구백팔십오년 삼월 이일에 태어났어요", "천구백팔십오년 삼월 이일"),
    ],
    "PERSON": [
        ("김철수 고객님 맞으십니까?", "김철수"),
        ("제 이름은 김태웅이고 서울에 살아요", "김태웅"),
        ("우리은행 김서연님 계좌로 300만원 보냈어요.", "김서연"),
        ("이번에 박서준한테 보냈어요.", "박서준"),
        ("상담원 이민서입니다.", "이민서"),
        ("남궁민수 고객님 확인되었습니다.", "남궁민수"),
    ],
    "SECRET": [("비밀번호는 1234예요", "1234")],
}


@pytest.mark.parametrize(("kind", "text", "value"), [(k, *case) for k, cases in FOUND.items() for case in cases])
def test_personal_data_is_found_to_the_letter(redactor, kind, text, value):
    assert (kind, value) in kinds(redactor, text)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("PERSON", "My name is Helen Carter and I need help.", "Helen Carter"),
        ("PERSON", "this is john smith speaking", "john smith"),
        ("PERSON", "Thank you, Mary Brown.", "Mary Brown"),
        ("PERSON", "I sent it to Minsu Kim yesterday", "Minsu Kim"),
        ("PHONE", "Call me at 415-555-0123.", "415-555-0123"),
        (
            "PHONE",
            "my number is four one five, five five five, oh one two three",
            "four one five, five five five, oh one two three",
        ),
        ("CARD", "My card number is 4111 1111 1111 1111.", "4111 1111 1111 1111"),
        ("ACCOUNT", "Please send it to account 123-456789.", "123-456789"),
        ("EMAIL", "write to john.doe@example.com please", "john.doe@example.com"),
        ("BIRTH_DATE", "I was born on June fifth, nineteen eighty five.", "June fifth, nineteen eighty five"),
        ("ADDRESS", "I live at 1200 Pine Street, Seattle, WA 98101.", "1200 Pine Street, Seattle, WA 98101"),
    ],
)
def test_personal_data_is_found_in_english(redactor, kind, text, value):
    assert (kind, value) in kinds(redactor, text, "en")


@pytest.mark.parametrize(
    "text",
    [
        "주문번호 20231105-123456 확인해 주세요",
        "신용대출 금리는 연 4.5%입니다.",
        "5,000만원 대출 가능할까요?",
        "만기는 2027년 3월 5일입니다.",
        "상품코드는 M12345678입니다",
        "바코드 8801234567893 상품이에요",
        "상환 기간은 36개월입니다.",
        "대표번호 1588-1234로 전화 주세요",
        "운송장 1234-5678-9012 조회",
        "이자가 얼마예요?",
        "정기적금 만기가 언제인가요?",
        "고객님 성함이 어떻게 되세요?",
        "강남 지점은 오후 3시까지 영업합니다.",
        "이사 때문에 전세 보증금이 필요해요.",
        "일이 많아서 이사를 못 갔어요",
        "카드로 10만원 결제했어요",
        "앞으로 3개월만 연장해 주세요",
        "배우자가 가입했어요",
        "주소가 바뀌었어요",
    ],
)
def test_ordinary_korean_is_left_alone(redactor, text):
    assert kinds(redactor, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "I am getting married next month.",
        "The interest rate is 4.5 percent and the limit is 5000 dollars.",
        "Order number 1234-5678-9012 please.",
        "I have one or two questions for the loan team.",
        "I am calling about my mortgage.",
        "It matures on March 5, 2027.",
    ],
)
def test_ordinary_english_is_left_alone(redactor, text):
    assert kinds(redactor, text, "en") == []


NAMES = [
    ("ko", "어제 이 대리님이 안내해 주셨거든요", ["이"]),
    ("ko", "김 과장님 연결 부탁드립니다", ["김"]),
    ("ko", "예금주명은 유지태이고 은행은 국민이에요", ["유지태"]),
    ("ko", "보내시는 분 변요한, 받으시는 분 표예진", ["변요한", "표예진"]),
    ("ko", "송하윤용돈", ["송하윤"]),
    ("ko", "오도윤 4월 월세", ["오도윤"]),
    ("ko", "제갈길입니다 문의드릴 게 있어서요", ["제갈길"]),
    ("ko", "선우아름이 보냈어요", ["선우아름"]),
    ("ko", "받는 분 성함이 송지은 맞나요", ["송지은"]),
    ("ko", "스미스 씨가 전화하셨어요", ["스미스"]),
    ("ko", "예금주는 마이클 존슨입니다", ["마이클 존슨"]),
    ("ko", "저는 압둘라라고 합니다", ["압둘라"]),
    ("ko", "영문 이름은 HONG GILDONG이에요", ["HONG GILDONG"]),
    ("en", "this is dominic farrow calling about my mortgage", ["dominic farrow"]),
    ("en", "my husband desmond will call you back", ["desmond"]),
    ("en", "am i speaking with mr henderson", ["henderson"]),
    ("en", "May Chen is listed as owner", ["May Chen"]),
    ("en", "this is mark from accounting", ["mark"]),
    ("en", "Amelia Hart's account was hacked", ["Amelia Hart"]),
    ("en", "PAYROLL JOHN Q SMITH", ["JOHN Q SMITH"]),
    ("en", "this is kim minsoo speaking", ["kim minsoo"]),
]


@pytest.mark.parametrize(
    "text", ["이자율이 3.5% 이고 2024-01-01부터요", "이자 2024-01-01", "하고 2024-01-01", "주고 2024년 3월 1일"]
)
def test_a_word_beside_a_date_is_no_name(redactor, text):
    assert "PERSON" not in {kind for kind, _ in kinds(redactor, text, "ko")}


@pytest.mark.parametrize(("language", "text", "names"), NAMES, ids=[text for _, text, _ in NAMES])
def test_names_are_found_after_cues_beside_ranks_and_without_capitals(redactor, language, text, names):
    assert kinds(redactor, text, language) == [("PERSON", name) for name in names]


@pytest.mark.parametrize(
    ("language", "kind", "text", "value"),
    [
        ("ko", "ACCOUNT", "계좌는 구팔칠 어 육오사 음 삼이일공공이예요", "구팔칠 어 육오사 음 삼이일공공이"),
        ("ko", "CARD", "카드번호가요 구사공구 네 일이일이 네 삼사삼사 네 오육칠팔이에요", "구사공구 네 일이일이 네 삼사삼사 네 오육칠팔"),
        ("ko", "PHONE", "연락처는 공 일 공 이 오 사 팔 구 구 삼 일입니다", "공 일 공 이 오 사 팔 구 구 삼 일"),
        ("ko", "RRN", "주민번호 앞자리 공삼공사일일 뒷자리는 사이이구팔칠일이에요", "공삼공사일일 뒷자리는 사이이구팔칠일"),
        ("ko", "BIRTH_DATE", "생년월일 1985년 삼월 2일입니다", "1985년 삼월 2일"),
        ("en", "PHONE", "reach me at two oh six 555 oh one double nine", "two oh six 555 oh one double nine"),
        ("en", "ACCOUNT", "account number is nine eight seven um six five four triple two one", "nine eight seven um six five four triple two one"),
        ("en", "BIRTH_DATE", "i was born on the second of march nineteen eighty five", "the second of march nineteen eighty five"),
        ("en", "SECRET", "security code eight two nine", "eight two nine"),
    ],
)  # fmt: skip
def test_numbers_are_found_through_hesitations(redactor, language, kind, text, value):
    assert kinds(redactor, text, language) == [(kind, value)]


def test_of_the_open_texts_nearly_all_is_found_and_nearly_nothing_else(redactor):
    texts = read_texts(OPEN_TEXTS)
    scores = evaluate_personal_data(redactor, texts)
    assert sum(leak.leaked for leak in scores.leaks) <= 0.04 * sum(leak.values for leak in scores.leaks)
    assert scores.false_alarms <= 0.01 * scores.clean_texts


def test_the_open_texts_are_those_that_were_written():
    assert [json.loads(line) for line in OPEN_TEXTS.read_text(encoding="utf-8").splitlines()] == list(cases())


def test_masks_keep_the_particles(redactor):
    assert redactor.redact("제 이름은 김태웅이고 010-1234-5678이에요", "ko") == "제 이름은 [PERSON]이고 [PHONE]이에요"


def test_equal_sentences_are_read_once_and_order_is_kept(redactor):
    texts = ["김철수 고객님", "네", "김철수 고객님"]
    assert redactor.redact_many(texts, "ko") == ["[PERSON] 고객님", "네", "[PERSON] 고객님"]


def test_long_texts_are_read_to_their_end(redactor):
    text = "네 알겠습니다. " * 700 + "010-1234-5678"
    assert redactor.redact(text, "ko").endswith("[PHONE]")


def test_a_text_of_an_unknown_language_is_read_as_korean(redactor):
    assert redactor.redact("010-1234-5678", "fr") == "[PHONE]"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=80)
    | st.text(alphabet="공일이삼사오육칠팔구 에-,다시하나둘0123456789onetwzrdublhf입니다김철수님", max_size=60)
)
def test_findings_lie_in_the_text_in_order_and_apart(redactor, text):
    findings = redactor.find(text, "ko")
    ends = [0, *(finding.end for finding in findings)]
    assert all(end <= finding.start < finding.end <= len(text) for end, finding in zip(ends, findings, strict=False))
    assert isinstance(mask(text, findings), str)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80) | st.text(alphabet="공일이삼사오육칠팔구 에-,다시0123", max_size=40))
def test_every_normalised_character_knows_its_origin(text):
    mapped = normalise(text)
    assert len(mapped.text) == len(mapped.starts) == len(mapped.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(mapped.starts, mapped.ends, strict=True))


def test_spoken_digits_become_digits_and_words_stay():
    assert normalise("공일공에 일이삼사에 오육칠팔이에요").text.startswith(
        "010- 1234- 5678이에요"
    ) or "0101234" in normalise("공일공에 일이삼사에 오육칠팔이에요").text.replace("-", "").replace(" ", "")
    assert normalise("이사를 오이 하나 사서").text == "이사를 오이 하나 사서"
    assert normalise("double five five oh one").text == "55501"
