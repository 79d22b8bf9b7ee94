"""Slots of Korean sentences: amounts, rates, dates, numbers and names, written in digits and spoken in words."""

from __future__ import annotations

from random import Random

from demo.dialogues.unit import Facts, Slot, Unit, digits, words
from demo.names import full_name

_DIGITS = "공일이삼사오육칠팔구"
_NUMERALS = "일이삼사오육칠팔구"
_NATIVE = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열", "열한", "열두")
_MONTHS = ("일", "이", "삼", "사", "오", "유", "칠", "팔", "구", "시", "십일", "십이")
_PARTICLES = (
    ("을/를", "을", "를"),
    ("은/는", "은", "는"),
    ("이/가", "이", "가"),
    ("과/와", "과", "와"),
    ("으로/로", "으로", "로"),
    ("이랑/랑", "이랑", "랑"),
    ("이나/나", "이나", "나"),
    ("이면/면", "이면", "면"),
    ("이라도/라도", "이라도", "라도"),
    ("이라서/라서", "이라서", "라서"),
    ("이라는/라는", "이라는", "라는"),
    ("이라고/라고", "이라고", "라고"),
    ("이에요/예요", "이에요", "예요"),
    ("이거든요/거든요", "이거든요", "거든요"),
    ("이요/요", "이요", "요"),
    ("이죠/죠", "이죠", "죠"),
    ("이네요/네요", "이네요", "네요"),
    ("이었어요/였어요", "이었어요", "였어요"),
    ("이었는데요/였는데요", "이었는데요", "였는데요"),
    ("이었습니다/였습니다", "이었습니다", "였습니다"),
)
_HANGUL_BASE, _FINALS, _RIEUL = 0xAC00, 28, 8


def spoken_number(number: int) -> str:
    """Return a number below a hundred million in Sino-Korean words: 3500 is 삼천오백."""
    if number == 0:
        return "영"
    high, low = divmod(number, 10_000)
    ten_thousands = "" if not high else ("" if high == 1 else _four_digits(high)) + "만"
    return ten_thousands + _four_digits(low)


def _four_digits(number: int) -> str:
    said = ""
    for power, unit in ((3, "천"), (2, "백"), (1, "십"), (0, "")):
        digit = number // 10**power % 10
        if digit:
            said += ("" if digit == 1 and power else _NUMERALS[digit - 1]) + unit
    return said


def spoken_digits(text: str) -> str:
    """Return digits one by one: 010 is 공일공."""
    return "".join(_DIGITS[int(c)] for c in text if c.isdigit())


def particle(spoken: str, suffix: str) -> str:
    """Choose the form of a particle that fits the sound before it: 대출을, 카드를."""
    for key, after_final, after_vowel in _PARTICLES:
        if suffix.startswith(key):
            final = (ord(spoken[-1]) - _HANGUL_BASE) % _FINALS if "가" <= spoken[-1] <= "힣" else 1
            if key == "으로/로" and final == _RIEUL:
                final = 0
            return (after_final if final else after_vowel) + suffix[len(key) :]
    return suffix


def amount(random: Random, facts: Facts) -> list[Unit]:
    """Fill a sum of money: 3500만 원."""
    kind = random.random()
    if kind < 0.05:
        hundred_millions = random.randrange(1, 10)
        return [Unit(f"{hundred_millions}억", _NUMERALS[hundred_millions - 1] + "억"), Unit("원", "원")]
    if kind < 0.3:
        number = random.randrange(1, 10) * 10
    elif kind < 0.6:
        number = random.randrange(1, 10) * 100
    elif kind < 0.8:
        number = random.randrange(1, 10) * 1_000
    else:
        number = random.randrange(1, 10) * 1_000 + random.randrange(1, 10) * 100
    return [Unit(f"{number}만", spoken_number(number) + "만"), Unit("원", "원")]


def rate(random: Random, facts: Facts) -> list[Unit]:
    """Fill an interest rate: 4.5%."""
    whole, tenth = random.randrange(2, 15), random.randrange(10)
    fraction = "영" if tenth == 0 else spoken_number(tenth)
    return [Unit(f"{whole}.{tenth}%", f"{spoken_number(whole)} 점 {fraction} 퍼센트")]


def months(random: Random, facts: Facts) -> list[Unit]:
    """Fill a term in months."""
    count = random.choice((3, 6, 12, 18, 24, 36, 48, 60))
    return [Unit(f"{count}개월", spoken_number(count) + " 개월")]


def years(random: Random, facts: Facts) -> list[Unit]:
    """Fill a term in years."""
    count = random.choice((1, 2, 3, 5, 10, 15, 20, 30))
    return [Unit(f"{count}년", spoken_number(count) + "년")]


