"""Bank account numbers by the formats the banks print."""

from __future__ import annotations

import re

from presidio_analyzer import Pattern, PatternRecognizer

from nlp import data_files

_DATE = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")


class BankAccountRecognizer(PatternRecognizer):
    """Groups of digits as in data/personal_data/bank_accounts.yaml; other groupings only beside words of banking.

    Source: Korea Financial Telecommunications and Clearings Institute, account number schemes of its members.
    """

    needs = re.compile(r"\d")

    def __init__(self, language: str) -> None:
        rules = data_files.load("personal_data/bank_accounts.yaml")
        self.against = tuple(rules["against"])
        formats = sorted({form for forms in rules["formats"].values() for form in forms}, reverse=True)
        known = "|".join("-".join(rf"\d{{{size}}}" for size in form.split("-")) for form in formats)
        spaced = known.replace("-", " ")
        super().__init__(
            supported_entity="ACCOUNT",
            supported_language=language,
            patterns=[
                Pattern("bank_format", rf"(?<![\d-])(?:{known})(?![\d-])", 0.55),
                Pattern("bank_format_spoken", rf"(?<![\d-])(?:{spaced})(?![\d-])", 0.4),
                Pattern("grouped", r"(?<![\d-])\d{2,6}[ -]{1,2}\d{2,7}(?:[ -]{1,2}\d{1,8}){0,2}(?![\d-])", 0.22),
                Pattern("plain", r"(?<![\d-])\d{8,15}(?![\d-])", 0.2),
            ],
            context=rules["context"],
        )

    def invalidate_result(self, pattern_text: str) -> bool | None:
        """Return True where there are too few digits for an account, or a date or a mobile number is written."""
        digits = "".join(char for char in pattern_text if char.isdigit())
        groups = [len(group) for group in pattern_text.replace(" ", "-").split("-") if group]
        is_date = groups in ([4, 2, 2], [2, 2, 2], [4, 1, 2], [4, 1, 1], [4, 2, 1]) or bool(_DATE.fullmatch(digits))
        is_phone = len(digits) in (10, 11) and digits.startswith("010")
        is_company = len(digits) == 8 and digits.startswith(("15", "16", "18"))
        return len(digits) < 8 or is_date or is_phone or is_company
