"""Whose life, whose loss: 동생이 결혼해요 and "my friend was scammed" are not the caller's, nor what was years ago or on television."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from nlp import data_files

MINE, CHILD, FAMILY, OTHERS, TOLD = "mine", "child", "family", "others", "told"
_KINDS = (MINE, CHILD, FAMILY, OTHERS, TOLD)
_HANGUL = re.compile("[가-힣]")
_PARTICLES = r"(?=[이가은는도을를의들네님께한에랑하과와보처인라만까분씨쪽집내따말소추대덕때]|\W|$)"
_BESIDE_KO = re.compile(
    r"(?:들|네|님|분|씨)*(?:이랑|랑|하고|과(?![가-힣])|와(?![가-힣])|한테|에(?!서)|께(?!서)|보다|처럼|대신|따라|덕분|때문|이?라고|이?라면서|이?라며|인 ?척|인 ?줄|만 ?빼"
    r"| ?(?:소개|추천|권유|말|얘기|이야기|계좌|명의|이름|통장|카드|번호)(?=로|으로|을|를|이|가|에|도|은|는|\s)| ?(?:집|댁|회사|가게)(?:에|을|를|으로|이|근처))"
)
"""People who are there but do nothing: 친구랑 같이, 언니 소개로, 부모님 집에서."""
_TURNS_KO = re.compile(
    r"(?<!있)(?<!하나 있)는데|은데|인데|니까|길래|더니|지만|거든요|고 해서|래서|줘서|주셔서|해줘|해 줘|추천해서|소개해서|[어아]요[ .]|니다[ .]|[.?!]"
)
"""Where somebody else may be meant from here on: 친구가 추천해 줬는데 | 이사를 가요."""
_ADJACENT = re.compile(r"(?:들|네|의|님|분|씨|'s|s')*\s?(?:\w+ )?")
_SEEN_KO = re.compile(r"(?:보|봤|나오|나왔|들었|들으)$")
_TURNS_EN = re.compile(r"[.;?!]")
_CLAUSES_EN = re.compile(r"[,.;?!]| and | but | so ")
_HEARSAY = re.compile(r"^.{0,9}?(?:[ㄴ-ㅎ가-힣]대요|[가-힣]대$|다던데|다더라|다네요|다고 하더|다고 들었|다면서요|단다)")
_HONOURED = re.compile(
    r"^(?:을 |를 |식을 )?(?:하|되|받으|두|가|나가|나오|옮기|떠나|올리|치르|들어가)?(?:셨|시(?:고|는|면|니|거|어)|신(?:대|다|\b)|세요)"
)
_OWNERS = frozenset({CHILD, FAMILY, OTHERS})
_SAME_SUBJECT = frozenset({"marriage", "moving", "job_change", "retirement"})
_BEARS_KO = re.compile(r"임신|출산|낳|가졌|가져|만삭|산부인과|조리원|육아|입덧")
_GROWN = frozenset(
    {
        "딸",
        "큰딸",
        "작은딸",
        "막내딸",
        "외동딸",
        "아들",
        "큰아들",
        "작은아들",
        "큰애",
        "작은애",
        "딸아이",
        "자녀",
        "자식",
    }
)
_BEARS_EN = re.compile(r"pregnan|expecting|hav(?:e|ing) |had |has |gave birth|giving birth|due|maternity|paternity")
_WITH_EN = re.compile(r"\b(?:with|from|by|like|than|at)\s+(?:(?:my|our|a|an|the|his|her|an?other)\s+)*(?:\w+\s+)?$")
_PRONOUN = re.compile(r"\b(?:he|she|he's|she's|his|her)\b")
_AFTERWARDS_EN = re.compile(r"^\W*(?:\w+\W+){0,2}?(?:of|for)\s+(?:(?:my|our|a|an|the)\s+)?(?:\w+\s+)?(?P<who>[\w-]+)")


Place = tuple[int, int]


class Person(msgspec.Struct, frozen=True):
    """Somebody at text[start:end] and what they are to the caller."""

    kind: str
    start: int
    end: int


class _People(msgspec.Struct, frozen=True):
    words: re.Pattern[str]
    kinds: dict[str, str]
    years_ago: re.Pattern[str]
    for_years: re.Pattern[str]


def is_own(sentence: str, label: str, place: Place | None = None) -> bool:
    """Return whether a life event at a place of a sentence is one of the caller's household, and of these days.

    Without a place the whole sentence tells of it.
    """
    text = _lowered(sentence)
    start, end = place or (len(text), len(text))
    if _is_past(text, start, end):
        return False
    who = _who(text, start, end, turns=place is not None)
    if who is None:
        told = text[end:] if place else text[-8:]
        return not (_HANGUL.search(text) and label in _SAME_SUBJECT and _is_anothers(told))
    if who.kind == CHILD:
        return label == "study_abroad" or (label == "birth" and not _bears(text, who, end))
    return who.kind == MINE


def is_hearsay(sentence: str, place: Place | None = None) -> bool:
    """Return whether what is said at a place befell neither the caller nor the family, or was only in the news."""
    text = _lowered(sentence)
    start, end = place or (len(text), len(text))
    who = _who(text, start, end, turns=place is not None)
    return who is not None and who.kind in (OTHERS, TOLD)


def _lowered(sentence: str) -> str:
    """Return a sentence in lower case, or as it is where a letter grows in it and places would shift."""
    text = sentence.lower()
    return text if len(text) == len(sentence) else sentence


def _who(text: str, start: int, end: int, *, turns: bool) -> Person | None:
    """Return the nearest person before a place who can be its subject, None where nobody is named."""
    is_korean = bool(_HANGUL.search(text))
    people = list(_persons(text, is_korean))
    if not is_korean and (later := _AFTERWARDS_EN.match(text[end:])):
        kind = _load("en").kinds.get(later["who"].removesuffix("'s"))
        if kind and kind != MINE:
            return Person(kind, end + later.start("who"), end + later.end("who"))
    ends = (_TURNS_KO if is_korean else _TURNS_EN).finditer(text, 0, start) if turns else ()
    turn = max((m.end() for m in ends if not _SEEN_KO.search(text[: m.start()])), default=0)
    before = [p for p in people if turn <= p.start and p.end <= start and not _is_beside(text, p, is_korean)]
    if not before:
        return None
    told = [p for p in before if p.kind == TOLD]
    if told and not any(p.kind == MINE for p in before if p.start > told[-1].start):
        return told[-1]
    if not turns:  # of a whole sentence the first who does something
        before = before[: 2 if len(before) > 1 and _ADJACENT.fullmatch(text[before[0].end : before[1].start]) else 1]
    return _possessor(text, before) if is_korean else _meant(text, before, start)


def _possessor(text: str, before: list[Person]) -> Person:
    """Return whose the nearest person is: of 친구 딸 the friend, of 제 친구 the friend."""
    *others, nearest = before
    if others and nearest.kind in (CHILD, MINE, FAMILY):
        owner = others[-1]
        if owner.kind in _OWNERS and re.fullmatch(
            r"(?:네|의|님|분|씨|네집|네 집)*\s?", text[owner.end : nearest.start]
        ):
            return owner
    return nearest


def _meant(text: str, before: list[Person], start: int) -> Person:
    """Return the nearest person; whose a husband is, if it is not the caller's; who "she" is, where somebody was named."""
    nearest = before[-1]
    pronoun = max((m.start() for m in _PRONOUN.finditer(text, 0, start)), default=-1)
    named = [p for p in before if p.kind != MINE]
    if named and pronoun > nearest.start:
        return named[-1]
    if nearest.kind in (MINE, CHILD) and len(before) > 1:
        owner = before[-2]
        if owner.kind in _OWNERS and re.fullmatch(r"(?:'s|s')\s+(?:\w+\s+)?", text[owner.end : nearest.start]):
            return owner
    return nearest


