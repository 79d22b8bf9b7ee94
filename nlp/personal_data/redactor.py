"""The redactor of the hub on Presidio's analyzer: detectors per language, one enhancer, no downloads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from hub.records import Finding
from nlp import data_files
from nlp.personal_data.discovery import Detector, detectors, fingerprint, registry, routes
from nlp.personal_data.spoken import normalise

THRESHOLD = 0.5
NEARLY = 0.16
"""A longer finding goes before a shorter one within it where it is at most so much less sure."""
MAX_CHARS = 2_000
"""Longer texts are read in pieces, so that no expression ever sees more."""
_OVERLAP = 80
_WITHIN = frozenset(["PERSON"])
"""Kinds that stand within values of other kinds."""
_LONGER = frozenset(["PERSON", "ADDRESS"])
"""Kinds of several words, of which a part is found easily."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_DATA = ("personal_data/*.yaml", "person_names.yaml")
_FIRST = (("김정희가 010-0000-0000으로 전화했어요", "ko"), ("call mary brown at 206-555-0100", "en"))
"""What makes every detector run once."""


class PresidioRedactor:
    """Finds and masks personal data in Korean and English; loads Presidio upon the first text, or by ``warm``."""

    def __init__(self, detectors: Sequence[str] = ()) -> None:
        """Add the recognisers of a bank's own modules or packages to the hub's."""
        self._extensions = tuple(detectors)

    @cached_property
    def version(self) -> str:
        """Return a name that changes with any detector or list."""
        own = data_files.fingerprint("personal_data", data=_DATA)
        return "-".join(filter(None, ("pii", own, fingerprint(self._extensions))))

    @cached_property
    def detectors(self) -> list[Detector]:
        """Every detector, the hub's and the bank's."""
        return detectors(self._extensions)

    @cached_property
    def _analyzer(self) -> Any:  # noqa: ANN401 - Presidio is untyped
        from presidio_analyzer import AnalyzerEngine

        from nlp.personal_data.nearby import NearbyWords
        from nlp.personal_data.nlp_engine import LANGUAGES, BlankNlpEngine

        return AnalyzerEngine(
            registry=registry(self.detectors, LANGUAGES),
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
        return _without_overlaps(findings)

    def redact(self, text: str, language: str) -> str:
        """Return the text with each finding replaced by ``[KIND]``; half a surrogate pair, which no file can hold, by U+FFFD."""
        return _SURROGATE.sub("\ufffd", mask(text, self.find(text, language)))

    def redact_many(self, texts: Sequence[str], language: str) -> list[str]:
        """Return every text redacted; equal texts are read once."""
        done = {text: self.redact(text, language) for text in dict.fromkeys(texts)}
        return [done[text] for text in texts]

    def warm(self) -> None:
        """Load what the first text would wait for: Presidio with spaCy, the lists of names, Kiwi."""
        for text, language in _FIRST:
            self.find(text, language)

    def _analyze(self, text: str, language: str) -> list[Any]:
        kinds = {kind for needs, kinds in self._routes if needs is None or needs.search(text) for kind in kinds}
        results: list[Any] = self._analyzer.analyze(text=text, language=language, entities=list(kinds)) if kinds else []
        return results

    @cached_property
    def _routes(self) -> list[tuple[re.Pattern[str] | None, frozenset[str]]]:
        """Which kinds are looked for in texts in which an expression is found."""
        return routes(self.detectors)


def mask(text: str, findings: Iterable[Finding]) -> str:
    """Return the text with each finding replaced by ``[KIND]``."""
    for finding in sorted(findings, key=lambda f: -f.start):
        text = f"{text[: finding.start]}[{finding.kind}]{text[finding.end :]}"
    return text


def _without_overlaps(findings: list[Finding]) -> list[Finding]:
    """Return the surest of findings that overlap; a name within something longer (a street, an e-mail address) is part of that."""
    findings = [f for f in findings if not any(_is_part_of(f, other) for other in findings)]
    wider = [f for f in findings if f.kind not in _WITHIN]
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda f: (-f.score, f.start - f.end, f.start, f.kind)):
        is_part = finding.kind in _WITHIN and any(
            w.start <= finding.start and finding.end <= w.end and w.end - w.start > finding.end - finding.start
            for w in wider
        )
        is_apart = all(finding.end <= k.start or finding.start >= k.end for k in kept)
        if finding.start < finding.end and is_apart and not is_part:
            kept.append(finding)
    return sorted(kept, key=lambda f: f.start)


def _is_part_of(finding: Finding, other: Finding) -> bool:
    """Return whether another finding of the same kind says more and is nearly as sure: Minsu Kim, not Minsu."""
    is_within = other.start <= finding.start and finding.end <= other.end
    is_longer = other.end - other.start > finding.end - finding.start
    is_same = finding.kind == other.kind and finding.kind in _LONGER
    return is_within and is_longer and is_same and other.score + NEARLY >= finding.score
