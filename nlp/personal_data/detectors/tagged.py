"""Names, addresses and secrets that a trained tagger finds where no rule foresees them."""

from __future__ import annotations

from presidio_analyzer import AnalysisExplanation, EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from nlp.personal_data.tagging.tagger import KINDS, tagged

LEAST = {"PERSON": 0.5, "ADDRESS": 0.7, "SECRET": 0.8}
"""Less probable values are left to the rules; names have the fewest rules that could find them."""
LOWEST, HIGHEST = 0.5, 0.8


class TaggedRecognizer(EntityRecognizer):
    """What stands in records, lists, notes and speech, told by what surrounds it and what it looks like.

    Source: Lafferty, McCallum, Pereira, *Conditional Random Fields* (2001); trained on sentences of this room (``hub pii train``).
    """

    def __init__(self, language: str) -> None:
        super().__init__(supported_entities=list(KINDS), supported_language=language, context=[])

    def load(self) -> None:
        """Do nothing: the weights are read upon the first text."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Return the values found, their probability brought to between 0.5 and 0.8."""
        return [
            self._result(value.kind, value.start, value.end, value.probability)
            for value in tagged(text)
            if value.kind in entities and value.probability >= LEAST[value.kind]
        ]

    def _result(self, kind: str, start: int, end: int, probability: float) -> RecognizerResult:
        least = LEAST[kind]
        score = LOWEST + (HIGHEST - LOWEST) * (probability - least) / (1 - least)
        explanation = AnalysisExplanation(self.name, score)
        known = {RecognizerResult.RECOGNIZER_NAME_KEY: self.name, RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id}
        return RecognizerResult(kind, start, end, score, explanation, known)
