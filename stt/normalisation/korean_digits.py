"""Digits read one by one in Korean: 공일공 일이삼사 오육칠팔 is 010-1234-5678."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from stt.normalisation.digit_groups import has_one_too_many, write_groups
from stt.normalisation.draft import Edit
from stt.normalisation.rule_data import load_rules

_VALUES = {
    "공": "0",
    "영": "0",
    "빵": "0",
    "제로": "0",
    "일": "1",
    "하나": "1",
    "이": "2",
    "둘": "2",
    "삼": "3",
    "사": "4",
}
_VALUES |= {"오": "5", "육": "6", "륙": "6", "칠": "7", "팔": "8", "구": "9"}
# 이 before these is the copula: 오육칠팔이에요.
_COPULA = r"이(?=에요|예요|요|고|구요|라|야|며|거든|었|니까|세요|신|죠|지)"
_SPOKEN = rf"(?:(?!{_COPULA})(?:하나|둘|제로|[공영빵일이삼사오육륙칠팔구]))++"
# A group is read or written, never both: 23일에 40만 원 is no number of six digits.
_UNITS = rf"(?:{_SPOKEN}(?!\d)|\d++(?!(?!{_COPULA})[공영일이삼사오육륙칠팔구]))"
_GAP = r"(?:(?:국에|에|의|국) ?| ?[-,.] ?| )(?:(?:다시|대시|대쉬|하이픈) ?)?"
_RUN = re.compile(rf"(?:(?<![가-힣\dA-Za-z.,])|(?<=[은는이가])(?=공일[공일육칠팔구])){_UNITS}(?:{_GAP}{_UNITS})*")
_GROUP = re.compile(_UNITS)
_PIECE = re.compile(r"하나|둘|제로|.")
_CUE_REACH = 12
_MIN_ALONE, _MIN_TORN = 4, 5


class _Lists(NamedTuple):
    cue: re.Pattern[str]
    over: re.Pattern[str]


class _Group(NamedTuple):
    start: int
    end: int
    digits: str
    spoken: int


@cache
def _lists() -> _Lists:
    data = load_rules("ko")
    after = "|".join(sorted(data["after_digits"].split(), key=len, reverse=True))
    return _Lists(re.compile("|".join(data["digit_cues"])), re.compile(rf"$|[^가-힣\dA-Za-z]|(?:{after})"))


def digits(text: str) -> Iterator[Edit]:
    """Yield the edits of digits read one by one; 이사, 오이 and 이영구 stay words."""
    for match in _RUN.finditer(text):
        groups = _trimmed(text, [_group(m, match.start()) for m in _GROUP.finditer(match[0])])
        if groups and _is_number(text, groups):
            yield from _written(groups)


def _group(match: re.Match[str], offset: int) -> _Group:
    pieces = _PIECE.findall(match[0])
    read = "".join(_VALUES.get(piece, piece) for piece in pieces)
    return _Group(offset + match.start(), offset + match.end(), read, sum(piece in _VALUES for piece in pieces))


def _trimmed(text: str, groups: list[_Group]) -> list[_Group]:
    """Return the groups without what is no digit: a particle at the end, a word at either end."""
    while groups and not _lists().over.match(text, groups[-1].end):
        groups = groups[:-1]
    if groups and text[groups[-1].end - 1] == "이" and has_one_too_many([g.digits for g in groups]):
        last = groups[-1]
        groups[-1] = last._replace(end=last.end - 1, digits=last.digits[:-1], spoken=last.spoken - 1)
    if len(groups) > 2 and text[groups[0].start : groups[0].end] == "이" and groups[1].digits.startswith("01"):
        groups = groups[1:]
    return groups


def _is_number(text: str, groups: Sequence[_Group]) -> bool:
    count, spoken = sum(len(g.digits) for g in groups), sum(g.spoken for g in groups)
    if not spoken:
        return len(groups) in {1, 3} and write_groups([g.digits for g in groups])[:2] == "01" and count in {10, 11}
    has_cue = bool(_lists().cue.search(text, max(0, groups[0].start - _CUE_REACH), groups[0].start))
    if count < _MIN_ALONE:
        return count == _MIN_ALONE - 1 and len(groups) == 1 and has_cue
    is_torn = all(len(g.digits) == 1 for g in groups)
    return has_cue or count >= (_MIN_TORN if is_torn else _MIN_ALONE)


def _written(groups: Sequence[_Group]) -> Iterator[Edit]:
    """Yield one edit per digit group where the groups stay, so that each keeps its own words' times."""
    target = write_groups([g.digits for g in groups])
    pieces = target.split("-")
    if pieces != [g.digits for g in groups]:
        yield Edit(groups[0].start, groups[-1].end, target)
        return
    for place, group in enumerate(groups):
        yield Edit(group.start, group.end, group.digits)
        if place + 1 < len(groups):
            yield Edit(group.end, groups[place + 1].start, "-")
