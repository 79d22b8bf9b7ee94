"""Made-up personal data as people write it and as they say it, and numbers that only look like it."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

_KO = "공일이삼사오육칠팔구"
_EN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")  # fmt: skip
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
SPOKEN_SHARE = 0.3
_ACCOUNTS = ("6-2-6", "3-3-6", "4-3-6", "3-6-5", "3-4-4-2", "3-6-2-3", "4-2-7", "4-4-4", "3-2-6", "4-4-4-1", "3-3-6")
_ENGLISH_DAYS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth")  # fmt: skip

Words = dict[str, list[str]]


def value_of(kind: str, dice: Random, language: str, words: Words) -> str:
    """Return one value of a kind or of a slot of hard negatives."""
    if kind in _PERSONAL:
        return _PERSONAL[kind](dice, language, words)
    return _HARMLESS[kind](dice, words)


def is_personal(kind: str) -> bool:
    """Return whether a slot holds personal data."""
    return kind in _PERSONAL


def _digits(dice: Random, count: int) -> str:
    return "".join(str(dice.randrange(10)) for _ in range(count))


def _birth(dice: Random) -> tuple[int, int, int]:
    return dice.randrange(1945, 2023), dice.randrange(1, 13), dice.randrange(1, 29)


def _resident(dice: Random, language: str, words: Words) -> str:
    year, month, day = _birth(dice)
    head = f"{year % 100:02}{month:02}{day:02}"
    body = str((3 if year >= 2000 else 1) + dice.randrange(2)) + _digits(dice, 5)
    check = (11 - sum(w * int(d) for w, d in zip(_WEIGHTS, head + body, strict=True)) % 11) % 10
    has_check = (year, month) < (2020, 10)
    return _said(dice, language, [head, body + (str(check) if has_check else _digits(dice, 1))], ("-", "-", "-", ""))


def _foreigner(dice: Random, language: str, words: Words) -> str:
    year, month, day = _birth(dice)
    sex = (7 if year >= 2000 else 5) + dice.randrange(2)
    return _said(dice, language, [f"{year % 100:02}{month:02}{day:02}", f"{sex}{_digits(dice, 6)}"], ("-", "-", ""))


def _passport(dice: Random, language: str, words: Words) -> str:
    letter = dice.choice("MMMSRG")
    return letter + (
        _digits(dice, 8) if dice.random() < 0.5 else f"{_digits(dice, 3)}{dice.choice('ABCDEF')}{_digits(dice, 4)}"
    )


def _licence(dice: Random, language: str, words: Words) -> str:
    groups = [str(dice.randrange(11, 27)), f"{dice.randrange(80, 124) % 100:02}", _digits(dice, 6), _digits(dice, 2)]
    return _said(dice, language, groups, ("-", "-", " "))


def _phone(dice: Random, language: str, words: Words) -> str:
    if language == "en" and dice.random() < 0.6:
        return _said(
            dice,
            language,
            [f"{dice.randrange(201, 990)}", f"{dice.randrange(200, 1000)}", _digits(dice, 4)],
            ("-", " ", "."),
        )
    kind = dice.random()
    middle, last = f"{dice.randrange(2000, 10000)}", _digits(dice, 4)
    if kind < 0.7:
        return _said(dice, language, ["010", middle, last], ("-", "-", " ", "", "."))
    if kind < 0.82:
        area = dice.choice(("02", "031", "051", "064", "053", "070"))
        return f"{area}-{middle if area == '070' or dice.random() < 0.5 else middle[1:] if middle[1] != '0' else '3' + middle[2:]}-{last}"
    return f"+82 10-{middle}-{last}" if kind < 0.92 else f"+82-2-{middle}-{last}"


def _card(dice: Random, language: str, words: Words) -> str:
    digits = dice.choice("45569") + _digits(dice, 14)
    total = sum(sum(divmod(int(d) * 2, 10)) if i % 2 == 0 else int(d) for i, d in enumerate(digits))
    digits += str(-total % 10)
    return _said(dice, language, [digits[i : i + 4] for i in range(0, 16, 4)], ("-", " ", "-", ""))


def _account(dice: Random, language: str, words: Words) -> str:
    sizes = [int(size) for size in dice.choice(_ACCOUNTS).split("-")]
    groups = [str(dice.randrange(1, 10)) + _digits(dice, sizes[0] - 1), *(_digits(dice, size) for size in sizes[1:])]
    return _said(dice, language, groups, ("-", "-", "-", ""))


def _email(dice: Random, language: str, words: Words) -> str:
    name, domain = dice.choice(words["mail_names"]), dice.choice(words["mail_domains"])
    if dice.random() >= SPOKEN_SHARE:
        return f"{name}@{domain}"
    if language == "ko":
        spoken = {"naver.com": "네이버 닷컴", "gmail.com": "지메일 닷컴", "daum.net": "다음 닷넷"}.get(
            domain, "네이버 점 컴"
        )
        plain = "".join(char for char in name if char.isalnum())
        return f"{plain} 골뱅이 {spoken}"
    return f"{name.replace('_', ' underscore ').replace('.', ' dot ').replace('-', ' dash ')} at {domain.replace('.', ' dot ')}"


def _address(dice: Random, language: str, words: Words) -> str:
    if language == "ko":
        return dice.choice(words["roads"]) + dice.choice(words["flats"])
    return dice.choice(words["streets"]) + dice.choice(words["towns"])


def _person(dice: Random, language: str, words: Words) -> str:
    if language == "ko":
        return dice.choice(words["surnames"]) + dice.choice(words["given"])
    if dice.random() < 0.2:
        return dice.choice(words["romanised"])
    return f"{dice.choice(words['english_given'])} {dice.choice(words['english_surnames'])}"


def _birth_date(dice: Random, language: str, words: Words) -> str:
    year, month, day = _birth(dice)
    if language == "ko":
        forms: tuple[str, ...] = (f"{year}년 {month}월 {day}일", f"{year % 100:02}년 {month}월 {day}일", f"{year}-{month:02}-{day:02}", f"{year}.{month}.{day}", f"{year % 100:02}{month:02}{day:02}", f"{_sino(year)}년 {_ko_month(month)} {_sino(day)}일")  # fmt: skip
        return dice.choice(forms)
    forms = (f"{_MONTHS[month - 1]} {day}, {year}", f"{month}/{day}/{year}", f"{_MONTHS[month - 1]} {_ENGLISH_DAYS[day % 20]} {_year_words(year)}", f"{day} {_MONTHS[month - 1]} {year}")  # fmt: skip
    return dice.choice(forms)


def _ko_month(month: int) -> str:
    return {6: "유월", 10: "시월"}.get(month, f"{_sino(month)}월")


def _sino(number: int) -> str:
    text = ""
    for unit, name in ((1000, "천"), (100, "백"), (10, "십"), (1, "")):
        count = number // unit % 10
        if count:
            text += ("" if count == 1 and name else _KO[count]) + name
    return text


def _year_words(year: int) -> str:
    tens = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
    teens = (
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    )
    if 2000 <= year < 2010:
        return "two thousand" + (f" {_EN[year % 10]}" if year % 10 else "")
    rest = year % 100
    word = teens[rest - 10] if 10 <= rest < 20 else tens[rest // 10] + (f" {_EN[rest % 10]}" if rest % 10 else "")
    return f"{'nineteen' if year < 2000 else 'twenty'} {word}"


def _said(dice: Random, language: str, groups: list[str], joints: tuple[str, ...]) -> str:
    """Return groups of digits written with one of the joints, or spoken as words."""
    if dice.random() >= SPOKEN_SHARE:
        return dice.choice(joints).join(groups)
    if language == "ko":
        joint = dice.choice((" ", " ", "에 ", " 다시 "))
        return joint.join("".join(_KO[int(d)] for d in group) for group in groups)
    return dice.choice((" ", ", ")).join(_english(dice, group) for group in groups)


def _english(dice: Random, group: str) -> str:
    zero = dice.choice(("zero", "oh"))
    said: list[str] = []
    place = 0
    while place < len(group):
        word = zero if group[place] == "0" else _EN[int(group[place])]
        is_double = group[place + 1 : place + 2] == group[place] and dice.random() < 0.5
        said.append(f"double {word}" if is_double else word)
        place += 2 if is_double else 1
    return " ".join(said)


def _any_date(dice: Random) -> tuple[int, int, int]:
    return dice.randrange(2024, 2031), dice.randrange(1, 13), dice.randrange(1, 29)


def _date(dice: Random, words: Words) -> str:
    year, month, day = _any_date(dice)
    return dice.choice((f"{year}년 {month}월 {day}일", f"{month}월 {day}일", f"{year}-{month:02}-{day:02}", f"{year % 100}년 {month}월 {day}일"))  # fmt: skip


def _english_date(dice: Random, words: Words) -> str:
    year, month, day = _any_date(dice)
    return dice.choice((f"{_MONTHS[month - 1]} {day}, {year}", f"{month}/{day}/{year}", f"{_MONTHS[month - 1]} {day}"))


def _amount(dice: Random, words: Words) -> str:
    return dice.choice((f"{dice.randrange(2, 90)},000,000원", f"{dice.randrange(2, 90)}천만 원", f"{dice.randrange(100, 990)}만원", "오천팔백이십만 원", "일억 이천만 원"))  # fmt: skip


_PERSONAL: dict[str, Callable[[Random, str, Words], str]] = {
    "RRN": _resident, "FRN": _foreigner, "PASSPORT": _passport, "DRIVER_LICENSE": _licence, "PHONE": _phone, "CARD": _card,
    "ACCOUNT": _account, "EMAIL": _email, "ADDRESS": _address, "PERSON": _person, "BIRTH_DATE": _birth_date,
}  # fmt: skip
_HARMLESS: dict[str, Callable[[Random, Words], Any]] = {
    "bank": lambda dice, words: dice.choice(words["banks"]),
    "order": lambda dice, _: f"{dice.choice((2024, 2025, 2026))}{dice.randrange(1, 13):02}{dice.randrange(1, 29):02}-{_digits(dice, 6)}",
    "tracking": lambda dice, _: f"{_digits(dice, 4)}-{_digits(dice, 4)}-{_digits(dice, 4)}",
    "rate": lambda dice, _: f"{dice.randrange(2, 9)}.{dice.randrange(1, 100)}%",
    "amount": _amount,
    "eamount": lambda dice, _: f"{dice.randrange(2, 90)},000 dollars",
    "code": lambda dice, _: f"{dice.choice('MSAKT')}{_digits(dice, dice.choice((5, 8)))}",
    "months": lambda dice, _: str(dice.choice((12, 24, 36, 48, 60))),
    "date": _date,
    "edate": _english_date,
    "company": lambda dice, _: f"{dice.choice((1588, 1577, 1599, 1644))}-{_digits(dice, 4)}",
    "ticket": lambda dice, _: f"{dice.randrange(2024, 2027)}{_digits(dice, 5)}",
    "business": lambda dice, _: f"{dice.randrange(101, 900)}-{dice.randrange(10, 90)}-{_digits(dice, 5)}",
    "trap": lambda dice, words: dice.choice(words["traps"]),
    "price": lambda dice, _: f"{dice.randrange(1, 99)},{_digits(dice, 3)}원",
    "eprice": lambda dice, _: f"${dice.randrange(1, 99)}.{_digits(dice, 2)}",
    "fx": lambda dice, _: f"1,{dice.randrange(200, 499)}.{dice.randrange(10, 99)}원",
    "time": lambda dice, _: f"오후 {dice.randrange(1, 7)}시 {dice.choice((10, 20, 30, 40))}분",
    "coupon": lambda dice, _: f"{_digits(dice, 4)}-{_digits(dice, 4)}-{dice.choice('ABCD')}{_digits(dice, 3)}",
    "policy": lambda dice, _: f"{dice.choice('LHC')}{dice.randrange(2015, 2026)}-{_digits(dice, 7)}",
    "percent": lambda dice, _: f"0.{dice.randrange(1, 9)} 퍼센트",
}  # fmt: skip
