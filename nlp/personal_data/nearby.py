"""Words near a finding speak for or against it; Korean particles stick to words, so they are looked for inside words."""

from __future__ import annotations

from typing import Any

from presidio_analyzer import ContextAwareEnhancer, EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

BEFORE, AFTER = 28, 12
"""Characters looked at on each side: a clause, not the paragraph."""
FOR, AGAINST = 0.35, 0.5


class NearbyWords(ContextAwareEnhancer):
    """Raises a score by 0.35 for a word of the detector's ``context``, lowers it by 0.5 for one of ``against``.

    The word nearest to the finding counts when both kinds are there.
    """

    def __init__(self) -> None:
        super().__init__(FOR, 0.0, BEFORE, AFTER)

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        recognizers: list[EntityRecognizer],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """Return the results with adjusted scores."""
        if not raw_results:
            return raw_results
        detectors: dict[str, Any] = {recognizer.id: recognizer for recognizer in recognizers}
        lowered = text.lower()
        for result in raw_results:
            metadata = result.recognition_metadata or {}
            detector = detectors.get(metadata.get(RecognizerResult.RECOGNIZER_IDENTIFIER_KEY, ""))
            if detector is not None and detector.context:
                result.score = _adjusted(result, lowered, detector)
        return raw_results


def _adjusted(result: RecognizerResult, text: str, detector: Any) -> float:  # noqa: ANN401 - Presidio is untyped
    before = text[max(0, result.start - BEFORE) : result.start]
    after = text[result.end : result.end + AFTER]
    speaks_for = _distance(detector.context, before, after)
    speaks_against = _distance(getattr(detector, "against", ()), before, after)
    if speaks_against <= speaks_for and speaks_against < _FAR:
        return max(0.0, float(result.score) - AGAINST)
    return min(1.0, float(result.score) + FOR) if speaks_for < _FAR else float(result.score)


_FAR = 10_000


def _distance(words: Any, before: str, after: str) -> int:  # noqa: ANN401
    """Return how many characters away the nearest of the words is."""
    nearest = _FAR
    for word in words:
        place = before.rfind(word)
        if place >= 0:
            nearest = min(nearest, len(before) - place - len(word))
        place = after.find(word)
        if place >= 0:
            nearest = min(nearest, place + 4)
    return nearest
