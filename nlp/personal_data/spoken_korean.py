"""Numbers spoken in Korean as digits: 공일공 일이삼사, and counted as in 공일공에 삼천오백에 or 백일동 천오백이호."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nlp.personal_data.mapped_text import MappedText, Piece, rewrite

MIN_SPOKEN = 4
"""Fewer digits in a row are words of ordinary speech more often than numbers (이사, 오이)."""
MIN_COUNTED = 9
"""Fewer digits in groups of hundreds and thousands are sums of money more often (보증금 삼천에 이천)."""

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
_KOREAN |= {"셋": "3", "넷": "4", "다섯": "5", "여섯": "6", "일곱": "7", "여덟": "8", "아홉": "9"}
_KOREAN |= {"오": "5", "육": "6", "륙": "6", "유": "6", "칠": "7", "팔": "8", "구": "9"}
# 이 is also the copula (오육칠팔이에요) and a particle; then it is no digit.
_COPULA = r"이(?=에요|예요|요\b|고\b|고요|구요|라\b|라고|라서|야\b|며|거든|었|니까|세요|신|시|죠|지\b|란|네요|네\s)"
_THIS = r"이(?=\s(?:번호|전화|카드|계좌|통장|핸드폰|사람|분|주소)|\s?번호)"
_KO_UNIT = (
    rf"(?:(?!{_COPULA}|{_THIS})(?:하나|둘|셋|넷|다섯|여섯|일곱|여덟|아홉|제로|[공영빵일이삼사오육륙유칠팔구])|\d)"
)
_KO_FILLER = (
    r"(?:어+|음+|아+|그+|저|네+|예|에|자|그러니까|그니까|그 ?다음에?는?|다음에?|그리고|뒷자리는?|앞자리는?|뒤에는?)"
)
"""What people say between the digits of a number while they read it."""
_KO_GAP = rf"(?:(?:에요?|의|국에|국)?[,.]?(?:\s+{_KO_FILLER}[,.]?(?=\s))+\s+|\s*[-,.]\s*|\s*(?:다시|대쉬|하이픈)\s*|(?:에요?|의|국에|국)[,.]?\s+|\s*)"
_KO_AFTER = r"(?=[^가-힣]|$|번|입|이[에요고구라야며인랑]|예|요|고|로|으로|은|는|이|가|을|를|에|의|라|인데|야|맞|도|만|까지|하고|랑|님|네|거든|죠|지|던|였|구요|고요|으|한|쪽|생|써|라는)"
_KO_RUN = re.compile(rf"(?<![가-힣\d]){_KO_UNIT}(?:{_KO_GAP}{_KO_UNIT})+{_KO_AFTER}")
_KO_STEP = re.compile(
    rf"(?P<gap>다시|대쉬|하이픈|국에|(?<=[\s,.]){_KO_FILLER}(?=[\s,.])|[-,.에의국\s])|(?P<unit>하나|둘|셋|넷|다섯|여섯|일곱|여덟|아홉|제로|[공영빵일이삼사오육륙유칠팔구]|\d)"
)
_SHAPES = frozenset(
    {(3, 4, 4), (2, 4, 4), (2, 3, 4), (3, 3, 4), (6, 7), (4, 4, 4, 4), (2, 2, 6, 2), (3, 2, 6), (3, 3, 6), (6, 2, 6)}
    | {(4, 3, 6), (3, 6, 5), (3, 4, 4, 2), (3, 6, 2, 3), (4, 2, 7), (4, 4, 4), (4, 4, 4, 1), (11,), (13,), (16,)}
)
"""Sizes of the groups of digits of numbers that people say; 오이요 ends in a 2 where that completes one, else it is 5."""
_LAST_TWO = re.compile(r"이(?=요|에요|예요|고요|구요|입니다|라고|네요|거든)")

_ONE = "[일이삼사오육륙유칠팔구]"
_UNITS = rf"(?:{_ONE}?천[공영]?)?(?:{_ONE}?백[공영]?)?(?:{_ONE}?십)?{_ONE}?"
_COUNTED = rf"[공영]?(?=[일이삼사오육륙유칠팔구]?[천백십]){_UNITS}"
_GROUP = rf"(?:{_COUNTED}|{_KO_UNIT}{{1,8}})"
_JOINT = rf"(?:\s?(?:에|다시|대쉬|하이픈|국에|국)[,.]?(?:\s{_KO_FILLER})?\s*|\s*[-,.]\s*|\s+(?:{_KO_FILLER}\s+)?)"
_KO_COUNTED_RUN = re.compile(
    rf"(?<![가-힣\d]){_GROUP}(?:{_JOINT}{_GROUP}){{1,5}}(?!\s?(?:만|억|조|원|년|월|천|백|십|퍼센트|프로|달러)){_KO_AFTER}"
)
_PART = re.compile(rf"(?P<joint>{_JOINT})|(?P<counted>{_COUNTED})|(?P<digits>{_KO_UNIT})")
_HOUSE_GROUP = rf"(?:{_COUNTED}|[공영일이삼사오육륙칠팔구]{{1,4}}|\d{{1,4}})"
_HOUSE_AFTER = r"(?=[^가-힣]|$|이?에요|예요|이?요|입니다|이?고|인데|이?라|이?네|에(?![가-힣])|에서|로(?![가-힣])|으로)"
_HOME = re.compile(
    rf"(?<![가-힣\d])(?:(?P<a>{_HOUSE_GROUP})단지\s?)?(?P<b>{_HOUSE_GROUP})동\s?(?:(?P<c>{_HOUSE_GROUP})층\s?)?(?P<d>{_HOUSE_GROUP})호"
)
_FLOOR = re.compile(rf"(?<![가-힣\d])(?P<a>{_HOUSE_GROUP})(?=층|호(?![가-힣]{{2}}))")
_HOUSE = re.compile(
    rf"(?<=[가-힣][로길동리가]\s)(?P<a>{_HOUSE_GROUP})(?:(?P<dash>\s?(?:다시|대쉬|에|-)\s?)(?P<b>{_HOUSE_GROUP}))?"
    rf"(?:(?=번지|번길|길|번\s|\s(?:지하\s?)?{_HOUSE_GROUP}[층호동])|{_HOUSE_AFTER})"
)
_BIRTH = re.compile(
    rf"(?:생년월일|생일)(?:은요|[은는이요])?(?:\s[가-힣]{1, 8}(?:요|니다|데))?\s(?P<a>{_GROUP})(?P<b>[\s,.]{{1,2}}|에\s?)(?P<c>{_GROUP})(?P<d>[\s,.]{{1,2}}|에\s?)(?P<e>{_GROUP})(?=[^가-힣\d]|$|이?에요|예요|입니다|이?요|이?고)"
)
_NUMBER_CUE = re.compile(r"(?:번호|연락처|전화|핸드폰|휴대폰|폰|계좌|카드|면허|여권)(?:[은는이가요]|은요|는요)?\s\Z")
_HANGUL = re.compile("[가-힣]")
_HAS_COUNT = re.compile("[천백십]")
_PLACES = {"천": 1_000, "백": 100, "십": 10}


def with_digits(mapped: MappedText) -> MappedText:
    """Return the text with Korean numbers as digits where they are numbers of somebody or of a house."""
    if _HAS_COUNT.search(mapped.text):
        mapped = rewrite(mapped, _KO_COUNTED_RUN, _counted_run)
    mapped = rewrite(mapped, _KO_RUN, _digit_run)
    mapped = rewrite(mapped, _BIRTH, _birth_date)
    for pattern in (_HOME, _HOUSE, _FLOOR):
        mapped = rewrite(mapped, pattern, _house_number)
    return mapped


def value_of(words: str) -> str:
    """Return the digits of one spoken group: 삼천오백 is 3500, 공삼십일 is 031, 일이삼 is 123."""
    if not _HAS_COUNT.search(words):
        return "".join(_KOREAN.get(unit, unit) for unit in re.findall(_KO_UNIT, words))
    zero, total, one = "0" if words[0] in "공영" else "", 0, 0
    for char in words:
        if char in "공영":
            continue
        if char in _PLACES:
            total, one = total + (one or 1) * _PLACES[char], 0
        else:
            one = int(_KOREAN[char])
    return f"{zero}{total + one}"


def _counted_run(match: re.Match[str]) -> Sequence[Piece]:
    """Return the digits of 공일공에 삼천오백에 육칠팔구 and of other runs in which a group is counted."""
    pieces: list[Piece] = []
    for part in _PART.finditer(match[0]):
        if part["joint"]:
            pieces.append(Piece(" " if part["joint"].isspace() else "-", part.start(), part.end()))
        else:
            pieces.append(Piece(value_of(part[0]), part.start(), part.end(), not part[0].isdecimal()))
    digits = sum(len(piece.text) for piece in pieces if piece.text.isdecimal())
    is_counted = any(part["counted"] for part in _PART.finditer(match[0]))
    is_told = _NUMBER_CUE.search(match.string[max(0, match.start() - 16) : match.start()])
    is_joined = is_told or pieces[0].text.startswith("0") or all(piece.text != " " for piece in pieces)
    return [p.moved(match.start()) for p in pieces] if is_counted and is_joined and digits >= MIN_COUNTED else ()


def _birth_date(match: re.Match[str]) -> Sequence[Piece]:
    """Return the digits of a date of birth told as 공이 공육 십팔."""
    if not _HANGUL.search(match["a"] + match["c"] + match["e"]):
        return ()
    year, month, day = (value_of(match[name]) for name in "ace")
    if len(year) not in (2, 4) or not 1 <= int(month) <= 12 or not 1 <= int(day) <= 31:
        return ()
    groups = zip("abcde", (year, " ", month.zfill(2), " ", day.zfill(2)), strict=True)
    return [Piece(text, *match.span(name)) for name, text in groups]


def _house_number(match: re.Match[str]) -> Sequence[Piece]:
    """Return the digits of a house, a flat and a floor, with what stands between them as it is."""
    pieces: list[Piece] = []
    for name, text in match.groupdict().items():
        start, end = match.span(name)
        if text is None:
            continue
        if pieces and pieces[-1].end < start:
            pieces.append(Piece(match.string[pieces[-1].end : start], pieces[-1].end, start))
        pieces.append(Piece("-" if name == "dash" else value_of(text), start, end))
    return pieces


def _digit_run(match: re.Match[str]) -> Sequence[Piece]:
    run = match[0]
    if _HANGUL.search(run) and _LAST_TWO.match(match.string, match.end()) and _is_completed(run):
        run += "이"
    pieces = _joined(list(_digits(run)))
    spoken = sum(piece.is_spoken for piece in pieces)
    digits = sum(len(piece.text.strip(" -")) for piece in pieces)
    is_hesitant = digits >= MIN_COUNTED and bool(_HANGUL.search(run))
    if not is_hesitant and (spoken < 3 or digits < MIN_SPOKEN):
        return ()
    return [piece.moved(match.start()) for piece in pieces]


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Return the digits without gaps where each is said apart: 공 일 공 이 오."""
    groups = "".join(piece.text if piece.text.isdecimal() else " " for piece in pieces).split()
    is_apart = len(groups) >= MIN_SPOKEN and all(len(group) == 1 for group in groups)
    return [piece for piece in pieces if piece.text.isdecimal()] if is_apart else pieces


def _is_completed(run: str) -> bool:
    """Return whether one more digit makes a run of spoken digits a number of a known shape, which it is not yet."""
    groups = "".join(piece.text if piece.text.isdecimal() else " " for piece in _digits(run)).split()
    sizes = tuple(len(group) for group in groups)
    return sizes not in _SHAPES and (*sizes[:-1], sizes[-1] + 1) in _SHAPES


def _digits(run: str) -> Iterator[Piece]:
    """Yield the digits and gaps of a run such as ``공일공에 일이삼사``; a gap is one character."""
    gap: Piece | None = None
    for match in _KO_STEP.finditer(run):
        if match["unit"]:
            if gap is not None:
                yield gap
            gap = None
            yield Piece(_KOREAN.get(match["unit"], match["unit"]), match.start(), match.end(), match["unit"] in _KOREAN)
            continue
        joint = " " if match["gap"].isspace() or match["gap"] == "," else "-"
        gap = (
            Piece(joint, match.start(), match.end())
            if gap is None
            else Piece(max(gap.text, joint), gap.start, match.end())
        )
