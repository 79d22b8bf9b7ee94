"""Korean resident registration number (주민등록번호)."""

from __future__ import annotations

import re

from presidio_analyzer import Pattern, PatternRecognizer

_BIRTH = r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)


class ResidentNumberRecognizer(PatternRecognizer):
    """Six digits of birth date, then seven beginning with 1-4 (9 and 0: born before 1900).

    The check digit only raises the score: numbers issued since October 2020 have none.
    Source: Resident Registration Act (주민등록법), enforcement rules, article 2 as amended 2020-10-05.
    """

    needs = re.compile(r"\d")
    against = (
        "법인등록번호",
        "법인번호",
        "바코드",
        "상품",
        "주문",
        "운송장",
        "송장",
        "order",
        "barcode",
        "product",
        "tracking",
    )

    def __init__(self, language: str) -> None:
        super().__init__(
            supported_entity="RRN",
            supported_language=language,
            patterns=[
                Pattern("hyphen", rf"(?<![\d-]){_BIRTH}\s?-\s?[0-49]\d{{6}}(?![\d-])", 0.85),
                Pattern("other_sign", rf"(?<![\d./-]){_BIRTH}\s?[./]\s?[0-49]\d{{6}}(?![\d./-])", 0.5),
                Pattern(
                    "apart",
                    r"(?<![\d-])\d{2}[ ,-]{1,2}(?:0[1-9]|1[0-2])[ ,-]{1,2}(?:0[1-9]|[12]\d|3[01])[ ,-]{1,3}[1-4][ ,-]{0,2}\d{6}(?![\d-])",
                    0.5,
                ),
                Pattern("masked", rf"(?<![\d-]){_BIRTH}\s?-\s?[1-4](?:\*{{6}}|[xX]{{6}})", 0.6),
                Pattern("space", rf"(?<![\d-]){_BIRTH} [1-4]\d{{6}}(?![\d-])", 0.6),
                Pattern("plain", rf"(?<![\d-]){_BIRTH}[1-4]\d{{6}}(?![\d-])", 0.5),
                Pattern("in_three", rf"(?<![\d-]){_BIRTH}[ -][1-4][ -]\d{{6}}(?![\d-])", 0.5),
                Pattern("second_half", r"(?<![\d-])[1-4]\d{6}(?![\d-])", 0.15),
                # what is left of one when a digit was misheard: only beside its name
                Pattern("misheard", r"(?<![\d-])\d{5,7}[ -]{1,3}\d{6,8}(?![\d-])", 0.2),
            ],
            context=[
                "주민",
                "등록번호",
                "민번호",
                "민증",
                "등록증",
                "신분증",
                "rrn",
                "주민번호 뒷자리",
                "주민번호 뒤",
                "resident",
                "registration number",
            ],
        )

    def validate_result(self, pattern_text: str) -> bool | None:
        """Return True for a right check digit, None (no opinion) otherwise."""
        digits = [int(char) for char in pattern_text if char.isdigit()]
        if len(digits) != 13 or digits[6] in (5, 6, 7, 8):
            return None
        month, day = digits[2] * 10 + digits[3], digits[4] * 10 + digits[5]
        is_date = 1 <= month <= 12 and 1 <= day <= 31
        check = (11 - sum(w * d for w, d in zip(_WEIGHTS, digits, strict=False)) % 11) % 10
        return True if is_date and check == digits[12] and "-" in pattern_text else None
