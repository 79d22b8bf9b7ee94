"""Slots of English sentences: amounts, rates, days, numbers and names, written in digits and spoken in words."""

from __future__ import annotations

from random import Random

from demo.dialogues.unit import Facts, Slot, Unit, digits, words

_DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TENS = ["x", "x", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_FIRST = [
    "John",
    "Mary",
    "David",
    "Sarah",
    "Michael",
    "Emma",
    "Daniel",
    "Laura",
    "Robert",
    "Anna",
    "James",
    "Linda",
    "Peter",
    "Susan",
    "Kevin",
    "Grace",
    "Brian",
    "Helen",
    "Thomas",
    "Julia",
]
_LAST = [
    "Smith",
    "Brown",
    "Miller",
    "Taylor",
    "Wilson",
    "Clark",
    "Lewis",
    "Walker",
    "Young",
    "King",
    "Green",
    "Baker",
    "Hill",
    "Carter",
    "Parker",
    "Cooper",
    "Morgan",
    "Bell",
    "Price",
    "Stone",
    "Kim",
    "Lee",
    "Park",
    "Choi",
    "Kang",
    "Cho",
    "Jang",
    "Han",
    "Shin",
    "Kwon",
    "Hwang",
    "Song",
    "Hong",
    "Moon",
    "Yang",
]


def spoken_digits(text: str) -> str:
    """Return digits one by one: 010 is zero one zero."""
    return " ".join(_DIGITS[int(c)] for c in text if c.isdigit())


def grouped(written: str, personal: str = "") -> list[Unit]:
    """Return a hyphenated number as one unit, spoken group by group with pauses."""
    return [Unit(written, ", ".join(spoken_digits(part) for part in written.split("-")), personal)]


def english_name(random: Random, surname: str = "") -> str:
    """Return a first name and the given, else any, last name."""
    return f"{random.choice(_FIRST)} {surname or random.choice(_LAST)}"


def amount(random: Random, facts: Facts) -> list[Unit]:
    """Fill a sum of money in dollars."""
    kind = random.random()
    if kind < 0.35:
        tens = random.randrange(2, 10)
        return [Unit(str(tens * 10), _TENS[tens]), *words("dollars")]
    digit = random.randrange(1, 10)
    size, said = (100, "hundred") if kind < 0.7 else (1_000, "thousand")
    return [Unit(str(digit * size), f"{_DIGITS[digit]} {said}"), *words("dollars")]


def rate(random: Random, facts: Facts) -> list[Unit]:
    """Fill an interest rate."""
    whole, tenth = random.randrange(1, 10), random.randrange(1, 10)
    return [Unit(f"{whole}.{tenth}%", f"{_DIGITS[whole]} point {_DIGITS[tenth]} percent")]


def day(random: Random, facts: Facts) -> list[Unit]:
    """Fill a weekday or a date."""
    date = f"{random.choice(_MONTHS)} {random.choice(_ORDINALS)}"
    return words(random.choice((*_WEEKDAYS, date)))


def phone(random: Random, facts: Facts) -> list[Unit]:
    """Fill a telephone number."""
    drawn = f"{digits(random, 3)}-{digits(random, 3)}-{digits(random, 4)}"
    return grouped(facts.get("phone", drawn), "phone")


def account(random: Random, facts: Facts) -> list[Unit]:
    """Fill an account number."""
    return grouped(facts.get("account_number", f"{digits(random, 3)}-{digits(random, 6)}"), "account_number")


def card_number(random: Random, facts: Facts) -> list[Unit]:
    """Fill a card number."""
    drawn = "-".join(digits(random, 4) for _ in range(4))
    return grouped(facts.get("card_number", drawn), "card_number")


def last_digits(random: Random, facts: Facts) -> list[Unit]:
    """Fill the last four digits of a card."""
    return grouped(facts["card_number"][-4:] if "card_number" in facts else digits(random, 4))


def code(random: Random, facts: Facts) -> list[Unit]:
    """Fill a six-digit verification code."""
    return grouped(digits(random, 6))


def customer_name(random: Random, facts: Facts) -> list[Unit]:
    """Fill the customer's name as it is said in English."""
    return words(facts.get("english_name") or english_name(random), "person_name")


def agent_name(random: Random, facts: Facts) -> list[Unit]:
    """Fill the agent's name."""
    return words(facts.get("agent_english_name") or english_name(random), "person_name")


SLOTS: dict[str, Slot] = {
    "eamt": amount,
    "erate": rate,
    "eday": day,
    "ephone": phone,
    "eacct": account,
    "ecard": card_number,
    "e4": last_digits,
    "e6": code,
    "ename": customer_name,
    "eagent": agent_name,
}
