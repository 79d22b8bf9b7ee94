"""Spoken days become dates: 내일, 다음 주 화요일, 이번 달 말, 사흘 뒤, ``by Friday``, ``the 15th of next month``.

A day is read as a caller means it on the day of the call. Weeks begin on Monday. ``Friday`` alone is the next one after
today, ``this Friday`` the one of this week, ``next Friday`` the one of the next; a week without a day ends on its Friday.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import msgspec

from nlp.insights.day_numbers import ENGLISH_NUMBER, KOREAN_NUMBER, english_number, korean_number

Match = re.Match[str]
Reading = Callable[[Match, date], date | None]
MAX_CHARS = 1_000
_FRIDAY, _SATURDAY = 4, 5


class SpokenDay(msgspec.Struct, frozen=True):
    """A day said at text[start:end]."""

    start: int
    end: int
    day: date


def spoken_days(text: str, today: date) -> list[SpokenDay]:
    """Return the days said in a sentence, in order; where readings overlap the longer wins. Past days are left out."""
    found = [day for pattern, read in _READINGS for day in _read(pattern, read, text[:MAX_CHARS].lower(), today)]
    kept: list[SpokenDay] = []
    for day in sorted(found, key=lambda d: (d.start - d.end, d.start)):
        if all(day.end <= other.start or day.start >= other.end for other in kept):
            kept.append(day)
    return sorted((day for day in kept if day.day >= today), key=lambda d: d.start)


def _read(pattern: re.Pattern[str], read: Reading, text: str, today: date) -> Iterator[SpokenDay]:
    for match in pattern.finditer(text):
        try:
            day = read(match, today)
        except (ValueError, OverflowError):  # the 31st of February, the year 0
            continue
        if day is not None:
            yield SpokenDay(match.start(), match.end(), day)


# --- counting ---------------------------------------------------------------------------------------------------------


def weekday_in(today: date, weekday: int, weeks: int | None) -> date:
    """Return a weekday of this week (0), the next (1) ..., or the next such day after today (None)."""
    if weeks is None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return today + timedelta(days=weekday - today.weekday() + 7 * weeks)


def month_after(today: date, months: int, day: int | None) -> date:
    """Return a day of the month that many months on, its last day without ``day``."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, last if day is None else day)


def months_on(today: date, months: int) -> date:
    """Return the same day that many months on, or the last of a shorter month."""
    end = month_after(today, months, None)
    return end.replace(day=min(today.day, end.day))


def business_days_on(today: date, days: int) -> date:
    """Return the day after that many days from Monday to Friday; public holidays are not known here."""
    day = today
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < _SATURDAY
    return day


def _upcoming(today: date, month: int | None, day: int) -> date:
    """Return the next such day of a month, or of any month; today counts."""
    if month is None:
        this = month_after(today, 0, None)
        return month_after(today, 0 if today.day <= day <= this.day else 1, day)
    this_year = date(today.year, month, day)
    return this_year if this_year >= today else date(today.year + 1, month, day)


def _after(today: date, count: int, unit: str) -> date | None:
    if not 0 < count <= 400:
        return None
    if unit.startswith(("영업일", "business", "working")):
        return business_days_on(today, count)
    if unit.startswith(("달", "개월", "month")):
        return months_on(today, count)
    return today + timedelta(days=count * (7 if unit.startswith(("주", "week")) else 1))


# --- Korean -----------------------------------------------------------------------------------------------------------

_RELATIVE = {"오늘": 0, "내일": 1, "명일": 1, "내일모레": 2, "모레": 2, "글피": 3, "그글피": 4}
_SPANS = {
    "하루": 1,
    "이틀": 2,
    "사흘": 3,
    "나흘": 4,
    "닷새": 5,
    "엿새": 6,
    "이레": 7,
    "여드레": 8,
    "열흘": 10,
    "보름": 15,
}
_WEEKS = {
    "이번 주": 0,
    "이번주": 0,
    "금주": 0,
    "다음 주": 1,
    "다음주": 1,
    "담주": 1,
    "담 주": 1,
    "차주": 1,
    "다다음 주": 2,
    "다다음주": 2,
}
_MONTHS_KO = {
    "이번 달": 0,
    "이번달": 0,
    "이달": 0,
    "금월": 0,
    "다음 달": 1,
    "다음달": 1,
    "담달": 1,
    "내달": 1,
    "다다음 달": 2,
    "다다음달": 2,
}
_NOT_PAST = r"(?<!지난 )(?<!지난주 )(?<!저번 )(?<!저번주 )"
_LATER = r"\s?(?:뒤|후|있다가|이따|안|이내|내로|내에|내)"


