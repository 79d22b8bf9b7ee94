"""Recognisers that need more than expressions with scores: they name the places themselves."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator

from presidio_analyzer import AnalysisExplanation, EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts


class SpanRecognizer(EntityRecognizer, ABC):
    """Reports the places that ``spans`` names; a place named twice counts once, with its better score."""

    def __init__(self, kind: str, language: str) -> None:
        super().__init__(supported_entities=[kind], supported_language=language, context=[])

    def load(self) -> None:
        """Do nothing: lists are read by the constructor, and Kiwi upon the first doubtful word."""

    @abstractmethod
    def spans(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Yield where findings begin and end, and how sure that is."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Return what is found."""
        found: dict[tuple[int, int], float] = {}
        for start, end, score in self.spans(text):
            found[start, end] = max(score, found.get((start, end), 0.0))
        return [self._result(start, end, score) for (start, end), score in found.items()]

    def _result(self, start: int, end: int, score: float) -> RecognizerResult:
        return RecognizerResult(
            self.supported_entities[0],
            start,
            end,
            score,
            AnalysisExplanation(self.name, score),
            {RecognizerResult.RECOGNIZER_NAME_KEY: self.name, RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id},
        )
