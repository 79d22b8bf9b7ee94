"""Dates of birth: a date beside words of birth, or ending in 생."""

from __future__ import annotations

import re

from presidio_analyzer import Pattern, PatternRecognizer

_YEAR = r"(?:19|20)\s?\d{2}"
_MONTH, _DAY = r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_SINO = r"[일이삼사오육륙유칠팔구시십백천영공]"
_MONTHS = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
_WORDS = "twenty|thirty|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
_YEAR_WORDS = r"(?:two thousand\b(?!\s+(?:and\s+)?\w*(?:teen|ty|ten|eleven|twelve|one|two|three|four|five|six|seven|eight|nine)\b)|(?:nineteen|twenty|two thousand)(?:[\s-]+(?:and|oh|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|one|two|three|four|five|six|seven|eight|nine)){1,3})"

_LUNAR_MONTH = r"(?:정월|동짓달|섣달)"
_COUNTED_DAY = "하루|이틀|사흘|나흘|닷새|엿새|이레|여드레|아흐레"
_LUNAR_DAY = rf"(?:초(?:{_COUNTED_DAY}|열흘)|열(?:{_COUNTED_DAY})|스무(?:{_COUNTED_DAY}|날)|보름|그믐)날?"


_ANY_YEAR, _ANY_MONTH, _ANY_DAY = (
    rf"(?:{digits}|{_SINO}{{{most}}})"
    for digits, most in ((rf"{_YEAR}|\d{{2}}", "2,8"), (_MONTH, "1,3"), (_DAY, "1,4"))
)
_KOREAN = rf"{_ANY_YEAR}\s?년\s?{_ANY_MONTH}\s?월\s?{_ANY_DAY}\s?일"
_SPOKEN = rf"{_SINO}{{2,8}}\s?년\s?{_SINO}{{1,3}}\s?월\s?{_SINO}{{1,4}}\s?일"
_LUNAR = rf"(?:(?:윤달?\s)?(?:{_LUNAR_MONTH}|{_ANY_MONTH}\s?월)\s?{_LUNAR_DAY}|{_LUNAR_MONTH}\s?{_ANY_DAY}\s?일)"
_SAID = rf"(?:{_WORDS})(?:[\s-](?:{_WORDS}))?"
_ENGLISH = rf"(?:(?:the\s+)?{_SAID}\s+(?:of\s+)?(?:{_MONTHS})|(?:{_MONTHS})\.?\s+(?:the\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?|(?:{_WORDS})(?:[\s-](?:{_WORDS}|{_ONES}))?|{_TEENS}|{_ONES})|(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTHS}))"
_PATTERNS = [
    Pattern(
        "born_ko",
        rf"(?<!\d)(?:{_KOREAN}|{_SPOKEN}|(?:{_YEAR}|\d{{2}})[./-]\s?{_MONTH}[./-]\s?{_DAY}\.?|(?:{_YEAR}|\d{{2}})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))\s?(?=생(?!각|활|수|명|필|기))",
        0.8,
    ),
    Pattern(
        "born_year_ko",
        rf"(?<![\d가-힣])(?:{_YEAR}|\d{{2}}|{_SINO}{{2,8}})\s?년(?:\s?{_ANY_MONTH}\s?월)?\s?(?=생(?!각|활|수|명|필|기|산|긴|겨))",
        0.7,
    ),
    Pattern(
        "born_day_ko",
        rf"(?<![\d가-힣]){_ANY_MONTH}\s?월\s?{_ANY_DAY}\s?일\s?(?=생(?:이|입|인|요|으|[^가-힣]|$))",
        0.7,
    ),
    Pattern(
        "year_of_birth",
        rf"(?<=출생(?:연도|년도|년)(?:는|가|이)?[\s:]{{1,2}})(?:{_YEAR}|\d{{2}}|{_SINO}{{2,8}})(?:\s?년)?",
        0.7,
    ),
    Pattern(
        "digits_english",
        rf"(?<![\d-])(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2]))(?:{_YEAR}|\d{{2}})(?![\d-])",
        0.16,
    ),
    Pattern("ko", rf"(?<!\d){_KOREAN}", 0.25),
    Pattern("day_ko", rf"(?<![\d가-힣]){_ANY_MONTH}\s?월\s?{_ANY_DAY}\s?일", 0.16),
    Pattern("short_ko", rf"(?<![\d.])\d{{2}}[./-]{_MONTH}[./-]{_DAY}(?![\d./-])", 0.2),
    Pattern("spoken_ko", rf"(?<![가-힣]){_SPOKEN}", 0.25),
    Pattern("year_en", rf"(?<=\bborn in )(?:{_YEAR}|{_YEAR_WORDS})\b", 0.7),
    Pattern("day_digits_ko", r"(?<=생일(?:은|이)?\s)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)", 0.7),
    Pattern("lunar_ko", rf"(?<![가-힣\d])(?:(?:{_YEAR}|\d{{2}}|{_SINO}{{2,8}})\s?년\s?)?{_LUNAR}", 0.25),
    Pattern("groups_ko", r"(?<![\d-])(?:19|20)?\d{2} (?:0[1-9]|1[0-2]) (?:0[1-9]|[12]\d|3[01])(?![\d-])", 0.2),
    Pattern("dotted", rf"(?<![\d.]){_DAY}\.\s?{_DAY}\.\s?(?:{_YEAR}|\d{{2}})(?![\d.])", 0.2),
    Pattern(
        "en_ordinals",
        rf"\b(?:the\s+)?{_SAID}\s+(?:day\s+)?of\s+(?:the\s+)?{_SAID}(?:\s+month)?,?\s+(?:of\s+)?(?:{_YEAR}|{_YEAR_WORDS}|{_TENS}(?:[\s-](?:{_ONES}))?)\b",
        0.25,
    ),
    Pattern("numeric", rf"(?<!\d)(?<!\d-){_YEAR}\s?[./-]\s?{_MONTH}\s?[./-]\s?{_DAY}(?![\d-])", 0.25),
    Pattern(
        "compact",
        rf"(?<![\d-])(?:{_YEAR}|\d{{2}})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![\d-]|원|만)",
        0.2,
    ),
    Pattern("us", rf"(?<![\d/-]){_MONTH}[/-]{_DAY}[/-](?:{_YEAR}|\d{{2}})(?![\d/-])", 0.25),
    Pattern("en", rf"\b{_ENGLISH},?\s+(?:of\s+)?(?:{_YEAR}|{_YEAR_WORDS})\b", 0.25),
    Pattern("en_two_digits", rf"\b{_ENGLISH},?\s+(?:of\s+)?(?:{_TENS}(?:[\s-](?:{_ONES}))?|['’]?\d{{2}})\b", 0.24),
    Pattern(
        "en_month_year",
        rf"\b(?:{_MONTHS}),?\s+(?:of\s+)?(?:{_YEAR}|{_YEAR_WORDS}|{_TENS}(?:[\s-](?:{_ONES}))?)\b",
        0.18,
    ),
    Pattern(
        "en_hyphens",
        rf"(?<![\d-])(?:{_YEAR}[-/ ](?:{_MONTHS})[-/ ]{_DAY}|{_DAY}[-/](?:{_MONTHS})[-/](?:{_YEAR}|\d{{2}}))(?![\d-])",
        0.25,
    ),
    Pattern("en_digits_year", rf"(?<!\d)\d{{4}}[\s-]+{_YEAR_WORDS}\b", 0.2),
    Pattern(
        "en_numbers",
        rf"\b(?:(?:oh|zero)\s)?(?:{_ONES}|{_TEENS})\s+(?:(?:oh|zero)\s)?(?:{_ONES}|{_TEENS}|{_TENS}(?:[\s-](?:{_ONES}))?)\s+(?:{_YEAR_WORDS}|{_TENS}(?:[\s-](?:{_ONES}))?)\b",
        0.2,
    ),
    Pattern("en_short", rf"\b{_ENGLISH}\b", 0.16),
    Pattern("year_month", rf"(?<!\d)(?:{_YEAR}|\d{{2}})\s?년\s?{_MONTH}\s?월(?!\s?\d)", 0.16),
]
_CONTEXT = [
    "생년월일",
    "생일",
    "태어",
    "출생",
    "생년",
    "birth",
    "born",
    "dob",
    "d o b",
    "d.o.b",
    "birthday",
    "생)",
    "(만",
    "앞자리",
]


class BirthDateRecognizer(PatternRecognizer):
    """A date alone is no personal data; beside 생년월일 or ``born`` it is.

    Source: Personal Information Protection Act (개인정보 보호법), article 2, item 1; date formats of ISO 8601 and KS X 1219.
    """

    needs = re.compile(r"(?i)\d|[년월달]|birth|born|\bd\.? ?o\.? ?b\b")
    against = ("만기", "결제일", "납입일", "예약", "maturity", "due", "expires")

    def __init__(self, language: str) -> None:
        super().__init__(
            supported_entity="BIRTH_DATE",
            supported_language=language,
            patterns=_PATTERNS,
            context=_CONTEXT,
        )
