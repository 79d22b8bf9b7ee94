"""E-mail addresses, written and read aloud."""

from __future__ import annotations

from presidio_analyzer import Pattern, PatternRecognizer

from nlp.personal_data.letters import KOREAN_LETTER

_SIGN_KO = "점|닷|언더바|언더스코어|하이픈|대시|마이너스|[._-]"
_NUMBER_KO = r"(?:\s?(?:\d{1,6}|[공영일이삼사오육칠팔구]{1,6}))"
_SPELT_KO = (
    rf"(?:(?<![A-Za-z0-9._-])[A-Za-z0-9][A-Za-z0-9._-]{{0,30}}(?:\s[A-Za-z0-9][A-Za-z0-9._-]{{0,20}}){{0,2}}"
    rf"|(?<![가-힣])(?:(?:{KOREAN_LETTER})\s?){{2,12}}){_NUMBER_KO}?"
    rf"(?:\s?(?:{_SIGN_KO})\s?(?:[A-Za-z0-9]{{1,20}}|(?:{KOREAN_LETTER}){{1,8}}|{_NUMBER_KO})){{0,3}}"
)
_DOMAIN_KO = (
    r"(?:[A-Za-z0-9-]{2,20}|[가-힣]{2,8})\s?(?:닷|점|쩜|\.)\s?"
    r"(?:컴|넷|씨오\s?(?:점|닷|쩜)?\s?케이알|케이알|오알지|com|net|co\.kr|kr|org)"
)
_PROVIDER_KO = (
    "네이버|지메일|쥐메일|한메일|다음|카카오|네이트|핫메일|아웃룩|야후|아이클라우드|naver|gmail|daum|kakao|nate"
)
_WORDS_EN = "(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-z]{3,6}teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
_PART_EN = rf"[a-z0-9]+(?:[._-][a-z0-9]+){{0,4}}(?:\s+(?:{_WORDS_EN}|\d{{1,4}})(?![A-Za-z0-9])){{0,6}}"
_SPELT_EN = rf"{_PART_EN}(?:\s+(?:dot|underscore|dash|hyphen)\s+{_PART_EN}){{0,4}}"
_LETTERS_EN = rf"(?<!['’A-Za-z])[a-z](?:[\s-]+(?:[a-z]|{_WORDS_EN}|\d{{1,4}})(?![A-Za-z0-9])){{1,20}}"
_CUE_EN = r"(?<=(?i:\b(?:e-?mail(?:\saddress)?(?:\s(?:is|to|it\sto|me|us|her|him))?|address\sis|it(?:'s|\sis)|reach\s(?:me|her|him)|send\sit\sto)):?\s)"
_DOMAIN_EN = r"(?:[a-z0-9-]{2,30}|[a-z](?:\s[a-z]){2,10})(?:\s+(?:dot|period)\s+(?:com|net|org|co|kr|edu|io|gov|info|us|uk|c\so\sm)){1,2}"


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
                Pattern("provider_ko", rf"{_SPELT_KO}\s?골뱅이\s?(?:{_PROVIDER_KO})", 0.7),
                Pattern(
                    "word_ko",
                    rf"(?<![가-힣])(?:(?!메일|주소|이메일)[가-힣]{{2,10}}\d{{0,6}}){_NUMBER_KO}?\s?골뱅이\s?{_DOMAIN_KO}",
                    0.75,
                ),
                Pattern("letters_en", rf"{_LETTERS_EN}\s+at\s+{_DOMAIN_EN}\b", 0.9),
                Pattern(
                    "spelt_en", rf"(?<!['’A-Za-z])[a-z]\s+[a-z]{{2,20}}(?:\s+\d{{1,4}})?\s+at\s+{_DOMAIN_EN}\b", 0.9
                ),
                Pattern("spoken_en", rf"\b{_SPELT_EN}\s+at\s+{_DOMAIN_EN}\b", 0.85),
                Pattern(
                    "told_en",
                    rf"{_CUE_EN}(?!(?:address|addresses|should|me|us|it|to|is|at|on|by|via|through|him|her)\b){_PART_EN}(?:\s+(?:dot\s+|underscore\s+)?{_PART_EN}){{1,4}}\s+at\s+{_DOMAIN_EN}\b",
                    0.9,
                ),
                # half written, half said
                Pattern(
                    "mixed_ko", rf"{_SPELT_KO}\s?(?:골뱅이|앳|@)\s?[A-Za-z0-9-]{{2,30}}\.(?:com|net|co\.kr|kr|org)", 0.9
                ),
            ],
        )
