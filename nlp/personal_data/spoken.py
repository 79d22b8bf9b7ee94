"""Bring text into the form detectors read, and remember where every character came from.

Full-width and other compatibility characters become plain ones, invisible characters go, and digits spoken as words
(공일공 일이삼사, ``four one five``, ``double two``) become digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import msgspec

MIN_SPOKEN = 4
"""Fewer digits in a row are words of ordinary speech more often than numbers (이사, 오이, one two)."""

_KOREAN = {
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
_KOREAN |= {"오": "5", "육": "6", "륙": "6", "유": "6", "칠": "7", "팔": "8", "구": "9"}
_ENGLISH = {
    "zero": "0",
    "oh": "0",
    "o": "0",
    "nought": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
}
_ENGLISH |= {"six": "6", "seven": "7", "eight": "8", "nine": "9"}
_TIMES = {"double": 2, "triple": 3, "quadruple": 4}

# 이 is also the copula (오육칠팔이에요) and a particle; then it is no digit.
_COPULA = r"이(?=에요|예요|요\b|고\b|고요|구요|라\b|라고|라서|야\b|며|거든|었|니까|세요|신|시|죠|지\b|란|네요|네\s)"
_KO_UNIT = rf"(?:(?!{_COPULA})(?:하나|둘|제로|[공영빵일이삼사오육륙유칠팔구])|\d)"
_KO_FILLER = (
    r"(?:어+|음+|아+|그+|저|네+|예|에|자|그러니까|그니까|그 ?다음에?는?|다음에?|그리고|뒷자리는?|앞자리는?|뒤에는?)"
)
"""What people say between the digits of a number while they read it."""
_KO_GAP = rf"(?:(?:에|의|국에|국)?[,.]?(?:\s+{_KO_FILLER}[,.]?(?=\s))+\s+|\s*[-,.]\s*|\s*(?:다시|대쉬|하이픈)\s*|(?:에|의|국에|국)\s+|\s*)"
_KO_AFTER = r"(?=[^가-힣]|$|번|입|이[에요고구라야며인랑]|예|요|고|로|으로|은|는|이|가|을|를|에|의|라|인데|야|맞|도|만|까지|하고|랑|님|네|거든|죠|지|던|였|구요|고요|으|한|쪽|생|써|라는)"
_KO_RUN = re.compile(rf"(?<![가-힣\d]){_KO_UNIT}(?:{_KO_GAP}{_KO_UNIT})+{_KO_AFTER}")
_KO_STEP = re.compile(
    rf"(?P<gap>다시|대쉬|하이픈|국에|(?<=[\s,.]){_KO_FILLER}(?=[\s,.])|[-,.에의국\s])|(?P<unit>하나|둘|제로|[공영빵일이삼사오육륙유칠팔구]|\d)"
)
_EN_DIGIT = r"(?:zero|oh|o|nought|one|two|three|four|five|six|seven|eight|nine)"
_EN_WORD = rf"(?:(?:double|triple|quadruple)\s+(?:{_EN_DIGIT}|\d)|{_EN_DIGIT}|\d{{1,6}})"
_EN_GAP = r"(?:\s*[-,.]\s*|\s+)(?:(?:uh+|um+|er+m?|ah+|hm+|dash|hyphen|space|then|and then|okay|sorry)\b[,.]?\s+)*"
_EN_RUN = re.compile(rf"(?<![\d-])\b{_EN_WORD}(?:{_EN_GAP}{_EN_WORD})+\b", re.IGNORECASE)
_EN_STEP = re.compile(rf"(?P<unit>{_EN_WORD})\b|(?P<gap>{_EN_GAP})", re.IGNORECASE)
_SEPARATOR = re.compile(r"[-,.]|dash|hyphen", re.IGNORECASE)
_INVISIBLE = frozenset(
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\ufeff"
)
_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—―−ー﹣－", "-"))


_SHAPES = frozenset(
    {(3, 4, 4), (2, 4, 4), (2, 3, 4), (3, 3, 4), (6, 7), (4, 4, 4, 4), (2, 2, 6, 2), (3, 2, 6), (3, 3, 6), (6, 2, 6)}
    | {(4, 3, 6), (3, 6, 5), (3, 4, 4, 2), (3, 6, 2, 3), (4, 2, 7), (4, 4, 4), (4, 4, 4, 1), (11,), (13,), (16,)}
)
"""Sizes of the groups of digits of numbers that people say; 오이요 ends in a 2 where that completes one, else it is 5."""
_LAST_TWO = re.compile(r"이(?=요|에요|예요|고요|구요|입니다|라고|네요|거든)")


_LOOKALIKES = dict(
    zip(
        "аеорсухіѕјԁһԛԝАВЕКМНОРСТХІЅЈαορνιΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
        "aeopcyxisjdhqwABEKMHOPCTXISJaopviABEZHIKMNOPTYX",
        strict=True,
    )
)
"""Cyrillic and Greek letters that look like Latin ones."""
_LETTER_DIGITS = str.maketrans("OoQIl|", "000111")
_MISWRITTEN = re.compile(
    r"(?<![A-Za-z가-힣\d])(?=[OoQIl|]{0,4}\d)[\dOoQIl|]{2,6}(?:[-. ][\dOoQIl|]{2,8}){1,4}(?![A-Za-z\d])"
)
"""Groups of digits in which letters stand for 0 and 1: O1O-1234-5678."""


class MappedText(msgspec.Struct, frozen=True):
    """A text derived from another; characters i .. j came from original[starts[i]:ends[j - 1]]."""

    text: str
    starts: list[int]
    ends: list[int]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the original of text[start:end]."""
        return self.starts[start], self.ends[end - 1]


