"""Names of people in Korean text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from presidio_analyzer import AnalysisExplanation, EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from nlp.kiwi import load_kiwi
from nlp.person_names import NameBook, load_name_book

_ENDING = (
    r"(?:입니다만|입니다|입니까|이라고요|이라고|라고요|라고|이라는|라는|이에요|예요|이에여|이고요|이구요|이고|이며|인데요|인데|이요|이야|야|이랑|랑|"
    r"에게서|에게|한테서|한테|께서는|께서|께|으로|로|이가|이는|이를|이의|은|는|이|가|을|를|의|와|과|도|만|요|맞습니다|맞아요|맞고요|씨|님)"
)
_INTRODUCED = re.compile(
    r"(?:[가-힣]{0,8}(?:은행|센터|카드|화재|생명|증권|캐피탈|상담팀)(?=\s[가-힣]{2,4}입니다)|이름은|이름이|성함은|성함이|성명은|예금주는|예금주가|예금주|명의자는|명의는|수취인은|수취인|받는\s?분은|보내는\s?분은|계약자는|계약자|피보험자는|피보험자|"
    r"수익자는|신청인은|신청자는|본인은|대리인은|담당자는|담당자|저는|전|제가|상담원|상담사|상담원은|상담사는|직원|은행원|대리|저희\s?(?:남편|아내|아들|딸|어머니|아버지)(?:은|는|이|가)?)"
    rf"\s+(?P<name>[가-힣]{{2,4}}?)(?P<end>{_ENDING})?(?![가-힣])"
)
_SURE = re.compile(r"(?:이름|성함|성명|예금주|명의|수취인|받는|계약자|피보험자|수익자|신청)")
_BARE = re.compile(rf"(?<![가-힣A-Za-z0-9])(?P<name>[가-힣]{{3,4}}?)(?P<end>{_ENDING})?(?![가-힣])")
_ADDRESSED = re.compile(r"\s?(?:맞으|맞습|맞죠|맞나|확인|본인|되시|이시|이십|안녕|반갑)")
_PLACE_ENDS = ("동", "구", "시", "군", "도", "역", "점", "산", "은행")


class KoreanNameRecognizer(EntityRecognizer):
    """A surname and one or two syllables, introduced (제 이름은 …), titled (… 고객님) or standing alone in a sentence.

    Particles that stick to a name (김태웅이고) stay outside the finding. Words of the dictionary that look like names
    (이자가, 정기예) are told apart by Kiwi's analysis.
    Source: surnames of the 2015 census (Statistics Korea); Personal Information Protection Act, article 2.
    """

    def __init__(self, language: str) -> None:
        self._names: NameBook = load_name_book()
        titles = "|".join(self._names.titles)
        self._titled = re.compile(
            rf"(?<![가-힣])(?P<name>[가-힣]{{2,4}}?)(?P<gap>\s?)(?P<title>{titles})(?![가-힣]{{0,1}}(?:카드|센터|층|수))"
        )
        super().__init__(supported_entities=["PERSON"], supported_language=language, context=[])

    def load(self) -> None:
        """Do nothing: Kiwi is loaded upon the first doubtful word."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Return the names found."""
        found = {(start, end): score for start, end, score in self._candidates(text)}
        return [self._result(start, end, score) for (start, end), score in found.items()]

    def _candidates(self, text: str) -> Iterator[tuple[int, int, float]]:
        yield from self._bare(text)
        yield from self._with_title(text)
        yield from self._introduced(text)

    def _introduced(self, text: str) -> Iterator[tuple[int, int, float]]:
        for match in _INTRODUCED.finditer(text):
            name = match["name"]
            score = self._names.plausibility(name)
            is_sure = bool(_SURE.match(match[0])) and len(name) >= 3 and name not in self._names.not_names
            if (score >= 0.6 or (is_sure and match["end"])) and not self._is_word(text, match.start("name"), name):
                yield match.start("name"), match.end("name"), 0.9

    def _with_title(self, text: str) -> Iterator[tuple[int, int, float]]:
        for match in self._titled.finditer(text):
            name, title = match["name"], match["title"]
            score = self._names.plausibility(name)
            is_polite = title in ("고객님", "씨", "님", "회원님", "귀하", "여사님")
            fits = score >= 0.6 or (score >= 0.45 and is_polite)
            is_addressed = score >= 0.6 and bool(_ADDRESSED.match(text, match.end()))
            if fits and (is_addressed or not self._is_word(text, match.start("name"), name)):
                yield match.start("name"), match.end("name"), 0.85

    def _bare(self, text: str) -> Iterator[tuple[int, int, float]]:
        for match in _BARE.finditer(text):
            name = match["name"]
            if self._names.plausibility(name) < 0.9 or name.endswith(_PLACE_ENDS):
                continue
            if not self._is_word(text, match.start("name"), name, is_bare=True):
                yield match.start("name"), match.end("name"), 0.6

    def _is_word(self, text: str, start: int, name: str, *, is_bare: bool = False) -> bool:
        """Return whether the dictionary reads the place otherwise: its first morpheme is a known longer word.

        Kiwi gives no base form to words that it guesses: those are not in its dictionary.
        """
        if name in self._names.not_names:
            return True
        tokens = load_kiwi().tokenize(text[start : start + len(name) + 8])
        first = tokens[0] if tokens else None
        if first is None or first.len < 2 or not first.base_form:
            return bool(is_bare and first and first.tag in ("VV", "VA", "NP", "MAG", "IC"))
        if first.len < len(name):
            return is_bare or len(tokens) < 2 or tokens[1].tag[0] in "JE" or tokens[1].tag in ("XSV", "XSA")
        return first.tag != "NNP" or first.len > len(name)

    def _result(self, start: int, end: int, score: float) -> RecognizerResult:
        return RecognizerResult(
            "PERSON",
            start,
            end,
            score,
            AnalysisExplanation(self.name, score),
            {RecognizerResult.RECOGNIZER_NAME_KEY: self.name, RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id},
        )
