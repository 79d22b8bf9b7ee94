"""The JSON shape of Amazon Transcribe Call Analytics."""

from __future__ import annotations

import json

from hub.records import Transcript, Turn, Word
from stt.call_analytics import to_call_analytics


def turn(number: int, role: str, text: str, start_ms: int, end_ms: int) -> Turn:
    step = (end_ms - start_ms) // len(text.split())
    words = tuple(
        Word(text=w, start_ms=start_ms + i * step, end_ms=start_ms + (i + 1) * step, probability=0.9)
        for i, w in enumerate(text.split())
    )
    return Turn(turn_id=number, role=role, text=text, start_ms=start_ms, end_ms=end_ms, words=words, confidence=0.9)


def call(*turns: Turn, duration_ms: int = 10_000) -> Transcript:
    return Transcript(call_id="c-1", language="ko", duration_ms=duration_ms, model="demo", turns=turns)


TALK = to_call_analytics(
    call(
        turn(0, "AGENT", "무엇을 도와드릴까요?", 1_000, 3_000),
        turn(1, "CUSTOMER", "카드를 잃어버렸어요", 2_500, 5_000),
        turn(2, "AGENT", "네 알겠습니다", 7_000, 8_000),
    )
)


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


def test_talk_and_non_talk_time_fill_the_call() -> None:
    conversation = TALK["ConversationCharacteristics"]
    assert conversation["TalkTime"] == {
        "TotalTimeMillis": 5_000,
        "DetailsByParticipant": {"AGENT": {"TotalTimeMillis": 3_000}, "CUSTOMER": {"TotalTimeMillis": 2_500}},
    }
    silence = conversation["NonTalkTime"]
    assert [(i["BeginOffsetMillis"], i["EndOffsetMillis"]) for i in silence["Instances"]] == [
        (0, 1_000),
        (5_000, 7_000),
        (8_000, 10_000),
    ]
    assert silence["TotalTimeMillis"] + 5_000 == conversation["TotalConversationDurationMillis"]


def test_who_begins_while_the_other_speaks_interrupts() -> None:
    interruptions = TALK["ConversationCharacteristics"]["Interruptions"]
    assert (interruptions["TotalCount"], interruptions["TotalTimeMillis"]) == (1, 500)
    assert list(interruptions["InterruptionsByInterrupter"]) == ["CUSTOMER"]


def test_talk_speed_is_words_per_minute_of_speech() -> None:
    speeds = TALK["ConversationCharacteristics"]["TalkSpeed"]["DetailsByParticipant"]
    assert speeds == {"AGENT": {"AverageWordsPerMinute": 80}, "CUSTOMER": {"AverageWordsPerMinute": 48}}


def test_a_call_without_a_word_has_all_the_names_still() -> None:
    empty = to_call_analytics(call(duration_ms=4_000))
    assert empty["Transcript"] == []
    assert empty["ConversationCharacteristics"]["NonTalkTime"]["TotalTimeMillis"] == 4_000
    assert empty["ConversationCharacteristics"]["Interruptions"]["TotalCount"] == 0
    json.dumps(empty)


def test_words_that_end_after_the_recording_leave_no_negative_silence() -> None:
    late = to_call_analytics(call(turn(0, "AGENT", "네", 3_000, 4_100), duration_ms=4_000))
    assert all(i["DurationMillis"] > 0 for i in late["ConversationCharacteristics"]["NonTalkTime"]["Instances"])
