"""Conversations become facts that point to their sentence and time."""

import shutil
from pathlib import Path

import pytest

from hub.records import Transcript, Turn, Word
from nlp import data_files
from nlp.evaluate import read_rows, score_sets
from nlp.insights import examples, kept
from nlp.insights.sentences import sentences

LABELLED = Path(__file__).parent / "labelled" / "conversations.csv"


def turn(text, role="CUSTOMER", start_ms=0, turn_id=0, words=()):
    return Turn(turn_id=turn_id, role=role, text=text, start_ms=start_ms, end_ms=start_ms + 4_000, words=words)


def call(*turns, language="ko"):
    return Transcript(call_id="c1", language=language, duration_ms=60_000, model="test", turns=turns)


def labels(reader, kind, *turns, language="ko"):
    return {fact.label for fact in reader.facts(call(*turns, language=language)) if fact.kind == kind}


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("다음 달에 결혼하는데요", "marriage"),
        ("내년 봄에 식을 올리게 돼서요", "marriage"),
        ("이사를 가게 됐어요", "moving"),
        ("전셋집을 알아보고 있어요", "moving"),
        ("아이가 태어나서 돈이 필요해요", "birth"),
        ("와이프가 임신해서요", "birth"),
        ("유학을 가려고 하는데", "study_abroad"),
        ("딸이 교환학생으로 가요", "study_abroad"),
        ("회사를 옮기게 됐어요", "job_change"),
        ("다음 달에 정년퇴직합니다", "retirement"),
    ],
)
def test_a_caller_speaks_of_their_life(call_reader, text, event):
    assert labels(call_reader, "life_event", turn(text)) == {event}


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("I'm getting married next month", "marriage"),
        ("we are moving to a new apartment in May", "moving"),
        ("my wife is pregnant", "birth"),
        ("my daughter is going to study abroad", "study_abroad"),
        ("I just started a new job", "job_change"),
        ("I am retiring this year", "retirement"),
    ],
)
def test_a_caller_speaks_of_their_life_in_english(call_reader, text, event):
    assert labels(call_reader, "life_event", turn(text), language="en") == {event}


@pytest.mark.parametrize(
    "text",
    [
        "친구 결혼 축의금을 보내려고요",
        "조카 유학 간다고 들었어요",
        "퇴직연금 금리가 얼마예요?",
        "학자금대출 금리 문의드립니다",
        "이사님께서 확인하셨어요",
        "결혼기념일이라 여행 가려고 환전해요",
        "잔액이 얼마예요?",
        "자동차보험 가입하고 싶어요",
    ],
)
def test_other_peoples_lives_and_products_are_no_life_event(call_reader, text):
    assert labels(call_reader, "life_event", turn(text)) == set()


@pytest.mark.parametrize(
    ("heard", "event"),
    [
        ("다음 딸에 겨론합니다", "marriage"),
        ("이번에 결혼하개 대어서 전화했어요", "marriage"),
        ("유학 좌금으로 필요합니다", "study_abroad"),
        ("출산 애정일이 삼월입니다", "birth"),
        ("산후조리언 비용이 필요해요", "birth"),
        ("신혼여앵 가려고요", "marriage"),
    ],
)
def test_recognition_errors_do_not_hide_a_life_event(call_reader, heard, event):
    assert labels(call_reader, "life_event", turn(heard)) == {event}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("신용대출 금리가 어떻게 되나요?", "loan_enquiry"),
        ("대출 만기 연장하고 싶어요", "loan_extension"),
        ("정기예금 가입하고 싶은데요", "deposit_enquiry"),
        ("적금 만기가 다 되어 가는데 어떻게 하나요", "maturity_enquiry"),
        ("적금 해지하고 싶습니다", "deposit_cancel"),
        ("카드를 잃어버렸어요", "card_lost"),
        ("신용카드 한도를 올려 주세요", "card_service"),
        ("모르는 결제가 있어요", "unknown_payment"),
        ("하나은행으로 오십만 원 이체해 주세요", "transfer"),
        ("앱 로그인이 안 돼요", "channel_problem"),
        ("달러 환전하고 싶어요", "overseas_transfer"),
        ("자동차보험 견적 받고 싶어요", "insurance_enquiry"),
        ("사고가 나서 보험금 청구하려고요", "claim_filing"),
        ("해지 환급금이 얼마예요?", "payout_enquiry"),
        ("주소가 바뀌어서 변경하려고요", "contact_change"),
        ("강남 지점은 몇 시까지 하나요?", "branch_enquiry"),
        ("보이스피싱을 당한 것 같아요", "fraud_report"),
        ("너무 불친절해서 화가 나네요", "complaint"),
    ],
)
def test_a_caller_wants_something(call_reader, text, intent):
    assert labels(call_reader, "intent", turn(text)) == {intent}


