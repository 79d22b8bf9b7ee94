"""E-mail addresses as they are written."""

from __future__ import annotations

import re

from presidio_analyzer import Pattern, PatternRecognizer


class EmailRecognizer(PatternRecognizer):
    """Local part, at sign, domain; the signs may be spelled out in brackets.

    Source: RFC 5321, section 4.1.2, without quoted local parts, which nobody uses.
    """

    needs = re.compile(r"(?i)@|\bat\b")

    def __init__(self, language: str) -> None:
        super().__init__(
            supported_entity="EMAIL",
            supported_language=language,
            patterns=[
                Pattern(
                    "written",
                    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,24}",
                    0.95,
                ),
                Pattern(
                    "bracketed",
                    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}\s?[\[({<]\s?at\s?[\])}>]\s?[A-Za-z0-9-]{1,63}"
                    r"(?:\s?(?:\.|[\[({<]\s?dot\s?[\])}>])\s?[A-Za-z0-9-]{2,24}){1,4}",
                    0.95,
                ),
            ],
        )
