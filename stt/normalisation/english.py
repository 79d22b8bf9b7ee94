"""English rules: what each makes of a text. Every rule returns edits; data and lists are in en.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from stt.normalisation.digit_groups import write_groups
from stt.normalisation.draft import Edit
from stt.normalisation.english_numbers import (
    DIGIT_WORDS,
    NUMBER_WORDS,
    SCALES,
    Cardinal,
    cardinal,
    ordinal,
    year,
)
from stt.normalisation.rule_data import load_rules

_WORD = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d,])|\d+(?:\.\d+)?|[A-Za-z]+(?:'[A-Za-z]+)?")
_JOINT = re.compile(r"[ -]")
_GROUP_JOINT = re.compile(r", |,|-| - | ")
_SIGNED = re.compile(
    r"([$£€₩¥]) ?(\d[\d,]*(?:\.\d+)?)(?: (thousand|million|billion|trillion)\b)?(?: (?:dollars|pounds|euros|won|yen)\b)?"
)
_PERCENT = re.compile(r" ?%| per ?cent\b")
_CENTS = re.compile(r"(?<![\d.,])(\d+) dollars and (\d{1,2}) cents?\b")
_MERIDIEM = re.compile(r" ?(a\.? ?m\.?|p\.? ?m\.?)(?![A-Za-z])| o'?clock\b", re.IGNORECASE)
_PIECES = re.compile(r"\d{3}[ ,-]{1,2}\d{3,4}[ ,-]{1,2}\d{4}|\d{4}(?:[ ,-]{1,2}\d{4}){3}|\d(?:[ ,-]{1,2}\d){4,}")
_TIMES = {"double": 2, "triple": 3}
_MIN_DIGITS = 3
_MIN_LISTED = 5
"""One, two, three: a list; with two more a number read with pauses."""
_LARGEST_WORD = 10


class Token(NamedTuple):
    """A word with its place; ``joined`` tells whether only a space or a hyphen stands before it."""

    start: int
    end: int
    word: str
    joined: bool


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(load_rules("en")[name])


def tokens(text: str) -> list[Token]:
    """Return the words and numbers of a text."""
    found: list[Token] = []
    for match in _WORD.finditer(text):
        between = text[found[-1].end : match.start()] if found else ""
        found.append(Token(match.start(), match.end(), match[0].lower(), bool(_JOINT.fullmatch(between))))
    return found


def _run(words: Sequence[Token], place: int) -> list[str]:
    """Return the words from a place on that no punctuation parts."""
    run = [words[place].word]
    for token in words[place + 1 : place + 16]:
        if not token.joined:
            break
        run.append(token.word)
    return run


def digits(text: str) -> Iterator[Edit]:
    """oh one oh, one two three four -> 010-1234; one of them, a second and two one stay."""
    words, place = tokens(text), 0
    while place < len(words):
        groups, after = _digit_run(text, words, place)
        count = sum(map(len, groups))
        is_spoken = any(words[i].word in DIGIT_WORDS for i in range(place, after))
        is_list = len(groups) == count < _MIN_LISTED
        if (
            count >= _MIN_DIGITS
            and not is_list
            and (is_spoken or _is_grouped(text[words[place].start : words[after - 1].end]))
        ):
            yield Edit(words[place].start, words[after - 1].end, write_groups(groups))
        place = max(after, place + 1)


def _is_grouped(written: str) -> bool:
    """Return whether figures are one number in pieces: 012 345 6789, 0-1-2-3-4."""
    return bool(_PIECES.fullmatch(written))


def _digit_run(text: str, words: Sequence[Token], place: int) -> tuple[list[str], int]:
    """Return the groups of digits from a place on, and where the words after them begin."""
    groups: list[str] = []
    is_spoken = False
    while place < len(words):
        gap = text[words[place - 1].end : words[place].start] if groups else ""
        if groups and not _GROUP_JOINT.fullmatch(gap):
            break
        read, used = _digit(words, place)
        is_figure = used == 1 and len(read) > 1
        if not used or (groups and is_figure and is_spoken and not gap.strip()):
            break
        is_spoken = is_spoken or words[place].word in DIGIT_WORDS
        if not groups or gap.strip() or (len(read) > 1 and used == 1):
            groups.append(read)
        else:
            groups[-1] += read
        place += used
    return groups, place


def _digit(words: Sequence[Token], place: int) -> tuple[str, int]:
    word = words[place].word
    if word in DIGIT_WORDS:
        follows = words[place + 1].word if place + 1 < len(words) else ""
        before = words[place - 1].word if place else ""
        is_digit = word not in {"oh", "o"} or any(
            w in DIGIT_WORDS or w in _TIMES or w.isdigit() for w in (follows, before)
        )
        scaled = follows in {"hundred", "point", "percent", "dollars"} or follows in NUMBER_WORDS - set(DIGIT_WORDS)
        return (DIGIT_WORDS[word], 1) if is_digit and not (scaled and words[place + 1].joined) else ("", 0)
    if word in _TIMES and place + 1 < len(words) and words[place + 1].joined and words[place + 1].word in DIGIT_WORDS:
        return DIGIT_WORDS[words[place + 1].word] * _TIMES[word], 2
    return (word, 1) if word.isdigit() else ("", 0)


def amounts(text: str) -> Iterator[Edit]:
    """$4,500 -> 4500 dollars; $1.2 million -> 1200000 dollars."""
    names = load_rules("en")["currencies"]
    for match in _SIGNED.finditer(text):
        sign, figure, scale = match.groups()
        number = cardinal([figure, scale] if scale else [figure])
        if number is not None:
            yield Edit(match.start(), match.end(), f"{number.text} {names[sign]}")


def cents(text: str) -> Iterator[Edit]:
    """4 dollars and 50 cents -> 4.50 dollars."""
    for match in _CENTS.finditer(text):
        yield Edit(match.start(), match.end(), f"{match[1]}.{int(match[2]):02d} dollars")


def rates(text: str) -> Iterator[Edit]:
    """four point five percent -> 4.5%, four and a half percent -> 4.5%, 4.5 percent -> 4.5%."""
    words = tokens(text)
    for place, token in enumerate(words):
        run = _run(words, place)
        decimal = _decimal(run)
        if decimal is None:
            continue
        last = words[place + decimal.words - 1]
        percent = _PERCENT.match(text, last.end)
        if percent:
            yield Edit(token.start, percent.end(), f"{decimal.text}%")
        elif decimal.spoken and decimal.words > 1 and "." in decimal.text:
            yield Edit(token.start, last.end, decimal.text)


def _decimal(run: list[str]) -> Cardinal | None:
    whole = cardinal(run)
    used = whole.words if whole else 0
    rest = run[used:]
    if rest[:1] == ["point"] and (whole is None or "." not in whole.text):
        read = 0
        fraction = ""
        for word in rest[1:]:
            if word not in DIGIT_WORDS and not (word.isdigit() and not fraction):
                break
            fraction += DIGIT_WORDS.get(word, word)
            read += 1
        if fraction:
            return Cardinal(used + 1 + read, f"{whole.text if whole else 0}.{fraction}", True)
    if rest[:3] == ["and", "a", "half"] and whole is not None and "." not in whole.text:
        return Cardinal(used + 3, f"{whole.text}.5", True)
    if run[:2] == ["half", "a"]:
        return Cardinal(2, "0.5", True) if run[2:3] == ["percent"] else None
    return whole


def dates(text: str) -> Iterator[Edit]:
    """March third -> March 3rd, March twenty three -> March 23, the twenty third of March -> the 23rd of March."""
    words = tokens(text)
    for place, token in enumerate(words):
        if token.word in _set("months") and _is_month(text, words, place):
            rest = _run(words, place)[1:]
            day = ordinal(rest) or (None if year(rest) else _small_cardinal(rest))
            if day is not None and day.spoken:
                yield Edit(words[place + 1].start, words[place + day.words].end, day.text)


def _small_cardinal(run: Sequence[str]) -> Cardinal | None:
    number = cardinal(run) if run else None
    return number if number is not None and number.text.isdigit() and 1 <= int(number.text) <= 31 else None


def _is_month(text: str, words: Sequence[Token], place: int) -> bool:
    if words[place].word not in {"may", "march"}:
        return True
    return text[words[place].start].isupper() or (place > 0 and words[place - 1].word in _set("before_month"))


def clock_times(text: str) -> Iterator[Edit]:
    """three thirty pm -> 3:30 pm, three o'clock -> 3 o'clock."""
    words = tokens(text)
    for place, token in enumerate(words):
        run = _run(words, place)
        hour = _small_cardinal(run[:1])
        if hour is None or int(hour.text) > 12 or not hour.spoken:
            continue
        minute = cardinal(run[1:3]) if len(run) > 1 and run[1] not in SCALES else None
        for used, minutes in ((1 + minute.words, f":{minute.text:0>2}") if minute else (1, ""), (1, "")):
            last = words[place + used - 1]
            is_told = _MERIDIEM.match(text, last.end) or (
                minutes and place and words[place - 1].word in _set("before_time")
            )
            if is_told and (not minutes or (minutes[1:].isdigit() and int(minutes[1:]) < 60)):
                yield Edit(token.start, last.end, hour.text + minutes)
                break


def cardinals(text: str) -> Iterator[Edit]:
    """one hundred twenty thousand dollars -> 120000 dollars; below ten only before a unit (five dollars -> 5 dollars)."""
    return _numbers(text, also_small=False)


def small_numbers(text: str) -> Iterator[Edit]:
    """one of them -> 1 of them, second -> 2nd: for counting errors alone, where both sides are treated alike."""
    return _numbers(text, also_small=True)


def _numbers(text: str, *, also_small: bool) -> Iterator[Edit]:
    words, place = tokens(text), 0
    while place < len(words):
        run = _run(words, place)
        place_after = place + 1
        number = year(run) or _ordinal(run, also_small=also_small) or cardinal(run)
        if number is not None:
            place_after = place + number.words
            if (number.spoken or number.words > 1) and (also_small or _is_worth_digits(run, number)):
                yield Edit(words[place].start, words[place_after - 1].end, number.text)
        place = place_after


def _ordinal(run: list[str], *, also_small: bool) -> Cardinal | None:
    found = ordinal(run)
    return found if found is not None and (also_small or found.words > 1) else None


def _is_worth_digits(run: list[str], number: Cardinal) -> bool:
    if number.words > 1 and run[0] in {"a"} and number.words == len(run):
        return True
    if not number.text.isdigit() or int(number.text) >= _LARGEST_WORD:
        return True
    follows = run[number.words : number.words + 1]
    return bool(follows) and follows[0] in _set("units")


def days_without_suffix(text: str) -> Iterator[Edit]:
    """March 23rd -> March 23: for counting errors alone."""
    words = tokens(text)
    for place, token in enumerate(words[:-1]):
        follows = words[place + 1]
        if token.word in _set("months") and follows.joined and follows.word.isdigit():
            suffix = re.compile(r"(?:st|nd|rd|th)\b").match(text, follows.end)
            if suffix:
                yield Edit(suffix.start(), suffix.end(), "")
