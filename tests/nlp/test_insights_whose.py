"""Whose life and whose loss a caller tells of."""

import pytest

from hub.records import Transcript, Turn


def labels(reader, kind, text, language="ko"):
    said = Turn(turn_id=0, role="CUSTOMER", text=text, start_ms=0, end_ms=4_000)
    call = Transcript(call_id="c", language=language, duration_ms=4_000, model="m", turns=(said,))
    return {fact.label for fact in reader.facts(call) if fact.kind == kind}


@pytest.mark.parametrize(
    "text",
    [
        "동생이 다음 달에 결혼해요",
        "딸이 이번에 취직했어요",
        "친구 딸이 결혼해서 축의금 보내려고요",
        "며느리가 임신했어요",
        "딸이 아기를 낳았어요",
        "손주가 태어났어요",
        "부장님이 은퇴하셨어요",
        "아버지가 은퇴하셨어요",
        "세입자가 이사를 나가서 전세금을 돌려줘야 해요",
        "my brother is moving to Chicago",
        "my daughter is having a baby",
        "My son got a new job",
        "my husband's brother got married",
        "My coworker just retired",
    ],
)
def test_what_happens_to_relatives_and_friends_is_not_the_callers(call_reader, text):
    assert labels(call_reader, "life_event", text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "십 년 전에 결혼했어요",
        "재작년에 이사했어요",
        "결혼 십 주년이라 여행 가요",
        "드라마에서 주인공이 유학을 가더라고요",
        "I retired ten years ago",
        "I've been married for twenty years",
        "I saw a movie about getting married",
    ],
)
def test_what_was_years_ago_or_on_television_is_no_life_event(call_reader, text):
    assert labels(call_reader, "life_event", text) == set()


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("저희 아기가 태어났어요", "birth"),
        ("얼마 전에 딸이 태어났어요", "birth"),
        ("딸을 낳았어요", "birth"),
        ("my wife is pregnant", "birth"),
        ("우리 아들이 유학을 가요", "study_abroad"),
        ("남편이 정년퇴직했어요", "retirement"),
        ("친구 소개로 전화했는데 다음 달에 결혼해요", "marriage"),
        ("부모님 집에서 나와서 독립하려고요", "moving"),
        ("제가 친구랑 같이 창업을 하려고요", "job_change"),
        ("오래전에 만든 통장인데 이번에 유학을 가서요", "study_abroad"),
        ("my friend told me about you, I'm getting married in June", "marriage"),
        ("I'm moving in with my brother", "moving"),
    ],
)
def test_what_happens_in_the_callers_household_is_theirs(call_reader, text, event):
    assert labels(call_reader, "life_event", text) == {event}


@pytest.mark.parametrize(
    "text",
    [
        "뉴스에서 보이스피싱이 많다고 해서 걱정돼서 전화했어요",
        "친구가 보이스피싱을 당했대요",
        "My friend got scammed last week",
        "I saw on the news there's a lot of phishing",
    ],
)
def test_swindles_in_the_news_and_of_friends_are_no_cue(call_reader, text):
    assert labels(call_reader, "fraud_cue", text) == set()
    assert labels(call_reader, "intent", text) & {"fraud_report"} == set()


@pytest.mark.parametrize(
    "text",
    [
        "어머니가 보이스피싱을 당하셨어요",
        "아들이라고 해서 돈을 보냈는데 사기였어요",
        "My mother was scammed out of ten thousand dollars",
    ],
)
def test_a_swindle_of_the_family_is_a_cue(call_reader, text):
    assert labels(call_reader, "fraud_cue", text) == {"scam"}


@pytest.mark.parametrize(
    "text", ["국민은행으로 이체했어요", "다른 은행으로 옮길 생각은 없어요", "I'd like to transfer to Wells Fargo"]
)
def test_money_sent_to_another_bank_is_no_leaving(call_reader, text):
    assert labels(call_reader, "churn_cue", text) == set()


def test_being_tired_is_no_complaint(call_reader):
    text = "I need to replace my tires and I'm tired today"
    assert labels(call_reader, "intent", text, "en") & {"complaint"} == set()
    assert labels(call_reader, "complaint", text, "en") == set()
