"""Postal addresses in Korea, and street addresses in English."""

from __future__ import annotations

import re

from presidio_analyzer import Pattern, PatternRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from nlp import data_files
from nlp.personal_data.latin_names import Kind, LatinNames, load_latin_names

_DISTRICT = r"[가-힣]{1,6}(?:시|군|구)"
_TOWN = r"(?:[가-힣]{1,6}\d{0,2}(?:읍|면|동|리)(?:\s?\d가)?|[가-힣]{1,6}\d가)"
_ROAD = r"[가-힣][가-힣0-9]{0,9}(?:대로|로|길)(?:\s?\d{1,4}번?[가-힣]?길)?"
_AMOUNT = r"(?![\d,.]*\s?(?:%|만|천|억|원(?!룸|빌)|미터|개(?!발|인|봉)|년|월|퍼센트|프로|회(?!관)|일(?!대)|시(?!청|장|립|민|티)|분(?!당)|건(?!물)|명(?!동)|세(?!대|탁|종|곡)))"
_NUMBER = rf"(?:산\s?)?\d{{1,5}}(?:-\d{{1,4}})?(?:번지)?{_AMOUNT}"
_COMPLEX = r"아파트|빌라|오피스텔|타워|맨션|주택|연립|자이|푸르지오|래미안|힐스테이트|더샵|캐슬|주공|빌딩|상가|마을|단지|하이츠|파크"
_HOME = (
    rf"(?:,?\s?[가-힣A-Za-z0-9]{{0,12}}(?:{_COMPLEX})(?:\s?\d단지)?)?"
    r"(?:,?\s?(?:(?:\d{1,4}|[가-하A-Z])동(?=\s?\d)|(?<=\D\s)\d{2,4}-\d{3,4}(?![-\d])))?(?:,?\s?(?:지하\s?)?(?:\d{1,3}|지|반지하)층)?(?:\s?(?<![-\d])[A-Z]?\d{1,4}호)?(?:\s?\(\s?[가-힣0-9, ]{2,20}\))?"
)


_STREET_WORD = (
    r"(?!(?:the|on|from|in|of|at|an?|my|your|our|to|for|by|or|and|is|was|minutes?|hours?|dollars?|miles?|blocks?|days?|weeks?"
    r"|months?|years?|percent|stars?|ways?|more|times?|people|cents|out|down)\b)[a-z0-9']+"
)


_SAID = "(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-z]{3,6}teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand)"