def test_what_was_named_before_need_not_be_repeated(call_reader):
    assert labels(call_reader, "intent", turn("적금 하나 들려고 하는데요. 금리가 어떻게 돼요?")) >= {"deposit_enquiry"}


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("수수료 때문에 너무 화가 나요", "fee"),
        ("벌써 세 번째 전화하는 거예요", "delay"),
        ("상담원이 너무 불친절했어요", "staff"),
        ("이중 결제 민원 접수할게요", "double_payment"),
    ],
)
def test_a_complaint_has_an_object(call_reader, text, about):
    assert labels(call_reader, "complaint", turn(text)) == {about}


def test_what_the_agent_says_is_no_wish_of_the_caller(call_reader):
    said = call(turn("오래 기다리셨습니다 대출 금리는 연 4%입니다", role="AGENT"))
    assert {fact.kind for fact in call_reader.facts(said)} == {"sentiment"}


def test_small_talk_says_nothing(call_reader):
    said = [
        turn(text) for text in ("네 알겠습니다.", "안녕하세요.", "감사합니다 수고하세요.", "잠시만요.", "네 맞습니다.")
    ]
    assert {(fact.kind, fact.role) for fact in call_reader.facts(call(*said))} == {("sentiment", "CUSTOMER")}


def test_sentences_in_facts_are_redacted(call_reader):
    facts = call_reader.facts(call(turn("저는 김태웅이고 다음 달에 결혼합니다.")))
    assert facts[0].sentence == "저는 [PERSON]이고 다음 달에 결혼합니다."


def test_a_fact_points_to_the_milliseconds_of_its_sentence(call_reader):
    words = tuple(
        Word(text=text, start_ms=1_000 + 500 * i, end_ms=1_400 + 500 * i, probability=0.9)
        for i, text in enumerate(["네.", "다음", "달에", "결혼합니다.", "감사합니다."])
    )
    facts = call_reader.facts(call(turn("네. 다음 달에 결혼합니다. 감사합니다.", start_ms=1_000, words=words)))
    assert [(f.start_ms, f.end_ms) for f in facts if f.kind == "life_event"] == [(1_500, 2_900)]


def test_masked_words_take_the_time_between_their_neighbours():
    words = tuple(
        Word(text=t, start_ms=1_000 * i, end_ms=1_000 * i + 800, probability=1.0)
        for i, t in enumerate(["번호는", "01012345678", "입니다.", "결혼해요."])
    )
    found = list(
        sentences(
            Turn(
                turn_id=0,
                role="CUSTOMER",
                text="번호는 [PHONE]입니다. 결혼해요.",
                start_ms=0,
                end_ms=3_800,
                words=words,
            )
        )
    )
    assert [(s.text, s.start_ms, s.end_ms) for s in found] == [
        ("번호는 [PHONE]입니다.", 0, 2_800),
        ("결혼해요.", 3_000, 3_800),
    ]


def test_a_turn_without_full_stops_is_cut_at_korean_endings():
    text = "안녕하세요 다음 달에 결혼을 하게 됐어요 그래서 대출 금리를 알아보고 싶습니다"
    assert [s.text for s in sentences(turn(text))] == [
        "안녕하세요 다음 달에 결혼을 하게 됐어요",
        "그래서 대출 금리를 알아보고 싶습니다",
    ]


def test_labelled_sentences_are_read_rightly(call_reader):
    rows = read_rows(LABELLED, ("language", "role", "text", "intents", "life_events"))
    for column, kind, bar in (("intents", "intent", 0.95), ("life_events", "life_event", 0.95)):
        truth = [set(filter(None, row[column].split("|"))) for row in rows]
        said = [
            labels(call_reader, kind, turn(row["text"], role=row["role"]), language=row["language"]) for row in rows
        ]
        assert score_sets(truth, said).macro_f1 >= bar


@pytest.mark.parametrize("language", examples.LANGUAGES)
def test_the_kept_models_are_those_of_the_examples_as_they_are(language: str) -> None:
    kept_models = kept.read(examples.WEIGHTS / f"{language}.npz", examples.mark_of(language))
    assert kept_models is not None, "run `hub nlp train` and commit nlp/insights/weights"


def test_a_new_intent_is_three_sentences_in_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    shutil.copytree(data_files.DATA, data)
    file = data / "insights" / "intent_examples.yaml"
    own = ["I want to bring my old 401k over to you", "roll my pension over to here", "how do I move my 401k pension"]
    file.write_text(file.read_text(encoding="utf-8").replace("\nen:\n", f"\nen:\n  pension_transfer: {own}\n"), "utf-8")
    monkeypatch.setattr(data_files, "DATA", data)
    try:
        examples._model.cache_clear()
        examples._likeness.cache_clear()
        scores = examples.likeness("can I bring the pension from my old job over to you, it is a 401k")["intent"]
        assert max(scores, key=scores.__getitem__) == "pension_transfer"
    finally:
        examples._model.cache_clear()
        examples._likeness.cache_clear()