def _is_beside(text: str, person: Person, is_korean: bool) -> bool:
    if person.kind == TOLD:
        return False
    if is_korean:
        return bool(_BESIDE_KO.match(text, person.end))
    return not text.startswith("'s", person.end) and bool(
        _WITH_EN.search(text[max(0, person.start - 24) : person.start])
    )


def _is_past(text: str, start: int, end: int) -> bool:
    language = "ko" if _HANGUL.search(text) else "en"
    people, turns = _load(language), _TURNS_KO if language == "ko" else _CLAUSES_EN
    for match in people.years_ago.finditer(text):
        between = text[match.end() : start] if match.end() <= start else text[end : match.start()]
        if not turns.search(between):
            return True
    rest = text[end:]
    after = turns.search(rest)
    reach = rest[: after.start() if after else len(rest)][:24]
    return bool(people.for_years.search(reach))


def _is_anothers(after: str) -> bool:
    """Return whether a Korean verb is one that callers do not use of themselves: 결혼한대요, 은퇴하셨어요."""
    return bool(_HEARSAY.match(after) or _HONOURED.match(after))


def _bears(text: str, who: Person, end: int) -> bool:
    """Return whether a child is the one who has a baby, not the baby: 딸이 출산했어요, but 딸을 낳았어요, "my son was born"."""
    if not _HANGUL.search(text):
        return bool(_BEARS_EN.search(text[who.end : end]))
    said = text[who.end : who.end + 12]
    return text[who.start : who.end] in _GROWN and bool(_BEARS_KO.search(said)) and not re.match("[을를]", said)


def _persons(text: str, is_korean: bool) -> Iterable[Person]:
    people = _load("ko" if is_korean else "en")
    for match in people.words.finditer(text):
        yield Person(people.kinds[match["who"]], match.start("who"), match.end("who"))


@lru_cache(maxsize=2)
def _load(language: str) -> _People:
    raw: Mapping[str, Any] = data_files.load("insights/people.yaml")[language]
    kinds = {str(word).lower(): kind for kind in _KINDS for word in raw[kind]}
    words = "|".join(re.escape(word) for word in sorted(kinds, key=len, reverse=True))
    pattern = rf"(?<![가-힣])(?P<who>{words}){_PARTICLES}" if language == "ko" else rf"\b(?P<who>{words})\b"
    return _People(re.compile(pattern), kinds, _either(raw["years_ago"]), _either(raw["for_years"]))


def _either(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