def normalise(text: str) -> MappedText:
    """Return the text as detectors read it."""
    mapped = _plain(text)
    for pattern, step in ((_KO_RUN, _korean_digits), (_EN_RUN, _english_digits)):
        mapped = _replace_runs(mapped, pattern, step)
    return mapped


def _plain(text: str) -> MappedText:
    if text.isascii():
        places = list(range(len(text)))
        mapped = MappedText(text, places, [place + 1 for place in places])
    else:
        chars: list[str] = []
        starts: list[int] = []
        for place, char in enumerate(text.translate(_HYPHENS)):
            if char in _INVISIBLE:
                continue
            for piece in _plain_char(char):
                chars.append(piece)
                starts.append(place)
        mapped = MappedText("".join(chars), starts, [place + 1 for place in starts])
    read = _MISWRITTEN.sub(lambda match: match[0].translate(_LETTER_DIGITS), mapped.text)
    return msgspec.structs.replace(mapped, text=read)


def _plain_char(char: str) -> str:
    if char < "\u0080" or "가" <= char <= "힣":
        return char
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if char in _LOOKALIKES:
        return _LOOKALIKES[char]
    return char if char < "\u2000" else unicodedata.normalize("NFKC", char)


def _replace_runs(mapped: MappedText, pattern: re.Pattern[str], step: object) -> MappedText:
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for match in pattern.finditer(mapped.text):
        run = match[0]
        if pattern is _KO_RUN and _LAST_TWO.match(mapped.text, match.end()) and _is_completed(run):
            run += "이"
        digits = _joined(list(step(run)))  # type: ignore[operator]
        spoken = [digit for digit in digits if digit[3]]
        if len(spoken) < 3 or sum(len(digit[0].strip(" -")) for digit in digits) < MIN_SPOKEN:
            continue
        _copy(mapped, done, match.start(), chars, starts, ends)
        for text, begin, end, _ in digits:
            left, right = mapped.origin(match.start() + begin, match.start() + end)
            for piece in text:
                chars.append(piece)
                starts.append(left)
                ends.append(right)
        done = match.start() + len(run)
    if not done:
        return mapped
    _copy(mapped, done, len(mapped.text), chars, starts, ends)
    return MappedText("".join(chars), starts, ends)


Digit = tuple[str, int, int, bool]


def _joined(digits: list[Digit]) -> list[Digit]:
    """Return the digits without gaps where each is said apart: 공 일 공 이 오."""
    groups = "".join(text if text.isdecimal() else " " for text, *_ in digits).split()
    is_apart = len(groups) >= 7 and all(len(group) == 1 for group in groups)
    return [digit for digit in digits if digit[0].isdecimal()] if is_apart else digits


def _is_completed(run: str) -> bool:
    """Return whether one more digit makes a run of spoken digits a number of a known shape, which it is not yet."""
    groups = "".join(text if text.isdecimal() else " " for text, *_ in _korean_digits(run)).split()
    sizes = tuple(len(group) for group in groups)
    return sizes not in _SHAPES and (*sizes[:-1], sizes[-1] + 1) in _SHAPES


def _copy(mapped: MappedText, begin: int, end: int, chars: list[str], starts: list[int], ends: list[int]) -> None:
    chars.extend(mapped.text[begin:end])
    starts.extend(mapped.starts[begin:end])
    ends.extend(mapped.ends[begin:end])


def _korean_digits(run: str) -> Iterator[tuple[str, int, int, bool]]:
    """Yield (digits or gap, start, end, whether spoken) of a run such as ``공일공에 일이삼사``; a gap is one character."""
    gap: tuple[str, int, int, bool] | None = None
    for match in _KO_STEP.finditer(run):
        if match["unit"]:
            if gap is not None:
                yield gap
            gap = None
            yield _KOREAN.get(match["unit"], match["unit"]), match.start(), match.end(), match["unit"] in _KOREAN
            continue
        joint = " " if match["gap"].isspace() or match["gap"] == "," else "-"
        if gap is None:
            gap = joint, match.start(), match.end(), False
        else:
            gap = max(gap[0], joint), gap[1], match.end(), False


def _english_digits(run: str) -> Iterator[tuple[str, int, int, bool]]:
    """Yield the digits of ``zero one zero, double five``; gaps of spaces vanish, commas become hyphens."""
    for match in _EN_STEP.finditer(run):
        if match["unit"]:
            *times, word = match["unit"].lower().split()
            digit = _ENGLISH.get(word, word)
            yield digit * _TIMES.get(times[0] if times else "", 1), match.start(), match.end(), word in _ENGLISH
        elif _SEPARATOR.search(match["gap"]):
            yield "-", match.start(), match.end(), False
