"""What callers say that they do not want is not what they call about."""

import pytest

from hub.records import Transcript, Turn
from nlp.insights.denials import denied, without


def labels(reader, kind, text, role="CUSTOMER"):
    language = "ko" if any("가" <= char <= "힣" for char in text) else "en"
    turn = Turn(turn_id=0, role=role, text=text, start_ms=0, end_ms=4_000)
    call = Transcript(call_id="c1", language=language, duration_ms=4_000, model="test", turns=(turn,))
    return {fact.label for fact in reader.facts(call) if fact.kind == kind}


@pytest.mark.parametrize(
    ("sentence", "meant"),
    [
        ("적금 해지하려는 건 아니고요 하나 더 들려고요", "하나 더 들려고요"),
        ("카드를 잃어버린 건 아닌데 재발급해 주세요", "재발급해 주세요"),
        ("민원 넣으려는 건 아니에요 그냥 확인만요", "그냥 확인만요"),
        ("대출 말고 예금 금리요", "말고 예금 금리요"),
        ("분실이 아니라 훼손이에요", "아니라 훼손이에요"),
        ("I'm not closing my account, I want the balance", ", I want the balance"),
        ("I haven't lost it, but the chip is broken", ", but the chip is broken"),
    ],
)
def test_what_is_denied_is_taken_away(sentence, meant):
    assert without(sentence, denied(sentence)).strip() == meant


@pytest.mark.parametrize(
    "sentence",
    [
        "제가 결제한 게 아니에요 취소해 주세요",
        "제가 쓴 건 아닌데 돈이 나갔어요",
        "너무한 거 아니에요",
        "신분증 말고 또 뭐가 필요해요",
        "I'm not able to log in, the app keeps crashing",
        "",
    ],
)
def test_a_deed_of_others_a_question_and_a_failure_are_no_denials(sentence):
    assert denied(sentence) == []


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("카드를 잃어버린 건 아니고요 유효기간이 다 돼서 재발급 받고 싶어요", {"card_service"}),
        ("적금 해지하려는 건 아니고요 하나 더 들 수 있는지 여쭤보려고요", {"deposit_enquiry"}),
        ("제가 결제한 게 아니에요 확인해 주세요", {"unknown_payment"}),
        ("I'm not closing my account, I just want to know the balance.", {"account_service"}),
    ],
)
def test_intents_are_those_of_what_is_meant(call_reader, text, intents):
    assert labels(call_reader, "intent", text) == intents


def test_only_the_denied_leaving_is_no_cue(call_reader):
    assert labels(call_reader, "churn_cue", "다른 은행으로 옮기려는 건 아니고요 그냥 궁금해서요") == set()
    assert labels(call_reader, "churn_cue", "토스뱅크가 이자를 더 준다고 해서 그쪽으로 옮기려고요") == {"leaving"}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("life_event", "청년도약계좌 가입할 수 있나요"),
        ("life_event", "입출금 통장 하나 새로 만들려고 합니다"),
        ("intent", "미국에서 손님이 온다는데 뭐 할까요"),
    ],
)
def test_short_words_are_not_heard_across_others(call_reader, kind, text):
    assert not labels(call_reader, kind, text) & {"retirement", "moving", "card_service"}


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("상담원 연결하는 데만 사십 분을 기다렸어요 너무한 거 아닙니까", "delay"),
        ("거기 직원분이 너무 불친절하게 말씀하시던데 민원 넣으려고요", "staff"),
        ("광고 문자 좀 그만 보내세요 몇 번을 말해요", "message"),
        ("한도를 왜 마음대로 줄여 놓습니까", "limit"),
        ("해지한 자동이체가 또 나갔어요 어떻게 책임지실 거예요", "auto_debit"),
    ],
)
def test_a_complaint_names_its_object(call_reader, text, about):
    assert labels(call_reader, "complaint", text) == {about}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("complaint", "I have no complaints"),
        ("complaint", "I'm not unhappy with it"),
        ("complaint", "불만은 없어요"),
        ("complaint", "화난 건 아니에요"),
        ("fraud_cue", "It's not a scam, I just want to transfer"),
        ("fraud_cue", "사기 아니고요 제가 보낸 거예요"),
        ("fraud_cue", "I bought a gift card for my mother"),
        ("fraud_cue", "I want to move the money to another account"),
        ("fraud_cue", "안전한 계좌로 옮기고 싶어요 예금자보호 되나요"),
        ("churn_cue", "다른 은행으로 옮길 생각은 없어요"),
    ],
)
def test_a_mood_that_is_denied_and_an_ordinary_errand_are_no_cue(call_reader, kind, text):
    assert labels(call_reader, kind, text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "They told me to buy gift cards and read them the codes",
        "안전 계좌로 돈을 옮기라고 했어요",
        "누가 돈을 안전한 계좌로 옮기라고 해요",
        "이거 사기 아닌가요",
    ],
)
def test_what_a_swindler_asks_for_is_still_a_cue(call_reader, text):
    assert labels(call_reader, "fraud_cue", text) == {"scam"}
