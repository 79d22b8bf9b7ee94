"""Korean foreigner registration number (외국인등록번호)."""

from __future__ import annotations

import re

from presidio_analyzer import Pattern, PatternRecognizer

_BIRTH = r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"


class ForeignerNumberRecognizer(PatternRecognizer):
    """As a resident number, with 5-8 as the seventh digit.

    Source: Immigration Act (출입국관리법), article 31, paragraph 5; enforcement rules, article 46.
    """

    needs = re.compile(r"\d")
    against = ("바코드", "상품", "주문", "운송장", "order", "barcode", "product", "tracking")

    def __init__(self, language: str) -> None:
        super().__init__(
            supported_entity="FRN",
            supported_language=language,
            patterns=[
                Pattern("hyphen", rf"(?<![\d-]){_BIRTH}\s?-\s?[5-8]\d{{6}}(?![\d-])", 0.85),
                Pattern("space", rf"(?<![\d-]){_BIRTH} [5-8]\d{{6}}(?![\d-])", 0.5),
                Pattern("plain", rf"(?<![\d-]){_BIRTH}[5-8]\d{{6}}(?![\d-])", 0.5),
            ],
            context=[
                "외국인",
                "등록증",
                "영주증",
                "등록번호",
                "체류",
                "거소",
                "alien",
                "foreigner",
                "residence card",
                "registration number",
            ],
        )
