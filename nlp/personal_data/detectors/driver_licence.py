"""Korean driver's licence number (운전면허번호)."""

from __future__ import annotations

import re

from presidio_analyzer import Pattern, PatternRecognizer


class DriverLicenceRecognizer(PatternRecognizer):
    """Region (11-28), year, six digits, two digits: 11-90-123456-12; older ones name the region.

    Source: Road Traffic Act (도로교통법), enforcement rules, article 77 and form 55.
    """

    needs = re.compile(r"\d")
    against = ("주문", "운송장", "상품", "order", "tracking")

    def __init__(self, language: str) -> None:
        super().__init__(
            supported_entity="DRIVER_LICENSE",
            supported_language=language,
            patterns=[
                Pattern("hyphen", r"(?<![\d-])(?:1[1-9]|2[0-8])-\d{2}-\d{6}-\d{2}(?![\d-])", 0.8),
                Pattern(
                    "region",
                    r"(?:서울|부산|대구|인천|광주|대전|울산|경기|강원|충북|충남|전북|전남|경북|경남|제주)\s?\d{2}-\d{6}-\d{2}(?![\d-])",
                    0.8,
                ),
                Pattern("space", r"(?<![\d-])(?:1[1-9]|2[0-8])[ -]\d{2}[ -]\d{6}[ -]\d{2}(?![\d-])", 0.55),
                Pattern("plain", r"(?<![\d-])(?:1[1-9]|2[0-8])\d{10}(?![\d-])", 0.25),
                Pattern("us", r"(?<![A-Za-z0-9])[A-Z]\d{7,8}(?![A-Za-z0-9])", 0.2),
            ],
            context=["면허", "운전면허", "license", "licence"],
        )
