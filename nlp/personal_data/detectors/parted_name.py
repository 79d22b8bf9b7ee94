"""Names of people in Korean whose syllables stand apart: 김 철 수, 황보 혜정, 홍 길자 동자."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.personal_data.detectors.person import PersonRecognizer
from nlp.personal_data.korean_names import KoreanNames, Reading, load_korean_names, one_of

_TELLS = r"(?:이라고\s?(?:합니다|하는|해요|하고|불)|라고\s?(?:합니다|하는|해요|하고|불)|입니다|이에요|예요|이고요|고요|이요|인데요|이\s?맞|가\s?맞|\s?맞)"
_PARTICLE = r"(?=$|[^가-힣]|으로|로|이|가|은|는|을|를|의|님|씨|한테|에게|께|요|예|입|고|라|도|랑|와|과|하고|맞)"


class PartedNameRecognizer(PersonRecognizer):
    """Syllables of a name set apart by blanks, where a label, a title or a copula says that it is one.

    Source: National Institute of Korean Language, Hangul orthography (한글 맞춤법), article 48: names are written together,
    double surnames may stand apart; people dictate them syllable by syllable all the same.
    """

    def __init__(self, language: str) -> None:
        self._names: KoreanNames = load_korean_names()
        double = "|".join(name for name in self._names.book.surnames if len(name) == 2)
        single = "[" + "".join(name for name in self._names.book.surnames if len(name) == 1) + "]"
        label = rf"(?:{one_of(self._names.labels)}|저는|제가|고객님은)(?:이?요\?|[은는이가을를의]|께서|[:：])?(?:요|,)?\s{{1,2}}"
        title = rf"\s?(?:{'|'.join(self._names.titles)}|씨|님)(?![가-힣]{{0,1}}(?:카드|센터))"
        self._spaced = re.compile(
            rf"(?<![가-힣])(?P<name>(?:{double}|{single})(?P<gap>[\s,.·-]{{1,2}})[가-힣](?P=gap)[가-힣]){_PARTICLE}"
        )
        self._parted = re.compile(
            rf"(?<![가-힣])(?P<name>(?:{double}|{single})\s(?P<given>[가-힣]{{1,2}}?)){_PARTICLE}"
        )
        self._letters = re.compile(
            rf"(?<![가-힣])(?P<name>(?P<a>{double}|{single})(?:\s?자)?[\s,]\s?(?P<b>[가-힣])\s?자,?\s(?P<c>[가-힣])\s?자)(?=\s?(?:쓰|써|씁|입니다|이에요|예요|님|되|라고|이요|요))"
        )
        self._label = re.compile(rf"(?<![가-힣]){label}\Z")
        self._title, self._tells = re.compile(title), re.compile(_TELLS)
        super().__init__(language)

    def spans(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Yield the names, each as often as something speaks for it."""
        for match in self._letters.finditer(text):
            if self._names.plausibility(match["a"] + match["b"] + match["c"]) >= 0.6:
                yield match.start("name"), match.end("name"), 0.85
        for match in self._spaced.finditer(text):
            if self._is_likely(match["name"]) and self._is_spoken_for(text, match):
                yield match.start("name"), match.end("name"), 0.85
        for match in self._parted.finditer(text):
            if self._is_likely(match["name"]) and self._is_parted_name(text, match):
                yield match.start("name"), match.end("name"), 0.85

    def _is_likely(self, name: str) -> bool:
        joined = re.sub(r"[^가-힣]", "", name)
        return self._names.plausibility(joined) >= 0.6 or (len(joined) == 4 and self._names.has_surname(joined))

    def _is_spoken_for(self, text: str, match: re.Match[str]) -> bool:
        return bool(
            self._label.search(text[max(0, match.start("name") - 16) : match.start("name")])
            or self._title.match(text, match.end("name"))
            or self._tells.match(text, match.end("name"))
        )

    def _is_parted_name(self, text: str, match: re.Match[str]) -> bool:
        """Return whether 김 영수 is a name: after a label or before a title or a copula, the given part no other word."""
        if not self._is_spoken_for(text, match):
            return False
        given, start = match["given"], match.start("given")
        if len(given) == 1:
            return len(match["name"].split()[0]) == 2
        reading = self._names.reading(text, start, given)
        return reading in (Reading.NAME, Reading.BROKEN)
