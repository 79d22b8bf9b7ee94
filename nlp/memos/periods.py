"""Periods, instalments and private numbers inside a memo."""

from __future__ import annotations

import re

_MONTH = r"(?:1[0-2]|0?[1-9])"
PERIOD = re.compile(
    rf"(?:(?P<year>(?:20)?\d{{2}})\s?[년./-]\s?)?(?P<month>{_MONTH})\s?월\s?(?:분|달분|치|차분)?(?!요일)"
    rf"|(?P<iso>20\d{{2}}[./-]{_MONTH})(?![\d/])|(?P<compact>20\d{{2}}(?:0[1-9]|1[0-2]))(?!\d)"
    r"|(?P<quarter>[1-4])\s?(?:분기|/4분기)|(?P<term>[12])\s?학기"
    rf"|\b(?P<en>JAN(?=\b|UARY)|FEB(?=\b|RUARY)|MAR(?=\b|CH\b)|APR(?=\b|IL\b)|MAY(?=\b)|JUN(?=\b|E\b)|JUL(?=\b|Y\b)"
    rf"|AUG(?=\b|UST\b)|SEP(?=\b|T\b|TEMBER)|OCT(?=\b|OBER)|NOV(?=\b|EMBER)|DEC(?=\b|EMBER))[A-Z]*\b(?=\s|$)(?:\s?\d{{4}})?",
    re.IGNORECASE,
)
INSTALMENT = re.compile(
    r"\(?(?<!\d)(?P<nth>\d{1,3})\s?/\s?(?P<of>\d{1,3})\)?(?!\d)(?:회차?|개월)?|제?(?P<round>\d{1,3})\s?회차?|(?P<months>\d{1,2})\s?개월(?:\s?할부)?"
)
PRIVATE = (
    ("EMAIL", re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")),
    ("RRN", re.compile(r"(?<!\d)\d{6}\s?-\s?[1-8]\d{6}(?!\d)")),
    ("PHONE", re.compile(r"(?<!\d)(?:\+?82[- ]?)?0?1[016789][- .]?\d{3,4}[- .]?\d{4}(?!\d)")),
    ("CARD", re.compile(r"(?<!\d)\d{4}[- ]?[\d*]{4}[- ]?[\d*]{4}[- ]?\d{4}(?!\d)")),
    ("ACCOUNT", re.compile(r"(?<!\d)\d{2,6}-\d{2,6}-\d{2,8}(?:-\d{1,3})?(?!\d)|(?<!\d)\d{10,16}(?!\d)")),
)
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_IN_INSTALMENTS = ("insurance", "loan", "card_payment", "savings", "telecom", "electronics", "tuition", "academy")


def find_period(text: str) -> tuple[str | None, tuple[int, int] | None]:
    """Return the period a memo names (``2026-03``, ``03``, ``Q1``, ``T2``) and its place."""
    match = PERIOD.search(text)
    if match is None:
        return None, None
    return _period(match), match.span()


def _period(match: re.Match[str]) -> str:
    if match["iso"]:
        year, month = re.split(r"[./-]", match["iso"])
        return f"{year}-{int(month):02d}"
    if match["compact"]:
        return f"{match['compact'][:4]}-{match['compact'][4:]}"
    if match["quarter"]:
        return f"Q{match['quarter']}"
    if match["term"]:
        return f"T{match['term']}"
    if match["en"]:
        return f"{_MONTHS.index(match['en'].upper()) + 1:02d}"
    month = f"{int(match['month']):02d}"
    year = match["year"]
    return f"20{year[-2:]}-{month}" if year else month


def find_instalment(text: str, category: str) -> tuple[str | None, tuple[int, int] | None]:
    """Return ``3/12``, ``5`` (the fifth) or ``x6`` (in six months), and its place.

    ``12/24`` may also be Christmas Eve: a pair that could be a date counts only for what is paid in instalments.
    """
    for match in INSTALMENT.finditer(text):
        if match["nth"]:
            nth, of = int(match["nth"]), int(match["of"])
            could_be_date = nth <= 12 and of <= 31
            if 1 <= nth <= of and of >= 2 and (not could_be_date or category.startswith(_IN_INSTALMENTS)):
                return f"{nth}/{of}", match.span()
        elif match["round"]:
            return str(int(match["round"])), match.span()
        elif match["months"]:
            return f"x{int(match['months'])}", match.span()
    return None, None


def mask_numbers(text: str) -> str:
    """Replace phone, resident, card and account numbers and e-mail addresses by their kind."""
    if not any(char.isdigit() or char == "@" for char in text):
        return text
    for kind, pattern in PRIVATE:
        text = pattern.sub(f"[{kind}]", text)
    return text
