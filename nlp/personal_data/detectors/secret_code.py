"""Passwords, PINs and card security codes said aloud."""

from __future__ import annotations

import re

from presidio_analyzer import Pattern, PatternRecognizer


class SecretCodeRecognizer(PatternRecognizer):
    """Three to eight digits right after the words password, PIN or CVC; one-time codes die within minutes and stay.

    Source: Electronic Financial Supervision Regulations (전자금융감독규정), article 33; PCI DSS 4.0, requirement 3.3.
    """

    needs = re.compile(r"(?i)\d|\b(?:code|pin|cv[vc])\b")

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
                    "ko_code",
                    r"(?:(?<=비밀번호 네 자리 )|(?<=두 자리는 )|(?<=네 자리는 )|(?<=세 자리는 )|(?<=[Cc][Vv][CcVv]는 )|(?<=[Cc][Vv][CcVv] )|(?<=[Cc][Vv][CcVv]번호는 )|(?<=비번이 )|(?<=비번 )|(?<=핀번호는 )|(?<=씨브이씨 ))\d[\d ]{1,8}(?![\d%.년월])",
                    0.7,
                ),
                Pattern(
                    "en_said",
                    r"(?:(?<=code is )|(?<=code )|(?<=cvv is )|(?<=cvv )|(?<=cvc is )|(?<=cvc )|(?<=pin is )|(?<=pin ))(?:(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b\s?){3,6}(?<=[a-z])",
                    0.75,
                ),
                Pattern(
                    "en",
                    r"(?:(?<=password is )|(?<=pin is )|(?<=pin code is )|(?<=pin number is )|(?<=cvc is )|(?<=cvv is )|(?<=security code is )|(?<=security code )|(?<=cvv )|(?<=cvc )|(?<=pin ))[\d-]{3,9}(?!\d)",
                    0.75,
                ),
            ],
        )
