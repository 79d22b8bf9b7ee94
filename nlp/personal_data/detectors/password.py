"""Passwords with letters in them, written or spelled aloud."""

from __future__ import annotations

import re

from presidio_analyzer import Pattern, PatternRecognizer

from nlp.personal_data.letters import KOREAN_LETTER

_CUE_KO = r"(?:비밀번호|비번|패스워드|암호|(?i:password))(?:는요?|은|가|이|를|:|요|로)?\s{0,2}(?:소문자로?\s|대문자로?\s|영어로\s)?"
_CUE_EN = r"(?i:\b(?:password|passcode|passphrase|pass\sword)(?:'s|:|\s(?:is|was|to|should\sbe|would\sbe)(?:\s(?:all\s)?(?:lower\s?case|capital))?)\s{1,2})"
_SIGNS = r"A-Za-z0-9!@#$%^&*_.~+?-"
_MIXED = rf"(?=[{_SIGNS}]{{0,20}}\d)(?=[{_SIGNS}]{{0,20}}[A-Za-z!@#$%^&*_~+])[{_SIGNS}]{{3,23}}[A-Za-z0-9!@#$%^&*_~+]"
_COPULA = r"(?=\s?(?:이에요|예요|입니다|이고|이요|요(?:[^가-힣]|$)|인데|이거든|라고|이라고|였|이었))"
_DIGIT_KO = r"(?:[공영일이삼사오육륙칠팔구]|\d)"
_SPELT_KO = rf"(?:(?:{KOREAN_LETTER})[\s,]{{0,2}}){{3,16}}(?:{_DIGIT_KO}[\s,]{{0,2}}){{0,8}}(?<=[가-힣\d])"
_ENDED_KO = r"(?=이?에요|예요|입니다|이?고|이?요|인데|이?라고|이거든|[^가-힣]|$)"
_DIGIT_EN = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|\d{1,4})"
_SPELT_EN = rf"[a-z](?:[\s-]{{1,2}}(?:[a-z]|{_DIGIT_EN})\b){{3,20}}|[a-z]{{3,20}}(?:[\s-](?:{_DIGIT_EN}|underscore|dash|hash|star|exclamation(?:\s(?:mark|point))?)\b){{1,8}}"
_OTHER_WORD = (
    r"(?!(?:the|an?|my|your|not|no|wrong|incorrect|correct|right|invalid|expired|weak|strong|too|required|locked|needed|reset|changed?"
    r"|blocked|still|being|also|now|very|really|so|something|nothing|compromised|forgotten|lost|stolen|case|in|on|for|to|at|it|that"
    r"|what|same|different|long|short|old|new|secure|unsafe|safe|sent|saved?|empty|out|up|down|set|protected|working|fine|ok(?:ay)?)\b)"
)


class PasswordRecognizer(PatternRecognizer):
    """What is told right after the word password, unless it is a word about passwords (is wrong, 변경).

    Source: Electronic Financial Supervision Regulations (전자금융감독규정), article 32; NIST SP 800-63B, section 5.1.1.
    """

    needs = re.compile(r"(?i)pass\s?(?:word|code|phrase)|비밀번호|비번|패스워드|암호")

    def __init__(self, language: str) -> None:
        super().__init__(
            supported_entity="SECRET",
            supported_language=language,
            patterns=[
                Pattern("mixed", rf"(?<={_CUE_KO}|{_CUE_EN}){_MIXED}(?![A-Za-z0-9])", 0.85),
                Pattern("word_ko", rf"(?<={_CUE_KO})(?!OTP|SMS|ARS|PIN)[A-Za-z]{{4,24}}{_COPULA}", 0.7),
                Pattern("spelt_ko", rf"(?<={_CUE_KO}){_SPELT_KO}{_ENDED_KO}", 0.8),
                Pattern("spelt_en", rf"(?<={_CUE_EN}){_OTHER_WORD}(?:{_SPELT_EN})(?![A-Za-z0-9])", 0.8),
                Pattern(
                    "word_en",
                    rf"(?<={_CUE_EN}){_OTHER_WORD}[A-Za-z]{{4,20}}(?=[.!?]?$|,|\.\s|\sand\s|\sall\s)(?<!ed|ing|ly)",
                    0.6,
                ),
                Pattern(
                    "quoted", rf"(?<={_CUE_KO}|{_CUE_EN})(?:\"[^\"\n]{{4,30}}\"|'[^'\n]{{4,30}}'|“[^”\n]{{4,30}}”)", 0.8
                ),
            ],
        )
