"""Names of people in English text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from presidio_analyzer import AnalysisExplanation, EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from nlp.person_names import load_name_book

_WORD = r"[A-Za-z][A-Za-z'’-]+"
_SURE = re.compile(
    rf"\b(?:my (?:full |first |last )?name is|my name's|name is|(?:account )?holder is|registered to|in the name of|speaking with|payable to)\s+(?P<name>{_WORD}(?:\s+(?:[A-Z]\.\s+)?{_WORD}){{0,2}})",
    re.IGNORECASE,
)
_TITLED = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Mister|Sir|Madam)\b\.?\s+(?P<name>{_WORD}(?:\s+[A-Z][A-Za-z'’-]+)?)", re.IGNORECASE
)
_MAYBE = re.compile(
    rf"\b(?:this is|i am|i'm|it's|here is|thank you,?|thanks,?|hello,?|hi,?|for|to|from|with|and|dear)\s+(?P<name>{_WORD}\s+{_WORD})",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(
    r"\b(?:[Tt]his is|[Ii] am|I'm|[Ii]t's|[Hh]ere is|[Tt]hank you,?|[Tt]hanks,?|[Ss]po(?:ke|ken) (?:to|with)|[Tt]alk(?:ed)? (?:to|with)|[Ss]peak(?:ing)? (?:to|with)|"
    r"[Tt]ransfer (?:it |the money )?to|[Ss]en[dt] (?:it|money|this|that|the money) to|[Ii]t's for|(?:my |My )(?:husband|wife|son|daughter|mother|father|brother|sister|agent|advisor)(?:'s name)?(?: is)?|[Pp]ay(?:able)? to|[Aa]sk(?:ed)? for|[Hh]older:?|[Nn]ame:)"
    r"\s+(?P<name>[A-Z][a-z'’-]+\s+(?:[A-Z]\.\s+)?[A-Z][A-Za-z'’-]+)\b"
)
_PAIR = re.compile(r"\b(?P<name>[A-Z][a-z'’-]+\s+(?:[A-Z]\.\s+)?[A-Z][a-z'’-]+)\b")


class EnglishNameRecognizer(EntityRecognizer):
    """``My name is …``, titles, and a common given name followed by a capitalised or introduced surname.

    Source: given names from the US Social Security Administration's list of the most frequent names, 1925-2024.
    """

    def __init__(self, language: str) -> None:
        book = load_name_book()
        self._surnames = book.romanised_surnames
        self._brands = book.english_brands
        self._not_people = book.english_not_people
        self._given, self._not_names = book.english_given, book.english_not_names
        super().__init__(supported_entities=["PERSON"], supported_language=language, context=[])

    def load(self) -> None:
        """Do nothing."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Return the names found."""
        if not re.search(r"[A-Za-z]{2}", text):
            return []
        found = {span: score for *span_, score in self._candidates(text) if (span := (span_[0], span_[1]))}
        return [self._result(start, end, score) for (start, end), score in found.items()]

    def _candidates(self, text: str) -> Iterator[tuple[int, int, float]]:
        for match in _PAIR.finditer(text):
            yield from self._named(match, 0.7, needs_given=True)
        for match in _MAYBE.finditer(text):
            yield from self._named(match, 0.75, needs_given=True)
        for match in _INTRODUCED.finditer(text):
            words = [word.lower() for word in match["name"].split()]
            if not self._not_people.intersection(words):
                yield from self._named(match, 0.75, needs_given=False, words_needed=2)
        for match in _TITLED.finditer(text):
            yield from self._named(match, 0.85, needs_given=False)
        for match in _SURE.finditer(text):
            yield from self._named(match, 0.9, needs_given=False)

    def _named(
        self, match: re.Match[str], score: float, *, needs_given: bool, words_needed: int = 1
    ) -> Iterator[tuple[int, int, float]]:
        words = list(re.finditer(r"[A-Za-z'’-]+\.?", match["name"]))
        kept = []
        for word in words:
            if word[0].lower().rstrip(".") in self._not_names:
                break
            kept.append(word)
        is_name = len(kept) >= 2 and (kept[0][0].lower() in self._given or self._is_romanised(kept[0][0], kept[1][0]))
        if len(kept) < words_needed or (needs_given and not is_name):
            return
        if " ".join(word[0].lower() for word in kept[:2]) in self._brands:
            return
        start = match.start("name")
        yield start + kept[0].start(), start + kept[-1].end(), score

    def _is_romanised(self, given: str, surname: str) -> bool:
        """Return whether two capitalised words are a Korean name in Latin letters: Minsu Kim."""
        return given[0].isupper() and surname[0].isupper() and len(given) >= 4 and surname.lower() in self._surnames

    def _result(self, start: int, end: int, score: float) -> RecognizerResult:
        return RecognizerResult(
            "PERSON",
            start,
            end,
            score,
            AnalysisExplanation(self.name, score),
            {RecognizerResult.RECOGNIZER_NAME_KEY: self.name, RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id},
        )
