"""International bank account numbers."""

from __future__ import annotations

import re

from presidio_analyzer import Pattern, PatternRecognizer

_REST = r"(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?"

_WORDS = dict(
    zip(
        ["zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
        "00123456789",
        strict=True,
    )
)
_COUNTRIES = [
    "AD",
    "AE",
    "AT",
    "BE",
    "BG",
    "CH",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GB",
    "GR",
    "HR",
    "HU",
    "IE",
    "IL",
    "IS",
    "IT",
    "LI",
    "LT",
    "LU",
    "LV",
    "MC",
    "MT",
    "NL",
    "NO",
    "PL",
    "PT",
    "RO",
    "SA",
    "SE",
    "SI",
    "SK",
    "SM",
    "TR",
]


class IbanRecognizer(PatternRecognizer):
    """Country, two check digits, up to thirty letters and digits in groups of four; spelled aloud, a wrong check needs the word beside it.

    Source: ISO 13616-1:2020; check digits by ISO 7064 MOD 97-10.
    """

    needs = re.compile(r"[A-Za-z]{2}\d|(?i:\biban\b|\bi ban\b|아이반)")

    def __init__(self, language: str) -> None:
        super().__init__(
            supported_entity="ACCOUNT",
            supported_language=language,
            patterns=[
                Pattern("written", rf"(?<![A-Za-z0-9])(?-i:[A-Z]{{2}}\d{{2}}{_REST})(?![A-Za-z0-9])", 0.6),
                Pattern(
                    "spelt",
                    rf"(?<![A-Za-z0-9])[a-z]\s[a-z](?:\s(?:[a-z]|\d{{1,24}}|{'|'.join(_WORDS)})\b){{1,34}}",
                    0.2,
                ),
                Pattern("lower", rf"(?<![A-Za-z0-9])[a-z]{{2}}\d{{2}}{_REST}(?![A-Za-z0-9])", 0.2),
            ],
            context=["iban", "i ban", "아이반"],
        )

    def validate_result(self, pattern_text: str) -> bool | None:
        """Return True for right check digits, False where length or country cannot be, None (no opinion) otherwise."""
        words = [_WORDS.get(word, word) for word in re.findall(r"[a-z]+|\d+", pattern_text.lower())]
        plain = "".join(words if len(words) > 2 else pattern_text.upper()).upper()
        plain = "".join(char for char in plain if char.isalnum())
        if not 15 <= len(plain) <= 34 or plain[:2] not in _COUNTRIES or not plain[2:4].isdigit():
            return False
        moved = plain[4:] + plain[:4]
        return True if int("".join(str(int(char, 36)) for char in moved)) % 97 == 1 else None
