"""The memo pipeline as spaCy sees it: a config built here, saved beside, loadable with ``spacy.load``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import spacy
from spacy.language import Language

from nlp.memos import components, tokenizer, trained

SAVED = Path(__file__).parent / "pipeline"
RULE_COMPONENTS = ("memo_known_words", "memo_cut_words", "memo_signals", "memo_rules")
COMPONENTS = (*RULE_COMPONENTS, "memo_textcat", "memo_spans", "memo_decision")


def build_pipeline(names: Sequence[str] = COMPONENTS) -> Language:
    """Return a blank multi-language pipeline with Kiwi as tokenizer and the memo components."""
    assert tokenizer and components and trained  # imported for what they register
    nlp = spacy.blank("xx", config={"nlp": {"tokenizer": {"@tokenizers": "hub.KiwiMemoTokenizer.v1"}}})
    nlp.meta["name"] = "memo_parser"
    nlp.meta["description"] = "Bank transaction memos in Korean and English become facts."
    nlp.meta["license"] = "Apache-2.0"
    nlp.max_length = 10_000_000
    for name in names:
        nlp.add_pipe(name)
    return nlp


def save_pipeline(path: Path = SAVED) -> None:
    """Write config and meta data, so that ``spacy.load(path)`` gives this pipeline."""
    build_pipeline().to_disk(path, exclude=["vocab"])


def load_pipeline(path: Path = SAVED) -> Language:
    """Return the saved pipeline."""
    return spacy.load(path)
