"""Foreigners' names as Hangul writes them: 마이클 존슨, 응우옌 티 란, 스미스 씨."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.personal_data.detectors.person import PersonRecognizer
from nlp.personal_data.korean_names import KoreanNames, Reading, load_korean_names, one_of

_VIETNAMESE = r"(?:응우옌|응웬|구엔|쩐|팜|호앙|레)(?:\s[가-힣]{1,3}){1,2}?(?=\s?(?:씨|님|고객|이에요|예요|입니다|이라|라고|이고|고요|한테|에게|께|으로|로|$|[.,?!]))"
_AFTER = r"(?=$|[^가-힣]|씨|님|고객|군|양|입니다|이에요|예요|이라|라고|이고|고요|한테|에게|께|으로|로|이|가|은|는|을|를|의|와|과|랑|하고|도|인데)"
_TITLE = re.compile(
    r"\s?(?:씨|님|고객님|회원님|선생님|사장님|대표님|교수님|과장님|대리님|팀장님)(?![가-힣]{0,1}(?:앗|카드))"
)
_SELF = re.compile(
    r"(?:저는|제 이름은|이름은|성함은)\s(?P<name>[가-힣]{2,7}?(?:\s[가-힣]{2,7}?)?)이?라고\s(?:합니다|해요|하는|하고|불|해|합)"
)
_POLITE = re.compile(
    r"(?<![가-힣])(?P<name>[가-힣]{3,6})\s씨(?=$|[^가-힣]|[가는를의와도]|에게|한테|께|하고|라|입|이|댁|명의)"
)


class ForeignNameRecognizer(PersonRecognizer):
    """Listed names in a row, one beside a title or a label, and whatever the dictionary takes for a proper noun before 씨.

    Source: National Institute of Korean Language, loanword orthography (외래어 표기법), chapter 4: names of people.
    """

    def __init__(self, language: str) -> None:
        self._names: KoreanNames = load_korean_names()
        listed = "|".join(sorted(self._names.foreign, key=len, reverse=True))
        surname = "|".join(name for name in self._names.book.surnames if len(name) == 1)
        self._listed = re.compile(
            rf"(?<![가-힣])(?:{_VIETNAMESE}|(?:{listed})(?:\s(?:{listed}|{surname})){{0,2}}{_AFTER})"
        )
        self._label = re.compile(rf"(?:{one_of(self._names.labels)})(?:[은는이가을를의요]|[:：])?\s{{1,2}}\Z")
        super().__init__(language)

    def spans(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Yield the names, each as often as something speaks for it."""
        for match in self._listed.finditer(text):
            is_titled = bool(_TITLE.match(text, match.end()))
            is_labelled = bool(self._label.search(text[max(0, match.start() - 14) : match.start()]))
            if is_titled or is_labelled or (" " in match[0] and len(match[0]) > 4):
                yield match.start(), match.end(), 0.92
        for pattern, score in ((_SELF, 0.85), (_POLITE, 0.75)):
            for match in pattern.finditer(text):
                words = match["name"].split()
                start = match.start("name")
                if all(self._names.reading(text, text.index(word, start), word) is Reading.NAME for word in words):
                    yield start, match.end("name"), score