_WEAK_STREETS = "close|walk|row|hill|park|view|green|rise|gate|yard|wharf|heights|fields|vale"
"""Ways that are words of other things oftener: only where somebody speaks of an address."""
_PLAIN_STREETS = "street|avenue|road|boulevard|lane|drive|crescent|terrace|parkway"
_UNIT_BEFORE = re.compile(
    r"(?<![A-Za-z])(?:flat|apt|apartment|unit|suite|level|room)\.?\s?#?[A-Za-z0-9]{1,5},?\s\Z", re.IGNORECASE
)
_UNIT = re.compile(
    rf",?\s(?:apt|apartment|suite|unit|flat|#)\.?\s?(?:{_SAID}(?:\s[a-z])?|\d+[a-z]?|[a-z])(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_DIRECTION = re.compile(r"\s(?:central|north|south|east|west|[ns][ew]?|[ew])(?![A-Za-z0-9'’])", re.IGNORECASE)
_NEXT_WORD = re.compile(r",?[ ]([A-Za-z]{3,20})(?![A-Za-z0-9'’@-])")
_STATE = re.compile(
    r",?\s(?:[A-Z]{2,3}(?:\s\d{4,5}(?:-\d{4})?)?|[A-Za-z]{2}\s\d{5}|(?<=[A-Z])\s?\d{4,5})(?![A-Za-z0-9])|\s\d{4,5}(?![\d-])"
)
_POSTCODE = re.compile(r"(?:,?\s[A-Za-z]{3,15}){0,2},?\s[A-Za-z]{1,2}\d[A-Za-z\d]?\s\d[A-Za-z]{2}(?![A-Za-z0-9])")
"""Post town and postcode of the United Kingdom. Source: Royal Mail, programmers' guide to PAF, appendix C."""
_MAX_TOWN_WORDS = 3
_BUILDING_KO = re.compile(
    r"(?:,?\s(?![가-힣]{0,8}(?:에|에서|로|으로|이고|고|인데|는데|요|은|는|을|를|지점|영업점|매장)\s)[가-힣A-Za-z0-9]{2,12}){1,3}?"
    r",?\s?(?:(?:\d{1,4}|[A-Z가-하])동\s?\d{1,4}호|\d{1,3}층(?:\s?\d{1,4}호)?|\d{1,4}호)(?![가-힣]{0,1}(?:선|기|봉))"
)
"""A building's name between a house number and a flat: 리센츠 101동 1203호."""
_CONTEXT = [
    "주소",
    "사는",
    "살고",
    "거주",
    "거주지",
    "자택",
    "배송지",
    "이사 온",
    "집은",
    "address",
    "live at",
    "living at",
    "reside",
    "mail it to",
    "addr",
    "lives at",
    "located at",
    "we're at",
    "i'm at",
    "moved to",
    "deliver",
    "send it to",
    "배송",
    "소재지",
    "담보",
    "ship",
]


class AddressRecognizer(PatternRecognizer):
    """From province or district down to a number, a flat, or at least a town.

    Source: Road Name Address Act (도로명주소법), article 7; lot numbers as in the Act on Spatial Data, article 66.
    """

    against = ("지점", "영업점", "본점", "branch")

    def __init__(self, language: str) -> None:
        places = data_files.load("personal_data/places.yaml")
        province = "(?:" + "|".join(places["provinces"]) + ")"
        street = "|".join(places["streets_en"])
        super().__init__(
            supported_entity="ADDRESS",
            supported_language=language,
            patterns=[*_korean(province), *_english(street)],
            context=_CONTEXT,
        )
        self._words: LatinNames = load_latin_names()
        self._cities = frozenset(places["cities_en"])

    def analyze(
        self,
        text: str,
        entities: list[str],
        nlp_artifacts: NlpArtifacts | None = None,
        regex_flags: int | None = None,
    ) -> list[RecognizerResult]:
        """Return the addresses, English ones with the town that is named after the street without a comma."""
        found: list[RecognizerResult] = super().analyze(text, entities, nlp_artifacts, regex_flags)
        for result in found:
            if _is_english(text[result.start : result.end]):
                result.start = self._start_of_unit(text, result.start)
                result.end = self._end_of_town(text, result.end)
            else:
                building = _BUILDING_KO.match(text, result.end)
                result.end = building.end() if building else result.end
        return found

    def _is_town(self, word: str) -> bool:
        return word.lower() in self._cities or self._words.kind(word) is not Kind.ORDINARY

    def _start_of_unit(self, text: str, start: int) -> int:
        unit = _UNIT_BEFORE.search(text[max(0, start - 20) : start])
        return start - len(unit[0]) if unit else start

    def _end_of_town(self, text: str, end: int) -> int:
        for pattern in (_DIRECTION, _UNIT):
            more = pattern.match(text, end)
            end = more.end() if more else end
        postcode = _POSTCODE.match(text, end)
        if postcode:
            return postcode.end()
        is_mixed = any(map(str.isupper, text))
        for _ in range(_MAX_TOWN_WORDS):
            word = _NEXT_WORD.match(text, end)
            if word is None or not self._is_town(word[1]) or (is_mixed and word[1].islower()):
                break
            end = word.end()
        state = _STATE.match(text, end)
        return state.end() if state else end


def _is_english(value: str) -> bool:
    return bool(re.search("[A-Za-z]{2}", value)) and not re.search("[가-힣]", value)


def _korean(province: str) -> list[Pattern]:
    return [
        Pattern(
            "full",
            rf"(?:{province}\s?)?(?:{_DISTRICT}\s?){{1,2}}\s?(?:{_TOWN}\s?|{_ROAD}\s?){{1,2}}{_NUMBER}{_HOME}",
            0.75,
        ),
        Pattern(
            "province",
            rf"{province}\s(?:{_DISTRICT}\s){{1,2}}(?:{_TOWN}|{_ROAD})(?![가-힣]{{3}})(?:\s?{_NUMBER})?{_HOME}",
            0.6,
        ),
        Pattern(
            "town_number",
            rf"(?<![가-힣]){_TOWN}\s\d{{1,4}}-\d{{1,4}}(?!-?\d)(?:번지)?{_HOME}|(?<![가-힣]){_TOWN}\s?\d{{1,4}}번지{_HOME}",
            0.6,
        ),
        Pattern(
            "flat",
            r"(?:(?<![가-힣])(?:[가-힣]{1,6}\d?동\s)?[가-힣A-Za-z0-9]{2,15}\s?(?:아파트|빌라|오피스텔|맨션|자이|푸르지오|래미안|힐스테이트|더샵|캐슬)\s?)?(?<!\d)\d{1,4}동\s?\d{1,4}호",
            0.65,
        ),
        Pattern(
            "estate",
            rf"(?<![가-힣])(?:{province}\s)?(?:{_DISTRICT}\s){{0,2}}{_TOWN}\s(?:[가-힣A-Za-z0-9]{{2,12}}\s){{1,2}}?\d{{1,4}}동\s?\d{{1,4}}호",
            0.7,
        ),
        Pattern("road_lot", rf"(?<![가-힣]){_ROAD}\s?\d{{1,4}}(?:-\d{{1,4}})?번지{_HOME}", 0.6),
        Pattern("road", rf"(?<![가-힣]){_ROAD}\s?{_NUMBER}{_HOME}", 0.25),
        Pattern(
            "lot_said",
            rf"(?:{_DISTRICT}\s?){{1,2}}{_TOWN}\s[일이삼사오육칠팔구십백천]{{2,7}}(?:\s?(?:다시|에)\s?[일이삼사오육칠팔구십]{{1,4}})?(?:번지)?(?=이에요|예요|입니다|요|이고|이요|에|$)",
            0.75,
        ),
    ]


def _english(street: str) -> list[Pattern]:
    return [
        Pattern(
            "weak_street",
            rf"(?<![\d-])(?:\d{{1,4}}[a-z]?|\b{_SAID}(?:[\s-]{_SAID}){{0,3}})\s(?:{_STREET_WORD}\s){{1,3}}?(?:{_WEAK_STREETS})\b",
            0.2,
        ),
        Pattern(
            "german",
            r"(?<![A-Za-z])[A-ZÄÖÜa-zäöüß]{3,24}(?:straße|strasse|str\.|platz|gasse|allee)\s\d{1,4}[a-z]?(?:,?\s\d{5}\s[A-Za-zÄÖÜäöüß]{3,20})?(?!\d)",
            0.7,
        ),
        Pattern(
            "romance",
            r"(?<![\d-])\d{1,4},?\s(?:bis\s|ter\s)?(?:rue|via|calle|rua|carrer|viale)\s(?:(?:de|du|des|la|le|les|del|della|di|da|do|dos|los|las|l['’])\s?){0,2}[A-Za-zÀ-ÿ'’-]{3,20}(?:,\s[A-Za-zÀ-ÿ]{3,20})?",
            0.7,
        ),
        Pattern(
            "street",
            rf"(?<![\d-])\d{{1,5}}[a-z]?(?:[-/]\d{{1,4}})?[a-z]?\s+(?:(?:north|south|east|west|[nsew])\.?\s+)?(?:{_STREET_WORD}\s+){{1,3}}?(?:{street})\b(?:\s+(?:{street})\b)?(?:\.(?=,|\s+[a-z]))?"
            r"(?:,?\s+(?:apt|apartment|suite|unit|#)\s?[a-z0-9]+)?(?:,\s*(?!(?:and|but|please|so|my|then|or|thanks?|is|i|the|you|it)\b)[a-z]+(?:\s[a-z]+){0,2}(?=,|\s+[a-z]{2}\s+\d{5}|[.!?]?$))?(?:,?\s+[a-z]{2}\s+\d{5}(?:-\d{4})?)?",
            0.6,
        ),
        Pattern(
            "street_said",
            rf"\b(?:{_SAID}[\s-]+){{1,4}}(?:(?:north|south|east|west)\s+)?(?:{_STREET_WORD}\s+){{1,2}}?(?:{street})\b",
            0.2,
        ),
        Pattern(
            "street_counted",
            rf"\b(?:{_SAID}[\s-]+){{2,4}}(?:(?:north|south|east|west)\s+)?(?:{_STREET_WORD}\s+){{1,2}}?(?:{_PLAIN_STREETS})\b",
            0.5,
        ),
        Pattern(
            "po_box",
            rf"\b(?:p\.?\s?o\.?\s?box|post\soffice\sbox)\s+(?:\d{{1,6}}|{_SAID}(?:\s{_SAID}){{0,5}})\b(?:,\s?[a-z]+(?:\s[a-z]+){{0,2}}(?=,|\s+[a-z]{{2}}\s+\d{{5}}|[.!?]?$))?(?:,?\s+[a-z]{{2}}\s+\d{{5}}(?:-\d{{4}})?)?",
            0.75,
        ),
        Pattern(
            "romanised",
            r"(?<![\d-])\d{1,4}(?:-\d{1,4})?,?\s+[a-z]{2,20}(?:-?daero|-ro|-gil)(?:\s?\d{1,3}(?:beon)?-gil)?(?:\s\d{1,4})?(?:,\s[a-z]{2,20}-(?:gu|si|dong|gun|eup|myeon|do)|,\s[a-z]{4,12}(?=[,.]|$)){0,4}",
            0.75,
        ),
        Pattern("zip", r"(?<![\d-])[A-Z]{2}\s\d{5}(?:-\d{4})?(?![\d-])", 0.25),
    ]
