"""Telephone numbers: Korean mobile and fixed lines, North American numbers."""

from __future__ import annotations

import re

from presidio_analyzer import Pattern, PatternRecognizer

_GAP = r"(?:[ ._·・-]{0,3}|/)"
_AREA = r"(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|50[2-8])"

_FREE = ("800", "888", "877", "866", "855", "844", "833")


_PATTERNS = [
    Pattern("mobile", rf"(?<![\d-])01[016789]\)?{_GAP}\d{{3,4}}{_GAP}\d{{4}}(?!\d|-\d)", 0.85),
    Pattern(
        "international",
        rf"(?<![\d-])(?:\+|00)?82{_GAP}\(?0?\)?(?:1[016789]|{_AREA}){_GAP}\d{{3,4}}{_GAP}\d{{4}}(?!\d|-\d)",
        0.85,
    ),
    Pattern("fixed", rf"(?<![\d-])\(?0{_AREA}(?:\)|\)?[ .-]{{1,3}})\d{{3,4}}[ .-]{{1,3}}\d{{4}}(?!\d|-\d)", 0.8),
    Pattern("fixed_plain", rf"(?<![\d-])0{_AREA}\d{{7,8}}(?![\d-])", 0.35),
    Pattern(
        "north_american",
        r"(?<![\d-])(?:\+?1[ .-]?)?(?:\([2-9]\d{2}\)|[2-9]\d{2})(?:[ .-]{1,3}|/)[2-9]\d{2}[ .-]{1,3}\d{4}(?!\d|-\d)",
        0.75,
    ),
    Pattern("bracketed_area", r"\([2-9]\d{2}\) ?\d{3}[ .-]\d{4}(?!\d|-\d)", 0.75),
    Pattern("north_american_plain", r"(?<![\d-])1?[2-9]\d{2}[2-9]\d{6}(?![\d-])", 0.35),
    Pattern(
        "other_country",
        r"(?<![\d+])(?:\+|\b(?:plus|플러스)\s)(?!82)[1-9]\d{0,2}[ .-]?(?:\(0\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,4}){2,4}(?!\d|-\d)",
        0.8,
    ),
    Pattern(
        "trunk",
        r"(?<![\d-])(?:\(?0\d\)?[ -]\d{4}|\(?0\d{2}\)?[ -]\d{4}|\(?0\d{3}\)?[ -]\d{3}|\(?0\d{4}\)?)[ -]?(?:\d{3,4}|\d{6})(?!\d|-\d)",
        0.3,
    ),
    Pattern("any_groups", r"(?<![\d-])01[016789](?:[ .,/-]{0,2}\d){7,8}(?!\d|-\d)", 0.6),
    Pattern("trunk_bracketed", r"\(0\d{2,4}\) ?\d{3,4}[ -]?\d{3,4}(?!\d|-\d)", 0.6),
    Pattern("trunk_groups", r"(?<![\d-])0[1-9]\d{1,3}(?:[ -]\d{3,4}){2}(?!\d|-\d)", 0.25),
    Pattern("trunk_plain", r"(?<![\d-])0[1-9]\d{8,9}(?![\d-])", 0.3),
    # misheard or cut: too many or too few digits, only where the rest speaks for a phone
    Pattern("misheard", r"(?<![\d-])01[016789][ .-]{1,3}\d{2,5}(?:[ .-]{1,3}\d{1,5}){1,2}(?![\d-])", 0.6),
    Pattern("misheard_plain", r"(?<![\d-])01[016789]\d{6,9}(?![\d-])", 0.55),
    Pattern("without_zero", r"(?<![\d-])10[ -]\d{4}[ -]\d{4}(?![\d-])", 0.3),
    Pattern("local", r"(?<![\d-])\d{3,4}[ -]\d{4}(?![\d-])", 0.2),
    Pattern("grouped", r"(?<![\d-])\d{3}[ -]\d{3,4}[ -]\d{3,4}(?![\d-])", 0.25),
]
_CONTEXT = [
    "전화",
    "연락",
    "휴대폰",
    "핸드폰",
    "휴대전화",
    "폰번",
    "번호가",
    "제 번호",
    "문자",
    "통화",
    "phone",
    "call",
    "mobile",
    "cell",
    "reach",
    "dial",
    "text ",
    "txt",
    "ring",
    "tel",
    "mob",
    "fax",
    "landline",
    "ph ",
    "ph:",
    "sms",
    "휴대",
    "직통",
    "call me",
    "number is",
    "number's",
    "my number",
]


class PhoneRecognizer(PatternRecognizer):
    """Numbers a person is reached at; 15xx and 16xx numbers of companies are nobody's.

    Source: Ministry of Science and ICT, rules on telecommunication numbers (전기통신번호관리세칙), articles 7-11; for
    North America the NANPA numbering plan (area and exchange codes begin with 2-9).
    """

    needs = re.compile(r"\d")
    against = (
        "주문",
        "운송장",
        "송장",
        "상품",
        "사업자",
        "계좌",
        "카드번호",
        "order",
        "tracking",
        "invoice",
        "account",
        "account number is",
        "routing number is",
        "tracking number is",
        "invoice number is",
        "reference number is",
        "confirmation number is",
        "policy number is",
        "case number is",
        "ticket number is",
        "order number is",
        "card number is",
    )

    def __init__(self, language: str) -> None:
        super().__init__(
            supported_entity="PHONE",
            supported_language=language,
            patterns=_PATTERNS,
            context=_CONTEXT,
        )

    def invalidate_result(self, pattern_text: str) -> bool | None:
        """Return True for numbers of companies: 1588-0000 and its like, 080 and 1-800, which nobody pays for."""
        digits = "".join(char for char in pattern_text if char.isdigit())
        is_free = digits.removeprefix("1")[:3] in _FREE and len(digits.removeprefix("1")) == 10
        return is_free or (len(digits) == 8 and digits[:2] in ("15", "16", "18"))
