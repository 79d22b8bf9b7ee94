"""International bank account numbers."""

from __future__ import annotations

import re

from presidio_analyzer import Pattern, PatternRecognizer

_REST = r"(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,3})?"


class IbanRecognizer(PatternRecognizer):
    """Country, two check digits, up to thirty letters and digits in groups of four; a wrong check needs the word beside it.

    Source: ISO 13616-1:2020; check digits by ISO 7064 MOD 97-10.
    """

    needs = re.compile(r"[A-Za-z]{2}\d")

    def __init__(self, language: str) -> None:
        super().__init__(
            supported_entity="ACCOUNT",
            supported_language=language,
            patterns=[
                Pattern("iban", rf"(?<![A-Za-z0-9])(?-i:[A-Z]{{2}}\d{{2}}{_REST})(?![A-Za-z0-9])", 0.3),
                Pattern("lower", rf"(?<![A-Za-z0-9])[a-z]{{2}}\d{{2}}{_REST}(?![A-Za-z0-9])", 0.1),
            ],
            context=["iban", "아이반", "계좌", "account"],
        )

    def validate_result(self, pattern_text: str) -> bool | None:
        """Return True for right check digits, None (no opinion) otherwise."""
        plain = "".join(char for char in pattern_text.upper() if char.isalnum())
        moved = plain[4:] + plain[:4]
        return True if int("".join(str(int(char, 36)) for char in moved)) % 97 == 1 else None