def _names(table: dict[str, int]) -> str:
    return "|".join(sorted(table, key=len, reverse=True))


def _korean_weekday(match: Match, today: date) -> date:
    week = match["week"]
    weeks = _WEEKS.get(week or "")
    if week in ("이번", "오는", "돌아오는"):
        weeks = None
    elif week == "다음":
        weeks = 1
    return weekday_in(today, "월화수목금토일".index(match["day"]), weeks)


def _korean_week(match: Match, today: date) -> date:
    weekday = _SATURDAY if match["part"] and "주말" in match["part"] else _FRIDAY
    return weekday_in(today, weekday, _WEEKS.get(match["week"], 0))


def _korean_month_part(match: Match, today: date) -> date:
    months = _MONTHS_KO.get(match["month"] or "", 0)
    day = {"초": 1, "중순": 15}.get(match["part"])
    found = month_after(today, months, day)
    return month_after(today, months + 1, day) if found < today and not match["month"] else found


def _korean_month_day(match: Match, today: date) -> date | None:
    day = korean_number(match["number"])
    return None if day is None else month_after(today, _MONTHS_KO[match["month"]], day)


def _korean_date(match: Match, today: date) -> date | None:
    month, day = korean_number(match["m"]), korean_number(match["d"])
    if month is None or day is None:
        return None
    if match["y"]:
        year = korean_number(match["y"])
        return date(year if year and year >= 100 else 2000 + (year or 0), month, day)
    return _upcoming(today, month, day)


def _korean_bare_day(match: Match, today: date) -> date | None:
    day = korean_number(match["number"])
    return _upcoming(today, None, day) if day and day <= 31 else None


def _korean_later(match: Match, today: date) -> date | None:
    count = korean_number(match["number"])
    return None if count is None else _after(today, count, match["unit"])


# --- English ----------------------------------------------------------------------------------------------------------

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?"
_DAYS_EN = {"today": 0, "tonight": 0, "tomorrow": 1, "the day after tomorrow": 2, "day after tomorrow": 2}


def _english_weekday(match: Match, today: date) -> date:
    week = (match["week"] or "").strip()
    weeks = {"this": 0, "next": 1}.get(week)
    day = weekday_in(today, _WEEKDAYS.index(match["day"]), weeks)
    return weekday_in(today, day.weekday(), None) if weeks == 0 and day < today else day


def _english_later(match: Match, today: date) -> date | None:
    count = english_number(match["number"])
    return None if count is None else _after(today, count, match["unit"])


def _english_end(match: Match, today: date) -> date | None:
    later = 1 if (match["which"] or "").startswith("next") else 0
    if match["unit"] == "week":
        return weekday_in(today, _FRIDAY, later)
    if match["unit"] == "year":
        return date(today.year + later, 12, 31)
    return month_after(today, later, None)


def _english_day_of_month(match: Match, today: date) -> date | None:
    day = english_number(match["number"])
    if day is None:
        return None
    of = match["of"] or ""
    if "month" in of:
        return month_after(today, 1 if "next" in of else 0, day)
    return _upcoming(today, None, day)


def _english_date(match: Match, today: date) -> date | None:
    day = english_number(match["number"])
    month = 1 + next(i for i, name in enumerate(_MONTHS) if name.startswith(match["month"][:3]))
    if day is None:
        return None
    return date(int(match["year"]), month, day) if match["year"] else _upcoming(today, month, day)


