"""Passport numbers."""

from __future__ import annotations

import re

from presidio_analyzer import Pattern, PatternRecognizer

from nlp.personal_data.letters import KOREAN_LETTER

_TYPE = "엠|에스|알|오|디|지|[MSRODG]"
_AS_IN = r"(?:\s(?:as\sin|for|like)\s[a-z]{3,10})?"
_DIGIT = r"(?:\d|[공영일이삼사오육륙칠팔구]|(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b)"
_GAP = r"[\s,-]{0,2}"


class PassportRecognizer(PatternRecognizer):
    """Korean: a letter of M, S, R, O, D, G and eight digits, or since 2021 letter, three digits, letter, four digits.

    Product codes look the same, so the word passport must stand nearby.
    Source: Ministry of Foreign Affairs, electronic passport since 2021-12-21; ICAO Doc 9303 part 3 for the length.
    """

    needs = re.compile(r"(?i)\d|여권|passport")
    against = ("상품", "주문", "모델", "품번", "product", "order", "model", "serial")

    def __init__(self, language: str) -> None:
        super().__init__(
            supported_entity="PASSPORT",
            supported_language=language,
            patterns=[
                Pattern("kr_new", r"(?<![A-Za-z0-9])[MSRODG]\d{3}[A-Z]\d{4}(?![A-Za-z0-9])", 0.45),
                Pattern("kr", r"(?<![A-Za-z0-9])[MSRODG][ -]?\d{8}(?![A-Za-z0-9])", 0.4),
                Pattern("said", r"(?<![가-힣])(?:엠|에스|알|오|디|지|[MSROGDmsrogd])\s?\d{8}(?![A-Za-z0-9])", 0.4),
                Pattern(
                    "spelt",
                    rf"(?<![가-힣A-Za-z0-9])(?:{_TYPE}){_AS_IN}(?:{_GAP}(?:{_TYPE}){_AS_IN})?{_GAP}{_DIGIT}(?:{_GAP}{_DIGIT}){{6,7}}(?!\d)",
                    0.3,
                ),
                Pattern(
                    "spelt_new",
                    rf"(?<![가-힣A-Za-z0-9])(?:{_TYPE}){_AS_IN}(?:{_GAP}{_DIGIT}){{3}}{_GAP}(?:{KOREAN_LETTER}|[A-Za-z]){_AS_IN}(?:{_GAP}{_DIGIT}){{4}}(?!\d)",
                    0.3,
                ),
                Pattern("foreign", r"(?<![A-Za-z0-9-])[A-Z]{0,2}\d{7,9}(?![A-Za-z0-9-])", 0.2),
            ],
            context=["여권", "패스포트", "passport"],
        )
