"""The redactor of the hub on Presidio's analyzer: detectors per language, one enhancer, no downloads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from hub.records import Finding
from nlp import data_files
from nlp.personal_data.spoken import normalise

THRESHOLD = 0.5
MAX_CHARS = 2_000
"""Longer texts are read in pieces, so that no expression ever sees more."""
_OVERLAP = 80
_NUMERIC = ("RRN", "FRN", "PASSPORT", "DRIVER_LICENSE", "PHONE", "CARD", "ACCOUNT", "BIRTH_DATE", "SECRET")
_TEXTUAL = ("PERSON", "ADDRESS", "EMAIL")
_SURROGATE = re.compile("[\ud800-\udfff]")
_DATA = ("personal_data/*.yaml", "person_names.yaml")
_IN_WORDS = {
    "BIRTH_DATE": re.compile(r"[년월]|birth|born|\bdob\b", re.IGNORECASE),
    "SECRET": re.compile(r"\b(?:code|pin|cv[vc])\b", re.IGNORECASE),
}
"""What says that numbers may be there although no digit is."""


class PresidioRedactor:
    """Finds and masks personal data in Korean and English; loads Presidio upon the first text."""

    @cached_property
    def version(self) -> str:
        """Return a name that changes with any detector or list."""
        return f"pii-{data_files.fingerprint('personal_data', data=_DATA)}"

    @cached_property
    def _analyzer(self) -> Any:  # noqa: ANN401 - Presidio is untyped
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry

        from nlp.personal_data.detectors import all_detectors
        from nlp.personal_data.nearby import NearbyWords
        from nlp.personal_data.nlp_engine import LANGUAGES, BlankNlpEngine

        recognizers = [detector for language in LANGUAGES for detector in all_detectors(language)]
        return AnalyzerEngine(
            registry=RecognizerRegistry(recognizers=recognizers, supported_languages=list(LANGUAGES)),
            nlp_engine=BlankNlpEngine(),
            supported_languages=list(LANGUAGES),
            context_aware_enhancer=NearbyWords(),
            default_score_threshold=THRESHOLD,
        )

    def find(self, text: str, language: str) -> list[Finding]:
        """Return findings in order of start, not overlapping; any language but English is read as Korean."""
        if not text or text.isspace():
            return []
        mapped = normalise(text)
        known = "en" if (language or "").lower().startswith("en") else "ko"
        findings: list[Finding] = []
        for offset in range(0, len(mapped.text), MAX_CHARS - _OVERLAP):
            for result in self._analyze(mapped.text[offset : offset + MAX_CHARS], known):
                start, end = mapped.origin(result.start + offset, result.end + offset)
                name = (result.recognition_metadata or {}).get("recognizer_name", "")
                findings.append(
                    Finding(kind=result.entity_type, start=start, end=end, score=round(result.score, 3), detector=name)
                )
        return _without_overlaps(findings, text)

    def redact(self, text: str, language: str) -> str:
        """Return the text with each finding replaced by ``[KIND]``; half a surrogate pair, which no file can hold, by U+FFFD."""
        return _SURROGATE.sub("\ufffd", mask(text, self.find(text, language)))

    def redact_many(self, texts: Sequence[str], language: str) -> list[str]:
        """Return every text redacted; equal texts are read once."""
        done = {text: self.redact(text, language) for text in dict.fromkeys(texts)}
        return [done[text] for text in texts]

    def _analyze(self, text: str, language: str) -> list[Any]:
        entities = list(_TEXTUAL)
        if any(map(str.isdigit, text)):
            entities += _NUMERIC
        else:
            entities += [kind for kind, words in _IN_WORDS.items() if words.search(text)]
        results: list[Any] = self._analyzer.analyze(text=text, language=language, entities=entities)
        return results


def mask(text: str, findings: Iterable[Finding]) -> str:
    """Return the text with each finding replaced by ``[KIND]``."""
    for finding in sorted(findings, key=lambda f: -f.start):
        text = f"{text[: finding.start]}[{finding.kind}]{text[finding.end :]}"
    return text


def _without_overlaps(findings: list[Finding], text: str) -> list[Finding]:
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda f: (-f.score, f.start - f.end, f.start)):
        if finding.start < finding.end and all(finding.end <= k.start or finding.start >= k.end for k in kept):
            kept.append(finding)
    return sorted(kept, key=lambda f: f.start)
