"""Six or eight digits of a date right after a name: 김철수 850302, 박영희(19920715)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.personal_data.korean_names import Reading, load_korean_names
from nlp.personal_data.span_recognizer import SpanRecognizer

_BESIDE = re.compile(
    r"(?<![가-힣])(?P<name>[가-힣]{3,4})(?:님|씨|\s고객님?|이고요?|이며)?\s?[(,/:]?\s?"
    r"(?P<date>(?:(?:19|20)\d{2}|\d{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?![\d-]|\s?(?:원|번|건|개|만))"
)


class BirthDateBesideNameRecognizer(SpanRecognizer):
    """A date in digits that nothing but a person's name explains is a date of birth.

    Source: Personal Information Protection Act (개인정보 보호법), article 2, item 1 (b): what identifies together with other things.
    """

    needs = re.compile(r"\d{6}")

    def __init__(self, language: str) -> None:
        self._names = load_korean_names()
        super().__init__("BIRTH_DATE", language)

    def spans(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Yield the dates."""
        yield from ((*match.span("date"), 0.7) for match in _BESIDE.finditer(text) if self._is_name(text, match))

    def _is_name(self, text: str, match: re.Match[str]) -> bool:
        name = match["name"]
        is_plausible = self._names.plausibility(name) >= 0.6
        return is_plausible and self._names.reading(text, match.start("name"), name) is not Reading.WORD
