"""The JSON shape of Amazon Transcribe Call Analytics."""

from __future__ import annotations

import json

import pytest

from hub.records import CallFact, Loudness, Silence, Transcript, Turn, Word
from stt.call_analytics import to_call_analytics


def turn(number: int, role: str, text: str, start_ms: int, end_ms: int) -> Turn:
    step = (end_ms - start_ms) // len(text.split())
    words = tuple(
        Word(text=w, start_ms=start_ms + i * step, end_ms=start_ms + (i + 1) * step, probability=0.9)
        for i, w in enumerate(text.split())
    )
    return Turn(turn_id=number, role=role, text=text, start_ms=start_ms, end_ms=end_ms, words=words, confidence=0.9)


def call(*turns: Turn, duration_ms: int = 10_000, loudness: tuple[Loudness, ...] = ()) -> Transcript:
    return Transcript(
        call_id="c-1", language="ko", duration_ms=duration_ms, model="demo", turns=turns, loudness=loudness
    )


def fact(kind: str, turn_id: int, label: str = "", value: str = "", sentence: str = "") -> CallFact:
    return CallFact(
        kind=kind, label=label, turn_id=turn_id, role="CUSTOMER", sentence=sentence, start_ms=0, end_ms=1,
        confidence=1.0, decided_by="test", value=value,
    )  # fmt: skip


def role_scores(document: dict[str, object], role: str) -> list[float]:
    quarters = document["ConversationCharacteristics"]["Sentiment"]["SentimentByPeriod"]["QUARTER"][role]  # type: ignore[index]
    return [quarter["Score"] for quarter in quarters]


TURNS = (
    turn(0, "AGENT", "무엇을 도와드릴까요?", 1_000, 3_000),
    turn(1, "CUSTOMER", "카드를 잃어버렸어요", 2_500, 5_000),
    turn(2, "AGENT", "네 알겠습니다", 9_000, 10_000),
)
TALK = to_call_analytics(call(*TURNS, duration_ms=12_000))


def test_turns_carry_role_content_times_and_items() -> None:
    first = TALK["Transcript"][0]
    assert (first["ParticipantRole"], first["Content"]) == ("AGENT", "무엇을 도와드릴까요?")
    assert (first["BeginOffsetMillis"], first["EndOffsetMillis"]) == (1_000, 3_000)
    assert [item["Content"] for item in first["Items"]] == ["무엇을", "도와드릴까요?"]
    assert first["Items"][0] == {
        "Type": "pronunciation",
        "Content": "무엇을",
        "BeginOffsetMillis": 1_000,
        "EndOffsetMillis": 2_000,
        "Confidence": "0.9000",
    }
    assert TALK["LanguageCode"] == "ko-KR"
    assert TALK["ContentMetadata"] == {"Output": "Raw"}


def test_talk_time_is_added_up_by_participant() -> None:
    assert TALK["ConversationCharacteristics"]["TalkTime"] == {
        "TotalTimeMillis": 5_500,
        "DetailsByParticipant": {"AGENT": {"TotalTimeMillis": 3_000}, "CUSTOMER": {"TotalTimeMillis": 2_500}},
    }


def test_pauses_of_three_seconds_are_non_talk_time_and_shorter_ones_are_not() -> None:
    assert TALK["ConversationCharacteristics"]["NonTalkTime"] == {
        "TotalTimeMillis": 4_000,
        "Instances": [{"BeginOffsetMillis": 5_000, "EndOffsetMillis": 9_000, "DurationMillis": 4_000}],
    }


def test_who_begins_while_the_other_speaks_interrupts_and_both_overlap() -> None:
    characteristics = TALK["ConversationCharacteristics"]
    instance = {"BeginOffsetMillis": 2_500, "EndOffsetMillis": 3_000, "DurationMillis": 500}
    assert characteristics["Interruptions"] == {
        "TotalCount": 1,
        "TotalTimeMillis": 500,
        "InterruptionsByInterrupter": {"CUSTOMER": [instance]},
    }
    assert characteristics["Overlap"] == {"TotalTimeMillis": 500, "Instances": [instance]}


def test_talk_speed_is_words_per_minute_of_speech() -> None:
    speeds = TALK["ConversationCharacteristics"]["TalkSpeed"]["DetailsByParticipant"]
    assert speeds == {"AGENT": {"AverageWordsPerMinute": 80}, "CUSTOMER": {"AverageWordsPerMinute": 48}}


