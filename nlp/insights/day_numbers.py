"""Small numbers as they are said in dates: 이십팔, 세 (달), ``fifteenth``, ``a couple of``."""

from __future__ import annotations

_SINO = {"일": 1, "이": 2, "삼": 3, "사": 4, "오": 5, "육": 6, "유": 6, "칠": 7, "팔": 8, "구": 9}
_NATIVE = {
    "한": 1,
    "두": 2,
    "세": 3,
    "석": 3,
    "네": 4,
    "넉": 4,
    "다섯": 5,
    "여섯": 6,
    "일곱": 7,
    "여덟": 8,
    "아홉": 9,
    "열": 10,
}
KOREAN_NUMBER = r"(?:\d{1,3}|[이삼사오육칠팔구]?십[일이삼사오육칠팔구]?|시(?=\s?월)|유(?=\s?월)|[일이삼사오육칠팔구]|한|두|세|석|네|넉|다섯|여섯|일곱|여덟|아홉|열)"

_ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
_ORDINALS = ("zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth")  # fmt: skip
_ENGLISH = {
    **{name: number for number, name in enumerate(_ONES)},
    **{name: number for number, name in enumerate(_ORDINALS)},
    **{"a": 1, "an": 1, "a couple of": 2, "couple of": 2, "a few": 3, "few": 3},
    **{"twenty": 20, "twentieth": 20, "thirty": 30, "thirtieth": 30},
    **{f"twenty{gap}{_ONES[n]}": 20 + n for n in range(1, 10) for gap in (" ", "-")},
    **{f"twenty{gap}{_ORDINALS[n]}": 20 + n for n in range(1, 10) for gap in (" ", "-")},
    **{f"thirty{gap}{word}": 31 for word in ("one", "first") for gap in (" ", "-")},
}
ENGLISH_NUMBER = r"(?:\d{1,3}|" + "|".join(sorted(_ENGLISH, key=len, reverse=True)) + r")"


def korean_number(said: str) -> int | None:
    """Return the number, None for what is none: 28, 이십팔, 세, 시(월)."""
    if said.isdecimal():
        return int(said)
    if said in _NATIVE:
        return _NATIVE[said]
    if said == "시":
        return 10
    if "십" not in said:
        return _SINO.get(said)
    tens, ones = said.split("십", 1)
    return _SINO.get(tens, 1) * 10 + _SINO.get(ones, 0)


def english_number(said: str) -> int | None:
    """Return the number, None for what is none: ``15th``, ``fifteenth``, ``a couple of``."""
    bare = said.strip()
    if bare[:1].isdecimal():
        return int("".join(char for char in bare if char.isdecimal()))
    return _ENGLISH.get(bare)
