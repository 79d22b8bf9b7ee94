"""Spoken days are dates on the day of the call."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.insights.days import spoken_days

WEDNESDAY = date(2026, 3, 4)
SAID = [
    ("내일 다시 전화드릴게요", "2026-03-05"),
    ("모레까지 보내 드리겠습니다", "2026-03-06"),
    ("다음 주 화요일에 뵐게요", "2026-03-10"),
    ("이번 달 말까지 처리하겠습니다", "2026-03-31"),
    ("금요일에 갈게요", "2026-03-06"),
    ("월요일에 갈게요", "2026-03-09"),
    ("사흘 뒤에 연락드릴게요", "2026-03-07"),
    ("삼월 이십일에 만기예요", "2026-03-20"),
    ("2월 10일까지요", "2027-02-10"),
    ("3영업일 이내에 입금됩니다", "2026-03-09"),
    ("다음 달 말까지는 됩니다", "2026-04-30"),
    ("한 달 뒤에 다시 올게요", "2026-04-04"),
    ("15일까지 내면 되죠", "2026-03-15"),
    ("by Friday", "2026-03-06"),
    ("I'll call next Monday", "2026-03-09"),
    ("by the end of the month", "2026-03-31"),
    ("within five business days", "2026-03-11"),
    ("the day after tomorrow", "2026-03-06"),
    ("on March 20th", "2026-03-20"),
    ("the fifteenth of next month", "2026-04-15"),
    ("in two weeks", "2026-03-18"),
]


@pytest.mark.parametrize(("text", "day"), SAID)
def test_a_spoken_day_is_a_date(text, day):
    assert [found.day.isoformat() for found in spoken_days(text, WEDNESDAY)] == [day]


@pytest.mark.parametrize(
    "text",
    [
        "지난주 화요일에 전화했어요",
        "이자가 일 퍼센트예요",
        "내 일이에요",
        "last Friday",
        "two or three times",
        "2월 30일",
        "",
        "천 년 뒤",
    ],
)
def test_what_is_no_day_to_come_is_none(text):
    assert spoken_days(text, WEDNESDAY) == []


@given(
    st.text(max_size=60) | st.text(alphabet="다음 주월화수목금이번달말일십삼오까지내뒤0123456789년", max_size=30),
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
)
def test_days_lie_in_the_text_and_never_in_the_past(text, today):
    for found in spoken_days(text, today):
        assert 0 <= found.start < found.end <= len(text)
        assert today <= found.day <= today + timedelta(days=400 * 31)
