"""What the detectors of people's names have in common."""

from __future__ import annotations

from abc import ABC

from nlp.personal_data.span_recognizer import SpanRecognizer


class PersonRecognizer(SpanRecognizer, ABC):
    """Reports the places that ``spans`` names as persons."""

    def __init__(self, language: str) -> None:
        super().__init__("PERSON", language)
