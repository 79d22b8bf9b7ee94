"""Passwords with letters in them, written or spelled aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.personal_data.letters import KOREAN_LETTER
from nlp.personal_data.span_recognizer import SpanRecognizer

_CUE_KO = r"(?:비밀번호|비번|패스워드|암호|(?i:password))(?:는요?|은|가|이|를|:|요|로)?\s{0,2}(?:소문자로?\s|대문자로?\s|영어로\s)?"
_NAME_EN = r"(?:pass\s?word|pass\s?code|pass\s?phrase|passwd|pwd|memorable\s(?:word|name|place)|(?:secret|safe|code|security)\sword|(?:wi-?fi|network)\s(?:key|password)|security\sanswer|answer\sto\s(?:the|my|your)\ssecurity\squestion)"
_CUE_EN = rf"(?i:\b{_NAME_EN}(?:(?:['’]s|\s(?:is|was|to|should\sbe|would\sbe)|\"?\s?[:=])(?:\s(?:in\s)?(?:all\s)?(?:lower\s?case|caps|capitals?|upper\s?case))?)\s{{0,2}}[\"“']?)"
_CUE_WRITTEN = rf"(?i:\b(?:{_NAME_EN}|pass|pw|login)\"?\s?[:=]\s{{0,2}}[\"“']?|\b(?:password|passcode|pwd|pass|pw)\s|\blogin\s\S{{2,30}}\s?[/,]\s?)"
_CUE_BARE = r"(?i:\b(?:telephone|phone|mobile|online|internet)\sbanking\spassword\s|\bmemorable\s(?:word|name|place)\s|\b(?:secret|safe|security)\sword\s|\bpass\s?phrase\s|\b(?:user(?:name)?|login|id)\s\S{2,30}\s(?:password|pass|pw)\s)"
_WORD_SIGN_KO = r"(?:\s?(?:느낌표|골뱅이|샵|별표|물음표|달러|언더바|밑줄|점|하이픈)\d{0,4}){0,3}"
_SIGNS = r"A-Za-z0-9!@#$%^&*_.~+?-"
_MIXED = rf"(?=[{_SIGNS}]{{0,20}}\d)(?=[{_SIGNS}]{{0,20}}[A-Za-z!@#$%^&*_~+])[{_SIGNS}]{{3,23}}[A-Za-z0-9!@#$%^&*_~+]"
_COPULA = r"(?=\s?(?:이에요|예요|입니다|이고|이요|요(?:[^가-힣]|$)|인데|이거든|라고|이라고|였|이었))"
_DIGIT_KO = r"(?:(?!이(?:에요|예요|요|고|라))[공영일이삼사오육륙칠팔구]|\d)"
_SPELT_KO = rf"(?:(?:{KOREAN_LETTER})[\s,]{{0,2}}){{3,16}}(?:{_DIGIT_KO}[\s,]{{0,2}}){{0,8}}(?<=[가-힣\d])"
_ENDED_KO = r"(?=이?에요|예요|입니다|이?고|이?요|인데|이?라고|이거든|[^가-힣]|$)"
_DIGIT_EN = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|\d{1,4})"
_SPELT_EN = rf"[a-z](?:[\s-]{{1,2}}(?:[a-z]|{_DIGIT_EN})\b){{3,20}}|[a-z]{{3,20}}(?:[\s-](?:{_DIGIT_EN}|underscore|dash|hash|star|exclamation(?:\s(?:mark|point))?)\b){{1,8}}"
_OTHER_WORD = (
    r"(?!(?:the|an?|my|your|not|no|wrong|incorrect|correct|right|invalid|expired|weak|strong|too|required|locked|needed|reset|changed?"
    r"|blocked|still|being|currently|apparently|probably|definitely|only|finally|actually|already|temporarily|incorrectly|also|now|very|really|so|something|nothing|compromised|forgotten|lost|stolen|case|in|on|for|to|at|it|that"
    r"|what|same|different|long|short|old|new|secure|unsafe|safe|sent|saved?|empty|out|up|down|set|protected|working|fine|ok(?:ay)?)\b)"
)

_WORDS_EN = r"[A-Za-z]{3,20}(?:\s(?!and\b|with\b|but\b|all\b|no\b)[A-Za-z]{3,20}){0,3}(?=[.!?]?$|[,;]|\.\s|\s(?:and|with|all|but|no)\s)(?<!ed)(?<!ing)(?<!again)(?<!now)(?<!today)(?<!yesterday)"


_TOLD_KO = r"(?:비밀번호|비번|패스워드|암호)(?:\s(?:힌트|답))?(?:는|은|가|이)\s"
_HANGUL = (
    r"(?!(?:오류|필수|문제|별도|아직|초기|기본|뭐|무엇|어디|언제|얼마|생일|전화|뒷자리|앞자리|숫자|영문|한글|비공개|비밀|처음|그거|이거|저거|그것|모두|똑같|다른"
    r"|같|변경|설정|분실|잠김|만료|정지|해제|재발급|등록|입력|확인|불일치|일치|필요|중요|왜|어떻게|안|못|아니|맞|틀|모르|기억|네|세|여섯|두|다섯|바꾸|바꿔|누구|본인|유출|노출|공유|아무|예전|새|옛|지금|다시|자주|계속|이미|그대로|동일|자동|임시|개인|고객|카드|통장|계좌|로그인|앱)[가-힣]{0,4})"
    r"[가-힣]{2,10}?\d{0,6}(?=이?에요|예요|입니다|이?었어요|였어요|이?래요)"
)


def _compiled(cue: str, value: str) -> re.Pattern[str]:
    return re.compile(f"(?:{cue})(?P<value>{value})")


_KEY = (
    r"(?:api[\s_-]?(?:key|token|secret)|(?:access|client|private|secret|auth|bearer)[\s_-]?(?:key|token|secret)|token)"
)
_PATTERNS = (
    (
        _compiled(
            rf"(?i:\b{_KEY}\"?(?:\sis)?\s{{0,2}}[:=]?\s{{0,2}}\"?)",
            r"(?=[A-Za-z_/+.=-]{0,40}\d)[A-Za-z0-9_/+.=-]{12,128}",
        ),
        0.85,
    ),
    (_compiled(_TOLD_KO, _HANGUL), 0.65),
    (_compiled(f"{_CUE_KO}|{_CUE_EN}|{_CUE_WRITTEN}", f"{_MIXED}(?![A-Za-z0-9]){_WORD_SIGN_KO}"), 0.85),
    (_compiled(_CUE_KO, rf"(?!OTP|SMS|ARS|PIN)[A-Za-z]{{4,24}}{_COPULA}"), 0.7),
    (_compiled(_CUE_KO, _SPELT_KO + _ENDED_KO), 0.8),
    (_compiled(f"{_CUE_EN}|{_CUE_BARE}", f"{_OTHER_WORD}(?:{_SPELT_EN})(?![A-Za-z0-9])"), 0.8),
    (_compiled(f"{_CUE_EN}|{_CUE_BARE}", f"{_OTHER_WORD}{_WORDS_EN}"), 0.6),
    (_compiled(f"{_CUE_KO}|{_CUE_EN}", r"\"[^\"\n]{4,30}\"|'[^'\n]{4,30}'|“[^”\n]{4,30}”"), 0.8),
)


class PasswordRecognizer(SpanRecognizer):
    """What is told right after the word password, unless it is a word about passwords (is wrong, 변경).

    Source: Electronic Financial Supervision Regulations (전자금융감독규정), article 32; NIST SP 800-63B, section 5.1.1.
    """

    needs = re.compile(r"(?i)pass|pwd|key|token|secret|\bpw\b|login|memorable|\bword\b|비밀번호|비번|패스워드|암호")

    def __init__(self, language: str) -> None:
        super().__init__("SECRET", language)

    def spans(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Yield the passwords."""
        for pattern, score in _PATTERNS:
            for match in pattern.finditer(text):
                yield match.start("value"), match.end("value"), score
