"""What was said, written as people read it: numbers in digits, fillers gone, spaces in order; the verbatim text stays.

The rules are told in docs/speech.md, their lists are in ko.yaml and en.yaml; each rule is a function from a text to edits.
They run in order and again until nothing changes, so that normalising twice is normalising once.
"""

from __future__ import annotations

from stt.normalisation.draft import Draft
from stt.normalisation.pipeline import draft_of, version
from stt.normalisation.transcripts import normalise_transcript, normalise_turn

__all__ = ["Draft", "draft_of", "normalise_text", "normalise_transcript", "normalise_turn", "version"]


def normalise_text(text: str, language: str) -> str:
    """Return a text in normal form; languages without rules come back as they are."""
    return draft_of(text, language).text
