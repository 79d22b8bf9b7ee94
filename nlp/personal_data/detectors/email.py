"""E-mail addresses, written and read aloud."""

from __future__ import annotations

from presidio_analyzer import Pattern, PatternRecognizer

_LETTER_KO = (
    "에이치|에이|에프|에스|엑스|엘|엠|엔|비|씨|시|디|이|지|아이|제이|케이|오|피|큐|알|티|유|브이|더블유|와이|제트"
)
_SIGN_KO = "점|닷|언더바|언더스코어|하이픈|대시|마이너스|[._-]"
_SPELT_KO = (
    rf"(?:(?<![A-Za-z0-9._-])[A-Za-z0-9][A-Za-z0-9._-]{{0,30}}|(?<![가-힣])(?:{_LETTER_KO}){{2,12}}\d{{0,6}})"
    rf"(?:\s?(?:{_SIGN_KO})\s?[A-Za-z0-9]{{1,20}}){{0,3}}"
)
_DOMAIN_KO = (
    r"(?:[A-Za-z0-9-]{2,20}|[가-힣]{2,8})\s?(?:닷|점|쩜|\.)\s?"
    r"(?:컴|넷|씨오\s?(?:점|닷|쩜)?\s?케이알|케이알|오알지|com|net|co\.kr|kr|org)"
)
_SPELT_EN = r"[a-z0-9]+(?:[._-][a-z0-9]+){0,4}(?:\s+(?:dot|underscore|dash|hyphen)\s+[a-z0-9]{1,20}){0,4}"
_DOMAIN_EN = r"[a-z0-9-]{2,30}(?:\s+dot\s+(?:com|net|org|co|kr|edu|io|gov|info|us|uk)){1,2}"


class EmailRecognizer(PatternRecognizer):
    """Local part, at sign (골뱅이, ``at``), domain.

    Source: RFC 5321, section 4.1.2, without quoted local parts, which nobody says.
    """

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
                Pattern("spoken_ko", rf"{_SPELT_KO}\s?골뱅이\s?{_DOMAIN_KO}", 0.85),
                Pattern(
                    "spelt_en", rf"(?<!['’A-Za-z])[a-z]\s+[a-z]{{2,20}}(?:\s+\d{{1,4}})?\s+at\s+{_DOMAIN_EN}\b", 0.9
                ),
                Pattern("spoken_en", rf"\b{_SPELT_EN}\s+at\s+{_DOMAIN_EN}\b", 0.85),
                # half written, half said
                Pattern(
                    "mixed_ko", rf"{_SPELT_KO}\s?(?:골뱅이|앳|@)\s?[A-Za-z0-9-]{{2,30}}\.(?:com|net|co\.kr|kr|org)", 0.9
                ),
            ],
        )