_READINGS: tuple[tuple[re.Pattern[str], Reading], ...] = (
    (
        re.compile(rf"(?<![가-힣])(?P<day>{_names(_RELATIVE)})"),
        lambda m, today: today + timedelta(days=_RELATIVE[m["day"]]),
    ),
    (
        re.compile(rf"(?<![가-힣])(?P<span>{_names(_SPANS)}){_LATER}"),
        lambda m, today: today + timedelta(days=_SPANS[m["span"]]),
    ),
    (re.compile(rf"일주일{_LATER}"), lambda _, today: today + timedelta(days=7)),
    (
        re.compile(
            rf"{_NOT_PAST}(?:(?P<week>{_names(_WEEKS)}|이번|오는|돌아오는|다음)\s?)?(?<![가-힣])(?P<day>[월화수목금토일])요일"
        ),
        _korean_weekday,
    ),
    (re.compile(rf"(?P<week>{_names(_WEEKS)})\s?(?P<part>주말|안|중|내|까지|중으로)"), _korean_week),
    (
        re.compile(rf"(?:(?P<month>{_names(_MONTHS_KO)})\s?|(?<![가-힣])월)(?P<part>말|초|중순)(?!씀|하)"),
        _korean_month_part,
    ),
    (re.compile(rf"(?P<month>{_names(_MONTHS_KO)})\s?(?P<number>{KOREAN_NUMBER})\s?일(?!\s?동안)"), _korean_month_day),
    (
        re.compile(
            rf"(?:(?P<y>\d{{2,4}})\s?년\s?)?(?<![\d가-힣])(?P<m>{KOREAN_NUMBER})\s?월\s?(?P<d>{KOREAN_NUMBER})\s?일(?!\s?동안)"
        ),
        _korean_date,
    ),
    (
        re.compile(
            rf"(?<![\d가-힣월])(?<!월 )(?P<number>{KOREAN_NUMBER})\s?일(?=\s?(?:까지|날|에|쯤|오전|오후|자로|이?요\b))"
        ),
        _korean_bare_day,
    ),
    (
        re.compile(
            rf"(?:영업일\s?(?:기준\s?)?(?:으로\s?)?)?(?<![\d가-힣])(?P<number>{KOREAN_NUMBER})\s?(?P<unit>영업일|일|주일?|달|개월){_LATER}"
        ),
        _korean_later,
    ),
    (re.compile(rf"\b(?P<day>{_names(_DAYS_EN)})\b"), lambda m, today: today + timedelta(days=_DAYS_EN[m["day"]])),
    (re.compile(rf"(?<!last )\b(?:(?P<week>this|next|coming)\s+)?(?P<day>{'|'.join(_WEEKDAYS)})\b"), _english_weekday),
    (
        re.compile(
            rf"\b(?:in|within)\s+(?:the next\s+)?(?P<number>{ENGLISH_NUMBER})\s+(?P<unit>days?|weeks?|months?|business days?|working days?)\b"
        ),
        _english_later,
    ),
    (
        re.compile(rf"\b(?P<number>{ENGLISH_NUMBER})\s+(?P<unit>days?|weeks?|months?)\s+from\s+(?:now|today)\b"),
        _english_later,
    ),
    (
        re.compile(r"\b(?:by\s+)?(?:the\s+)?end of (?P<which>the|this|next)?\s*(?P<unit>month|week|year)\b"),
        _english_end,
    ),
    (
        re.compile(
            r"\b(?P<which>this|next)\s+(?P<unit>week)\b(?!\s+(?:on\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun))"
        ),
        _english_end,
    ),
    (
        re.compile(
            rf"\bthe\s+(?P<number>\d{{1,2}}(?:st|nd|rd|th)|{ENGLISH_NUMBER})(?P<of>\s+of\s+(?:this|next|the)\s+month)?\b(?!\s+of\s+\w)(?!\s+(?:day|week|time|month|one|thing))"
        ),
        _english_day_of_month,
    ),
    (
        re.compile(
            rf"\b{_MONTH}\s+(?:the\s+)?(?P<number>\d{{1,2}}(?:st|nd|rd|th)?|{ENGLISH_NUMBER})\b(?:,?\s+(?P<year>20\d\d))?"
        ),
        _english_date,
    ),
    (
        re.compile(
            rf"\b(?:the\s+)?(?P<number>\d{{1,2}}(?:st|nd|rd|th)?|{ENGLISH_NUMBER})\s+(?:of\s+)?{_MONTH}\b(?:,?\s+(?P<year>20\d\d))?"
        ),
        _english_date,
    ),
)
