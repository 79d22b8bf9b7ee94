"""E-mail addresses read aloud: 케이아이엠 칠칠 골뱅이 지메일 닷컴, ``j dot smith at gmail dot com``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.personal_data.letters import KOREAN_LETTER
from nlp.personal_data.span_recognizer import SpanRecognizer

_SIGN_KO = "점|닷|쩜|언더바|언더스코어|밑줄|하이픈|대시|마이너스|빼기|플러스"
_END_KO = r"(?:컴|넷|씨오\s?(?:점|닷|쩜|\.)?\s?(?:케이알|kr)|케이알|오알지|아이오|com|net|co\.kr|kr|org|io)"
_DOT_KO = r"\s?(?:닷|점|쩜|\.)\s?"
_PROVIDER_KO = (
    "네이버|지메일|쥐메일|한메일|다음|카카오|네이트|핫메일|아웃룩|야후|아이클라우드|naver|gmail|daum|kakao|nate"
)
_AT_KO = re.compile(
    rf"\s?(?:골뱅이|앳|@)\s?(?:[A-Za-z0-9-]{{2,30}}\.(?:com|net|co\.kr|kr|org)|(?:[A-Za-z0-9-]{{2,20}}|(?:{KOREAN_LETTER}){{2,8}}|[가-힣]{{2,8}})"
    rf"{_DOT_KO}{_END_KO}(?:{_DOT_KO}{_END_KO})?|(?:{_PROVIDER_KO}))",
    re.IGNORECASE,
)
_PART_KO = re.compile(
    rf"(?:[A-Za-z0-9._+-]|{KOREAN_LETTER}|{_SIGN_KO}|[공영일이삼사오육칠팔구]){{1,40}}", re.IGNORECASE
)
_STARTS_WITH_SIGN = re.compile(rf"(?:{_SIGN_KO}|[._-])")
_ANY_KO = re.compile(r"[가-힣]{1,10}\d{0,6}")
_LABEL_KO = re.compile(
    r"(?:이?메일|이멜|주소|아이디|mail|e-?mail)(?:주소)?(?:은|는|이|가|요|를)?|[네예음어]", re.IGNORECASE
)
_TLD_EN = "com|net|org|co|kr|edu|io|gov|info|us|uk|au|ca|de|me|c\\so\\sm"
_AT_EN = re.compile(
    rf"\sat\s+(?:[a-z0-9-]{{1,30}}(?:\s(?!dot\b|at\b)[a-z0-9-]{{1,20}}){{0,9}}?)(?:\s+(?:dot|period)\s+(?:{_TLD_EN})\b){{1,3}}",
    re.IGNORECASE,
)
_WORD_EN = re.compile(r"[a-z0-9'+_.-]+", re.IGNORECASE)
_SIGN_EN = frozenset(["dot", "underscore", "dash", "hyphen", "period", "plus", "minus"])
_NUMBER_EN = re.compile(
    "zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-z]{3,6}teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|double|triple|[0-9]{1,6}|[a-z]"
)
_CUES_EN = frozenset(["is", "it's", "its", "to", "address", "email", "e-mail", "mail", "under"])
_NEVER_EN = frozenset(
    [
        "me",
        "us",
        "him",
        "her",
        "it",
        "you",
        "them",
        "is",
        "it's",
        "its",
        "at",
        "on",
        "by",
        "via",
        "email",
        "e-mail",
        "mail",
        "address",
        "addresses",
        "to",
        "write",
        "reach",
        "contact",
        "send",
        "my",
        "the",
        "or",
        "and",
        "should",
        "be",
        "meet",
        "look",
        "here",
        "there",
        "can",
        "please",
        "a",
        "an",
        "i",
        "we",
        "they",
        "with",
        "that",
        "this",
        "was",
        "are",
        "go",
        "yes",
        "no",
        "okay",
        "ok",
        "so",
        "uh",
        "um",
        "well",
    ]
)
_MAX_WORDS, _MAX_BEFORE = 14, 90


class SpokenEmailRecognizer(SpanRecognizer):
    """From the at sign to the left as far as letters, digits, names of signs go, to the right to the end of the domain.

    Source: RFC 5321, section 4.1.2; National Institute of Korean Language for how letters are called.
    """

    needs = re.compile(r"(?i)골뱅이|앳|@|\bdot\b|\bperiod\b")

    def __init__(self, language: str) -> None:
        super().__init__("EMAIL", language)

    def spans(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Yield the addresses."""
        for pattern, local in ((_AT_KO, _local_ko), (_AT_EN, _local_en)):
            for match in pattern.finditer(text):
                start = local(text, match.start())
                if start is not None:
                    yield start, match.end(), 0.9


def _words_before(text: str, end: int, pattern: re.Pattern[str]) -> list[tuple[int, str]]:
    """Return where the words before a place begin, the nearest first."""
    begin = max(0, end - _MAX_BEFORE)
    words = [(begin + m.start(), m[0]) for m in re.finditer(r"\S+", text[begin:end])]
    words.reverse()
    kept: list[tuple[int, str]] = []
    for start, word in words[:_MAX_WORDS]:
        if not pattern.fullmatch(word):
            break
        kept.append((start, word))
    return kept


def _local_ko(text: str, end: int) -> int | None:
    """Return where the local part begins: 에스 유 엔 밑줄 이공이공, angel 1004, 민 점 케이."""
    if text[end : end + 1] == "":
        return None
    words = _words_before(text, end, _PART_KO)
    words = [
        word for number, word in enumerate(words) if not any(_LABEL_KO.fullmatch(w) for _, w in words[: number + 1])
    ]
    start = words[-1][0] if words else end
    if words and not _STARTS_WITH_SIGN.match(words[-1][1]):
        return start
    before = _words_before(text, start, _ANY_KO)
    if before and not _LABEL_KO.fullmatch(before[0][1]):
        return before[0][0]
    return start if words and len(words) > 1 else None


def _local_en(text: str, end: int) -> int | None:
    """Return where the local part begins: john dot smith seventy seven, s patel, red dot panda nine nine."""
    words = [(start, word.lower().strip(".,")) for start, word in _words_before(text, end, re.compile(r"\S+"))]
    if not words or words[0][1] in _NEVER_EN or not _WORD_EN.fullmatch(words[0][1]):
        return None
    last = 0
    while last + 1 < len(words):
        before = words[last + 1][1]
        if before in _SIGN_EN and last + 2 < len(words) and words[last + 2][1] not in _NEVER_EN:
            last += 2
        elif before in _NEVER_EN or not _WORD_EN.fullmatch(before):
            break
        elif _NUMBER_EN.fullmatch(before) or (len(words[last][1]) > 1 and _NUMBER_EN.fullmatch(words[last][1])):
            last += 1
        else:
            break
    return words[_told_from(words, last)][0]


def _told_from(words: list[tuple[int, str]], last: int) -> int:
    """Return the first word of an address that is told (my email is lucky day …), else the one given."""
    for further in range(last + 1, min(last + 4, len(words))):
        if words[further][1] in _CUES_EN:
            return further - 1
        if words[further][1] in _NEVER_EN:
            break
    return last
