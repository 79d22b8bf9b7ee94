"""Postal addresses in Korea, and street addresses in English."""

from __future__ import annotations

from presidio_analyzer import Pattern, PatternRecognizer

from nlp import data_files

_DISTRICT = r"[가-힣]{1,6}(?:시|군|구)"
_TOWN = r"[가-힣0-9]{1,8}(?:읍|면|동|가|리)"
_ROAD = r"[가-힣][가-힣0-9]{0,9}(?:대로|로|길)"
_NUMBER = (
    r"\d{1,5}(?:-\d{1,4})?(?:번지|번길)?(?:\s?\d{1,4}(?:-\d{1,4})?)?(?![\d,.]*(?:%|만|천|억|원|개월|년|월|퍼센트))"
)
_HOME = r"(?:\s?,?\s?[가-힣A-Za-z0-9]{0,12}(?:아파트|빌라|오피스텔|타워|맨션|주택|자이|푸르지오|래미안|힐스테이트|더샵|캐슬))?(?:\s?\d{1,4}동)?(?:\s?\d{1,4}호)?(?:\s?\d{1,3}층)?"


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
            patterns=[
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
                    rf"(?<![가-힣]){_TOWN}\s\d{{1,4}}-\d{{1,4}}(?:번지)?{_HOME}|(?<![가-힣]){_TOWN}\s?\d{{1,4}}번지{_HOME}",
                    0.6,
                ),
                Pattern(
                    "flat",
                    r"(?:[가-힣A-Za-z0-9]{2,15}\s?(?:아파트|빌라|오피스텔|맨션|자이|푸르지오|래미안|힐스테이트|더샵|캐슬)\s?)?(?<!\d)\d{1,4}동\s?\d{1,4}호",
                    0.65,
                ),
                Pattern("road", rf"(?<![가-힣]){_ROAD}\s?{_NUMBER}{_HOME}", 0.25),
                Pattern(
                    "street",
                    rf"(?<!\d)\d{{1,5}}\s+(?:(?:north|south|east|west|[nsew])\.?\s+)?(?:[a-z0-9']+\s+){{1,3}}?(?:{street})\b\.?"
                    r"(?:,?\s+(?:apt|apartment|suite|unit|#)\s?[a-z0-9]+)?(?:,\s*[a-z]+(?:\s[a-z]+){0,2})?(?:,?\s+[a-z]{2}\s+\d{5}(?:-\d{4})?)?",
                    0.6,
                ),
                Pattern("zip", r"(?<![\d-])[A-Z]{2}\s\d{5}(?:-\d{4})?(?![\d-])", 0.25),
            ],
            context=[
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
                "ship",
            ],
        )
