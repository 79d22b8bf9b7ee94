"""Passwords in digits, PINs, card security codes and one-time codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.personal_data.span_recognizer import SpanRecognizer

_NAME_KO = (
    r"(?:비밀번호|비번|패스워드|암호|핀\s?번호|핀\s?코드|(?<![가-힣])핀|PIN|CV[CV]2?|씨\s?브이\s?씨|시\s?브이\s?시|씨\s?브이\s?브이|보안\s?코드"
    r"|인증\s?번호|인증\s?코드|OTP|오티피|일회용\s?번호|보안카드|카드\s?뒷면|뒷면|본인확인\s?번호)(?:\s?(?:번호|숫자|코드))?"
)
_PARTICLE_KO = r"(?:는요?|은요?|가|이|를|을|로|요|:|\s?=)?\s{0,2}"
_PLACE_KO = (
    r"(?:(?:숫자\s|(?:맨\s?)?[앞뒤뒷끝](?:에)?\s?)?(?:두|세|네|다섯|여섯|2|3|4|5|6)\s?(?:자리|개|글자)(?:는|가|요|만)?[,:]?\s{0,2}|[앞뒤끝]자리(?:는|가|요)?\s"
    r"|숫자(?:는|가)?\s|뒤에\s|\d{1,2}번\s?(?:은|이)?\s?|그게\s|문자로\s|방금\s)?"
)
_CUE_KO = rf"{_NAME_KO}{_PARTICLE_KO}{_PLACE_KO}"
_TWO_KO = rf"{_NAME_KO}{_PARTICLE_KO}(?:[앞뒤뒷](?:에)?\s?)?(?:두|2)\s?자리(?:는|가|요)?\s"
_NOT_COUNTED = (
    r"(?!\s?(?:자리|번째|회|년|월|원|분|초|개|일(?!이)|시간|만|억|%|[.]\d|번\s(?:틀|연속|잘못|오류|눌|이상)))"
)
_DIGITS = r"\d(?:[ -]?\d){2,7}(?!\d)"
_ONE_KO = r"(?:(?!이(?:에요|예요|요|고|라))[공영일이삼사오육륙칠팔구])"
_ENDED_KO = r"(?=\s?(?:이?에요|예요|입니다|이?요|이?고요?|이?라고|눌|맞|입력|이렇게|인데)|[^가-힣]|$)"
_SPOKEN_KO = rf"{_ONE_KO}(?:\s?{_ONE_KO}){{{{{{least}},7}}}}{_ENDED_KO}"
_COUNTED_KO = rf"(?=[일이삼사오육칠팔구]?[천백])(?:[일이삼사오육칠팔구]?천)?(?:[일이삼사오육칠팔구]?백)?(?:[일이삼사오육칠팔구]?십)?(?:(?!이(?:에요|예요|요|고|라))[일이삼사오육칠팔구])?{_ENDED_KO}"

_NAME_EN = (
    r"(?<![a-z])(?P<name>pass\s?word|pass\s?code|passwd|pwd|pin(?:\s?(?:number|code))?|cv[cv]2?|csc|otp"
    r"|(?:security|access|verification|authentication|confirmation|login|one[\s-]time)\s(?:code|number|pin|password)|digits\son\sthe\sback|code)"
)
_OTHER_CODES = frozenset(
    [
        "zip",
        "area",
        "sort",
        "country",
        "promo",
        "coupon",
        "error",
        "branch",
        "swift",
        "postal",
        "bank",
        "order",
        "dress",
        "bar",
        "qr",
        "reference",
        "product",
        "tracking",
        "discount",
        "merchant",
        "category",
        "dial",
        "dialing",
        "iban",
        "item",
        "model",
        "colour",
        "color",
    ]
)
_TOLD_EN = r"(?:'s|\"|”)?(?:\s(?:is|are|was|were|to|of|reads|says|on\s(?:the|my)\s(?:back|card)(?:\sis)?|i\s(?:got|get|used?|entered|have|had|received|set|chose|typed)(?:\s(?:is|was))?|(?:they|you|he|she)\s(?:sent|texted|gave)(?:\s(?:me|us))?(?:\s(?:is|was))?))?\s{0,2}[:=]?\s{0,2}[\"“']?"
_CUE_EN = rf"{_NAME_EN}{_TOLD_EN}"
_WORD_EN = "(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"
_TEN_EN = r"(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[\s-](?:one|two|three|four|five|six|seven|eight|nine))?)"
_NOT_COUNTED_EN = r"(?!\s?(?:digits?|times|characters|minutes?|hours?|days?|dollars|percent|%|letters|attempts|years))"


def _compiled(cue: str, value: str) -> re.Pattern[str]:
    return re.compile(f"{cue}(?P<value>{value})", re.IGNORECASE)


_PATTERNS = (
    _compiled(_CUE_KO, _DIGITS + _NOT_COUNTED),
    _compiled(_CUE_KO, _SPOKEN_KO.format(least=2)),
    _compiled(_CUE_KO, _COUNTED_KO),
    _compiled(rf"{_NAME_KO}{_PARTICLE_KO}(?:[가-힣]{{1,6}}\s){{1,2}}", r"(?:\d{4}|\d{6})(?![\d-])" + _NOT_COUNTED),
    _compiled(r"\bpin\b[^.\d\n]{1,30}\sis\s", rf"(?:\d{{4}}|\d{{6}})(?![\d-])|{_WORD_EN}(?:\s{_WORD_EN}){{3,5}}\b"),
    _compiled(_TWO_KO, rf"\d ?\d(?!\d){_NOT_COUNTED}|{_SPOKEN_KO.format(least=1)}"),
    _compiled(r"보안카드[^.\n]{0,40}?,?\s\d{1,2}번(?:[은이])?\s?", r"\d{2,4}(?!\d)"),
    _compiled(r"보안카드[^.\n]{0,40}\d{1,2}번(?:[은이])?\s?", r"\d{2,4}(?!\d)"),
    _compiled(_CUE_EN, f"(?:[A-Z]-)?{_DIGITS}{_NOT_COUNTED_EN}"),
    _compiled(_CUE_EN, rf"{_WORD_EN}(?:[\s-]{_WORD_EN}){{2,7}}\b"),
    _compiled(_CUE_EN, rf"(?:{_WORD_EN}[\s-])?{_TEN_EN}(?:[\s-](?:{_TEN_EN}|{_WORD_EN})){{1,3}}\b{_NOT_COUNTED_EN}"),
)
_NAMED_AFTER = re.compile(
    r"(?<![\d-])(?P<value>\d{4,8})(?=\s(?:is|as)\s(?:your|my|the)\s(?:[a-z-]+\s){0,2}(?:code|otp|pin|passcode|password)\b)",
    re.IGNORECASE,
)
_WORD_BEFORE = re.compile(r"([a-z]+)\s\Z", re.IGNORECASE)


class SecretCodeRecognizer(SpanRecognizer):
    """Three to eight digits, written or spoken, right after what they are called; two where only two are asked for.

    Source: Electronic Financial Supervision Regulations (전자금융감독규정), article 33; PCI DSS 4.0, requirement 3.3. One-time
    codes count: who dictates one on a call has just given it away, and it tells what was confirmed with it.
    """

    needs = re.compile(
        r"(?i)번호|비번|패스워드|암호|핀|코드|보안|뒷면|오티피|브이|code|pin|cv[vc]|csc|otp|pass|pwd|digits on"
    )

    def __init__(self, language: str) -> None:
        super().__init__("SECRET", language)

    def spans(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Yield the codes."""
        for pattern in (*_PATTERNS, _NAMED_AFTER):
            for match in pattern.finditer(text):
                if not self._is_other_code(text, match):
                    yield match.start("value"), match.end("value"), 0.8

    def _is_other_code(self, text: str, match: re.Match[str]) -> bool:
        """Return whether it is a postcode, an error code or their like."""
        if match.groupdict().get("name", "").lower() != "code":
            return False
        before = _WORD_BEFORE.search(text[max(0, match.start("name") - 16) : match.start("name")])
        return before is not None and before[1].lower() in _OTHER_CODES