def test_a_call_without_a_word_has_all_the_names_still() -> None:
    empty = to_call_analytics(call(duration_ms=4_000))
    assert empty["Transcript"] == []
    assert empty["ConversationCharacteristics"]["NonTalkTime"]["TotalTimeMillis"] == 4_000
    assert empty["ConversationCharacteristics"]["Interruptions"]["TotalCount"] == 0
    assert "Sentiment" not in empty["ConversationCharacteristics"]
    json.dumps(empty)


def test_words_that_end_after_the_recording_leave_no_negative_silence() -> None:
    late = to_call_analytics(call(turn(0, "AGENT", "네", 3_000, 4_100), duration_ms=4_000))
    characteristics = late["ConversationCharacteristics"]
    assert all(i["DurationMillis"] > 0 for i in characteristics["NonTalkTime"]["Instances"])
    assert characteristics["TotalConversationDurationMillis"] == 4_100


def test_a_turns_loudness_is_its_roles_level_in_its_own_seconds_from_0_to_100() -> None:
    tracks = (
        Loudness(role="AGENT", per_second_db=(-100.0, -20.0, -10.5, -30.0)),
        Loudness(role="CUSTOMER", per_second_db=(0.0, 0.0)),
    )
    document = to_call_analytics(call(*TURNS, duration_ms=12_000, loudness=tracks))
    assert document["Transcript"][0]["LoudnessScores"] == [80.0, 89.5]
    assert document["Transcript"][1]["LoudnessScores"] == []
    assert "LoudnessScores" not in TALK["Transcript"][0]


def test_sentiment_is_a_label_per_turn_and_a_score_per_quarter_and_call() -> None:
    facts = [
        fact("sentiment", 0, "POSITIVE", "2.5"),
        fact("sentiment", 1, "NEGATIVE", "-4"),
        fact("sentiment", 2, "MIXED", "not a number"),
    ]
    document = to_call_analytics(call(*TURNS), facts)
    assert [t["Sentiment"] for t in document["Transcript"]] == ["POSITIVE", "NEGATIVE", "MIXED"]
    sentiment = document["ConversationCharacteristics"]["Sentiment"]
    assert sentiment["OverallSentiment"] == {"AGENT": 1.2, "CUSTOMER": -4.0}
    agent = sentiment["SentimentByPeriod"]["QUARTER"]["AGENT"]
    assert agent[0] == {"Score": 2.5, "BeginOffsetMillis": 0, "EndOffsetMillis": 2_500}
    assert agent[-1]["EndOffsetMillis"] == 10_000
    assert role_scores(document, "CUSTOMER") == [0.0, 0.0, 0.0, -4.0]


@pytest.mark.parametrize("score", ["nan", "1e9", "-inf", ""])
def test_a_score_that_is_none_stays_within_its_scale(score: str) -> None:
    document = to_call_analytics(call(*TURNS), [fact("sentiment", 0, "POSITIVE", score)])
    assert all(-5.0 <= value <= 5.0 for value in role_scores(document, "AGENT"))


def test_issues_outcomes_and_action_items_are_characters_of_their_turn() -> None:
    facts = [
        fact("issue", 1, sentence="잃어버렸어요"),
        fact("issue", 1, sentence="잃어버렸어요"),
        fact("outcome", 2, sentence="알겠습니다"),
        fact("action_item", 2, sentence="a sentence that is not there"),
        fact("intent", 1, sentence="카드를"),
    ]
    turns = to_call_analytics(call(*TURNS), facts)["Transcript"]
    assert turns[1]["IssuesDetected"] == [{"CharacterOffsets": {"Begin": 4, "End": 10}}]
    assert turns[2]["OutcomesDetected"] == [{"CharacterOffsets": {"Begin": 2, "End": 7}}]
    assert turns[2]["ActionItemsDetected"] == [{"CharacterOffsets": {"Begin": 0, "End": 7}}]
    assert "IssuesDetected" not in turns[0]


def test_a_redacted_call_says_so_and_where() -> None:
    silence = Silence(turn_id=1, role="CUSTOMER", start_ms=2_600, end_ms=3_000, kind="PHONE")
    document = to_call_analytics(call(*TURNS), silences=[silence])
    assert document["ContentMetadata"] == {"Output": "Redacted", "RedactionTypes": ["PII"]}
    assert document["Transcript"][1]["Redaction"] == {
        "RedactedTimestamps": [{"BeginOffsetMillis": 2_600, "EndOffsetMillis": 3_000}]
    }
    assert "Redaction" not in document["Transcript"][0]
