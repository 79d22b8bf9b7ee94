"""Presidio's NlpEngine on blank spaCy pipelines: no model is downloaded, tokens are all the detectors need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import spacy
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
from spacy.language import Language

LANGUAGES = ("ko", "en")


class BlankNlpEngine(NlpEngine):
    """Tokenises by spaCy's rules for many languages; has no entities, no lemmas and no stop words."""

    def __init__(self) -> None:
        self._nlp: Language | None = None

    def load(self) -> None:
        """Make the blank pipeline."""
        self._nlp = spacy.blank("xx")

    def is_loaded(self) -> bool:
        """Return whether the pipeline is there."""
        return self._nlp is not None

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Return the tokens of a text."""
        if self._nlp is None:
            self.load()
        doc = self._nlp.make_doc(text)  # type: ignore[union-attr]
        return NlpArtifacts([], doc, [token.idx for token in doc], [], self, language)

    def process_batch(
        self, texts: Iterable[str], language: str, batch_size: int = 1, n_process: int = 1, **_: object
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        """Yield each text with its tokens."""
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, language: str) -> bool:
        """Return False: there is no list."""
        return False

    def is_punct(self, word: str, language: str) -> bool:
        """Return whether the word has no letter and no digit."""
        return not any(map(str.isalnum, word))

    def get_supported_entities(self) -> list[str]:
        """Return none: detectors find everything."""
        return []

    def get_supported_languages(self) -> list[str]:
        """Return Korean and English."""
        return list(LANGUAGES)
