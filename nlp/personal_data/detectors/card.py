"""Payment card numbers."""

from __future__ import annotations

import re

from presidio_analyzer import Pattern, PatternRecognizer


class CardRecognizer(PatternRecognizer):
    """Fourteen to nineteen digits whose last one is Luhn's check digit; without it only beside the word card.

    Source: ISO/IEC 7812-1:2017, annex B (check digit) and clause 4 (length).
    """

    needs = re.compile(r"\d")
    against = ("주문", "운송장", "송장", "상품", "계좌", "쿠폰", "바코드", "order", "tracking", "coupon", "account")

    def __init__(self, language: str) -> None:
        super().__init__(
            supported_entity="CARD",
            supported_language=language,
            patterns=[
                Pattern("grouped", r"(?<![\d-])[2-9]\d{3}[ .-]{1,2}\d{4}[ .-]{1,2}\d{4}[ .-]{1,2}\d{4}(?![\d-])", 0.4),
                Pattern("grouped_any", r"(?<![\d-])\d{4}[ .-]{1,2}\d{4}[ .-]{1,2}\d{4}[ .-]{1,2}\d{3,4}(?![\d-])", 0.3),
                Pattern("amex", r"(?<![\d-])3[47]\d{2}[ -]?\d{6}[ -]?\d{5}(?![\d-])", 0.4),
                Pattern("plain", r"(?<![\d-])[2-69]\d{13,18}(?![\d-])", 0.3),
                Pattern("misheard", r"(?<![\d-])\d{3,5}(?:[ -]{1,2}\d{3,5}){2,4}(?![\d-])", 0.2),
            ],
            context=["카드", "card", "비자", "visa", "master", "amex", "유효기간"],
        )

    def validate_result(self, pattern_text: str) -> bool | None:
        """Return True for a number of the right length with the right check digit, None otherwise."""
        digits = [int(char) for char in pattern_text if char.isdigit()]
        is_length = 14 <= len(digits) <= 16 and digits[0] in (2, 3, 4, 5, 6, 9)
        return True if is_length and luhn(digits) and len(set(digits)) > 2 else None


def luhn(digits: list[int]) -> bool:
    """Return whether the last digit is Luhn's check digit of the others."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