def day_of_year(random: Random, facts: Facts) -> list[Unit]:
    """Fill a date without its year: 3월 12일."""
    month, day = random.randrange(1, 13), random.randrange(1, 29)
    return [Unit(f"{month}월", _MONTHS[month - 1] + "월"), Unit(f"{day}일", spoken_number(day) + "일")]


def birth_date(random: Random, facts: Facts) -> list[Unit]:
    """Fill a date of birth: 1987년 3월 12일."""
    drawn = f"{random.randrange(1950, 2006)}-{random.randrange(1, 13)}-{random.randrange(1, 29)}"
    year, month, day = (int(part) for part in facts.get("birth_date", drawn).split("-"))
    said_year = ("천" if year < 2_000 else "") + spoken_number(year - 1_000 if year < 2_000 else year) + "년"
    kind = "birth_date"
    return [
        Unit(f"{year}년", said_year, kind),
        Unit(f"{month}월", _MONTHS[month - 1] + "월", kind),
        Unit(f"{day}일", spoken_number(day) + "일", kind),
    ]


def time_of_day(random: Random, facts: Facts) -> list[Unit]:
    """Fill a clock time: 오전 9시 30분."""
    half, hour = random.choice(("오전", "오후")), random.randrange(1, 13)
    units = [Unit(half, half), Unit(f"{hour}시", _NATIVE[hour] + " 시")]
    return [*units, Unit("30분", "삼십 분")] if random.random() < 0.3 else units


def count(random: Random, facts: Facts) -> list[Unit]:
    """Fill a small native-Korean number: 한, 두, 세."""
    return words(_NATIVE[random.randrange(1, 6)])


def phone(random: Random, facts: Facts) -> list[Unit]:
    """Fill a telephone number, spoken digit by digit."""
    middle, last = digits(random, 4), digits(random, 4)
    prefix = random.choice(("02", "031", "051")) if random.random() < 0.12 else "010"
    written = facts.get("phone", f"{prefix}-{middle}-{last}")
    joint = random.choice((" ", " ", "에 "))
    return [Unit(written, joint.join(spoken_digits(part) for part in written.split("-")), "phone")]


def resident_number(random: Random, facts: Facts) -> list[Unit]:
    """Fill a resident registration number."""
    birth = f"{random.randrange(50, 100):02d}{random.randrange(1, 13):02d}{random.randrange(1, 29):02d}"
    written = facts.get("resident_number", f"{birth}-{random.choice('1234')}{digits(random, 6)}")
    first, second = written.split("-")
    said = f"{spoken_digits(first)} {random.choice(('', '다시 '))}{spoken_digits(second)}"
    return [Unit(written, said, "resident_number")]


def account(random: Random, facts: Facts) -> list[Unit]:
    """Fill an account number in three groups."""
    drawn = f"{digits(random, 3)}-{digits(random, random.choice((2, 3)))}-{digits(random, 6)}"
    written = facts.get("account_number", drawn)
    return [Unit(written, " ".join(spoken_digits(part) for part in written.split("-")), "account_number")]


def card_number(random: Random, facts: Facts) -> list[Unit]:
    """Fill a card number in four groups."""
    written = facts.get("card_number", "-".join(digits(random, 4) for _ in range(4)))
    return [Unit(written, " ".join(spoken_digits(part) for part in written.split("-")), "card_number")]


def last_digits(random: Random, facts: Facts) -> list[Unit]:
    """Fill the last four digits of a card."""
    written = facts["card_number"][-4:] if "card_number" in facts else digits(random, 4)
    return [Unit(written, spoken_digits(written))]


def code(random: Random, facts: Facts) -> list[Unit]:
    """Fill a six-digit verification code."""
    written = digits(random, 6)
    return [Unit(written, f"{spoken_digits(written[:3])} {spoken_digits(written[3:])}")]


def customer_name(random: Random, facts: Facts) -> list[Unit]:
    """Fill the customer's name, or any other name where the call knows none."""
    return words(facts.get("customer_name") or full_name(random), "person_name")


def agent_name(random: Random, facts: Facts) -> list[Unit]:
    """Fill the agent's name."""
    return words(facts.get("agent_name") or full_name(random), "person_name")


def other_name(random: Random, facts: Facts) -> list[Unit]:
    """Fill the name of a third person."""
    return words(full_name(random), "person_name")


SLOTS: dict[str, Slot] = {
    "amt": amount,
    "rate": rate,
    "mon": months,
    "yr": years,
    "date": day_of_year,
    "birth": birth_date,
    "time": time_of_day,
    "n": count,
    "phone": phone,
    "rrn": resident_number,
    "acct": account,
    "cardno": card_number,
    "last4": last_digits,
    "code": code,
    "name": customer_name,
    "agent": agent_name,
    "other": other_name,
}
