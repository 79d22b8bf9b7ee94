"""Korean rules: what each makes of a text. Every rule returns edits; data and lists are in ko.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from stt.normalisation.draft import Edit
from stt.normalisation.rule_data import load_rules
from stt.normalisation.sino import DIGITS, NATIVE, NATIVE_PATTERN, STARTS, Numeral, numerals, written

_MONTHS = {"일": 1, "이": 2, "삼": 3, "사": 4, "오": 5, "유": 6, "육": 6, "칠": 7, "팔": 8, "구": 9, "시": 10, "십": 10}
_MONTHS |= {"십일": 11, "십이": 12}
_MONTH = re.compile(r"(?<![가-힣\d])(십[일이]?|[일이삼사오유육칠팔구시]|1[0-2]|[1-9]) ?월")
_AMBIGUOUS_MONTH = re.compile(r" ?(?:에|부터|까지|말|초|달|중순|분|\d|[일이삼사오육칠팔구십])")
_START = re.compile(rf"(?<![가-힣\dA-Za-z])(?<!\d[.,-])[{STARTS}\d]")
_HOUR = re.compile(
    rf"(?<![가-힣\d])(?P<half>(?:오전|오후|새벽|아침|점심|저녁|밤|낮) ?)?"
    rf"(?P<hour>{NATIVE_PATTERN}|\d{{1,2}}|[일이]?십[일이삼사오육칠팔구]?|영)(?P<gap> ?)시(?!간)"
)
_MINUTE = re.compile(r" ?분(?!의)")
_FRACTION = re.compile(r" ?(?:점|\.) ?((?:[영공일이삼사오육륙칠팔구] ?){1,4}|\d{1,4})")
_WHOLE = re.compile(r"(?<![가-힣\d.,])(영|공|제로)(?= ?점)")
_PERCENT = re.compile(r" ?(?:퍼센트 ?포인트|퍼센트|프로|%p|%)")
_NATIVE = re.compile(rf"(?<![가-힣\d])(?:{NATIVE_PATTERN})(?= ?[가-힣])")
_OPENED = re.compile(r"(?:[을를]|문) ?$")
_YEAR = re.compile(r"(?<![가-힣\d])([영공일이삼사오육칠팔구]{2}|[일이][영공구][영공일이삼사오육칠팔구]{2}) ?년")
# 삼 사 개월: three or four months.
_ABOUT = re.compile(r"(?<![가-힣])[일이삼사오육칠팔구] $")
_SIGNED = re.compile(r"₩ ?(\d[\d,]*)")
_DIGIT_OF = {**{name: str(value) for name, value in DIGITS.items()}, "영": "0", "공": "0"}
_TEN_THOUSAND = 10_000


class Counter(NamedTuple):
    """How a counter is read: see ko.yaml."""

    written: str
    is_sum: bool
    needs_two: bool
    other_words: str
    unless: tuple[str, ...]


class Rules(NamedTuple):
    """ko.yaml, ready for use."""

    counters: dict[str, Counter]
    counter: re.Pattern[str]
    native_counter: re.Pattern[str]
    native_always: frozenset[str]
    words: re.Pattern[str]
    over: re.Pattern[str]


@cache
def rules() -> Rules:
    """Return the Korean rules."""
    data: dict[str, Any] = load_rules("ko")
    counters = {
        name: Counter(
            spec.get("written", name),
            bool(spec.get("sum")),
            spec.get("single") == "two",
            spec.get("not", ""),
            tuple(spec.get("when", ())),
        )
        for name, spec in data["counters"].items()
    }
    return Rules(
        counters,
        re.compile(rf"(?P<gap> ?)(?P<name>{_either(counters)})"),
        re.compile(rf"(?P<gap> ?)(?P<name>{_either(data['native_counters'])})"),
        frozenset(data["native_always"]),
        re.compile(_either(data["words"].split())),
        re.compile(rf"$|[^가-힣\dA-Za-z]|{_either(data['after'].split())}"),
    )


def _either(words: Any) -> str:  # noqa: ANN401 - names in any collection
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def dates(text: str) -> Iterator[Edit]:
    """이천이십육 년 삼월 오일 -> 2026년 3월 5일; 이월 (carried over) and 구월동 stay."""
    for match in _YEAR.finditer(text):
        if rules().over.match(text, match.end()) or text.startswith("생", match.end()):
            yield Edit(match.start(), match.end(), "".join(map(_digit, match[1])) + "년")
    for match in _MONTH.finditer(text):
        day = _day(text, match.end())
        is_over = bool(rules().over.match(text, match.end()))
        follows = bool(_AMBIGUOUS_MONTH.match(text, match.end()))
        if match[0].startswith("이") and not day and not follows:
            continue
        if match[1] in {"시", "십", "일"} and " " in match[0] and not day:
            continue
        if day or is_over or text[match.end() : match.end() + 1] in {"말", "초", "중", "생"}:
            yield Edit(match.start(), match.end(), f"{_MONTHS.get(match[1], match[1])}월")
            yield from day


def _day(text: str, place: int) -> list[Edit]:
    """Return the edit of the day after a month: its number, and no space before 일."""
    begin = place + (text[place : place + 1] == " ")
    for number in numerals(text, begin):
        end = number.end + (text[number.end : number.end + 1] == " ")
        is_over = rules().over.match(text, end + 1) or text.startswith("생", end + 1)
        if 1 <= number.value <= 31 and text[end : end + 1] == "일" and is_over:
            space = [Edit(place, place, " ")] if begin == place else []
            return [*space, Edit(begin, end, str(number.value))]
    return []


def times(text: str) -> Iterator[Edit]:
    """오후 세 시 반 -> 오후 3시 반; 아홉 시 십오 분 -> 9시 15분. 한시 (a while) and 네 시작 stay."""
    for match in _HOUR.finditer(text):
        hour = _hour(match["hour"])
        minute = _minute(text, match.end())
        is_over = bool(rules().over.match(text, match.end())) or text.startswith("반", match.end())
        is_moment = match["hour"] == "한" and not match["half"] and not match["gap"]
        if hour is None or not (minute or is_over) or is_moment:
            continue
        if match["half"] and not match["half"].endswith(" "):
            yield Edit(match.start("hour"), match.start("hour"), " ")
        yield Edit(match.start("hour"), match.end("gap"), str(hour))
        if text.startswith("반", match.end()):
            yield Edit(match.end(), match.end(), " ")
        yield from minute


def _hour(name: str) -> int | None:
    if name.isdigit():
        return int(name) if int(name) <= 24 else None
    if name in NATIVE:
        return NATIVE[name] if NATIVE[name] <= 12 and name not in {"석", "넉"} else None
    if name == "영":
        return 0
    value = numerals(name, 0)[0].value
    return value if 10 <= value <= 24 else None


def _minute(text: str, place: int) -> list[Edit]:
    begin = place + (text[place : place + 1] == " ")
    for number in numerals(text, begin):
        unit = _MINUTE.match(text, number.end)
        if unit and number.value < 60 and rules().over.match(text, unit.end()):
            space = [Edit(place, place, " ")] if begin == place else []
            return [*space, Edit(begin, unit.end(), f"{number.value}분")]
    return []


def rates(text: str) -> Iterator[Edit]:
    """삼 점 오 퍼센트 -> 3.5%; 이 점 (this point) stays."""
    for start in sorted({m.start() for m in _START.finditer(text)} | {m.start() for m in _WHOLE.finditer(text)}):
        zero = _WHOLE.match(text, start)
        found = [Numeral(zero.end(), 0, 1, True)] if zero else numerals(text, start)
        for number in found:
            fraction = _FRACTION.match(text, number.end)
            if fraction is None:
                continue
            digits = "".join(map(_digit, fraction[1].replace(" ", "")))
            percent = _PERCENT.match(text, fraction.end(1))
            end = percent.end() if percent else fraction.start(1) + len(fraction[1].rstrip())
            is_plain = bool(zero) or not number.spoken
            if percent or (is_plain and rules().over.match(text, end)):
                sign = "" if not percent else "%p" if "포인트" in percent[0] or "p" in percent[0] else "%"
                yield Edit(start, end, f"{number.value}.{digits}{sign}")
                break


def ages_and_counts(text: str) -> Iterator[Edit]:
    """스물다섯 살 -> 25살, 열두 명 -> 12명; below ten the word stays (세 번째), but for ages."""
    return _native(text, frozenset())


def small_counts(text: str) -> Iterator[Edit]:
    """세 번째 -> 3번째: for counting errors alone, where both sides are treated alike."""
    return _native(text, frozenset(load_rules("ko")["native_counters"]))


def _native(text: str, also_small: frozenset[str]) -> Iterator[Edit]:
    for match in _NATIVE.finditer(text):
        counter = rules().native_counter.match(text, match.end())
        if counter is None or not _ends(text, counter.end(), counter["name"]):
            continue
        value, name = NATIVE[match[0]], counter["name"]
        if match[0] == "열" and _OPENED.search(text, 0, match.start()):
            continue
        if value >= 10 or name in rules().native_always or name in also_small:
            yield Edit(match.start(), counter.end("gap"), str(value))


def _ends(text: str, place: int, name: str) -> bool:
    return bool(rules().over.match(text, place)) or (name in {"번", "시간", "살"} and text.startswith("째", place))


def counted(text: str) -> Iterator[Edit]:
    """삼천오백만 원 -> 3500만 원, 십이 개월 -> 12개월, 35,000,000원 -> 3500만 원; 이 분, 사 주세요 stay."""
    for match in _SIGNED.finditer(text):
        yield Edit(match.start(), match.end(), match[1].rstrip(",") + "원")
    done = 0
    for match in _START.finditer(text):
        if match.start() < done or rules().words.match(text, match.start()):
            continue
        for number in numerals(text, match.start()):
            edits = _counted(text, match.start(), number)
            if edits:
                yield from edits
                done = edits[-1].end
                break


def _counted(text: str, start: int, number: Numeral) -> list[Edit]:
    counter = rules().counter.match(text, number.end)
    if counter is None:
        return _bare(text, start, number)
    rule, name = rules().counters[counter["name"]], counter["name"]
    if not (rules().over.match(text, counter.end()) or (name == "년" and text.startswith("생", counter.end()))):
        return _bare(text, start, number)
    if not _is_number(text, start, number, rule, counter.end()):
        return []
    figure = written(number.value) if number.spoken or rule.is_sum else text[start : number.end].replace(",", "")
    is_joined = rule.written != name or figure[-1].isdigit()
    return [
        Edit(start, number.end, figure),
        Edit(number.end, counter.end("gap"), "" if is_joined else " "),
        Edit(counter.start("name"), counter.end(), rule.written),
    ]


def _is_number(text: str, start: int, number: Numeral, rule: Counter, place: int) -> bool:
    if (rule.written == "세" and text.startswith("만 ", start)) or (
        rule.written == "분" and text.startswith("의", place)
    ):
        return False
    if number.morphemes == 1 and _ABOUT.search(text, 0, start):
        return False
    if not number.spoken or number.morphemes > 1:
        return True
    if rule.needs_two or text[start] in "억조":
        return False
    if text[start : number.end] in rule.other_words:
        return text[place:].lstrip(" ").startswith(rule.unless) if rule.unless else False
    return True


def _bare(text: str, start: int, number: Numeral) -> list[Edit]:
    """Return the edit of a number that stands alone: three morphemes and a 만 or 억 make it one (삼천만, 일억 이천)."""
    if not number.spoken or number.morphemes < 3 or number.value < _TEN_THOUSAND:
        return []
    return [Edit(start, number.end, written(number.value))] if rules().over.match(text, number.end) else []


def _digit(char: str) -> str:
    return _DIGIT_OF.get(char, char)
