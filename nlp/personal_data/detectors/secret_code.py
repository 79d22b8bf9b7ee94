"""Passwords, PINs and card security codes said aloud."""

from __future__ import annotations

from presidio_analyzer import Pattern, PatternRecognizer


class SecretCodeRecognizer(PatternRecognizer):
    """Three to eight digits right after the words password, PIN or CVC; one-time codes die within minutes and stay.

    Source: Electronic Financial Supervision Regulations (전자금융감독규정), article 33; PCI DSS 4.0, requirement 3.3.
    """

    def __init__(self, language: str) -> None:
        super().__init__(
            supported_entity="SECRET",
            supported_language=language,
            patterns=[
                Pattern(
                    "ko",
                    r"(?:(?<=비밀번호는 )|(?<=비밀번호 )|(?<=비번은 )|(?<=비밀번호가 )|(?<=씨브이씨는 )|(?<=시브이시는 ))\d[\d ]{2,8}\d?(?![\d%.])",
                    0.75,
                ),
                Pattern(
                    "en",
                    r"(?:(?<=password is )|(?<=pin is )|(?<=pin code is )|(?<=pin number is )|(?<=cvc is )|(?<=cvv is )|(?<=security code is ))[\d-]{3,9}(?!\d)",
                    0.75,
                ),
            ],
        )
