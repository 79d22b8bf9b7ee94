"""The memo pipeline as spaCy sees it: a config built here, saved beside, loadable with ``spacy.load``."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import spacy
from spacy.language import Language

from nlp.memos import cats_and_ents, components, tokenizer, trained

SAVED = Path(__file__).parent / "pipeline"
RULE_COMPONENTS = ("memo_known_words", "memo_cut_words", "memo_signals", "memo_rules")
ANNOTATIONS = ("memo_cats", "memo_ents")
"""They write the reading in spaCy's own terms; who wants facts alone leaves them out."""
COMPONENTS = (*RULE_COMPONENTS, "memo_textcat", "memo_spans", "memo_decision", *ANNOTATIONS)
DISTRIBUTION = "speech-log-hub"
_META = {
    "name": "memo_parser",
    "version": version(DISTRIBUTION),
    "description": (
        "Bank transaction memos in Korean and English: category (doc.cats), brand, counterparty, branch, period and "
        "instalment (doc.ents), and everything else that was read (doc._.reading)."
    ),
    "author": DISTRIBUTION,
    "license": "Apache-2.0",
    "requirements": [DISTRIBUTION],
}
_WRITTEN_ELSEWHERE = ("vocab", "tokenizer", "memo_textcat", "memo_spans")
"""Not saved in the repository: the weights lie in ``weights/``, words and rules in ``nlp/data``."""


def build_pipeline(names: Sequence[str] = COMPONENTS) -> Language:
    """Return a blank multi-language pipeline with Kiwi as tokenizer and the memo components."""
    assert tokenizer and components and trained and cats_and_ents  # imported for what they register
    nlp = spacy.blank("xx", config={"nlp": {"tokenizer": {"@tokenizers": "hub.KiwiMemoTokenizer.v1"}}})
    nlp.meta.update(_META)
    nlp.max_length = 10_000_000
    for name in names:
        nlp.add_pipe(name)
    return nlp


def save_pipeline(path: Path = SAVED) -> None:
    """Write config and meta data, so that ``spacy.load(path)`` gives this pipeline."""
    build_pipeline().to_disk(path, exclude=_WRITTEN_ELSEWHERE)


def load_pipeline(path: Path = SAVED, *, exclude: Sequence[str] = ()) -> Language:
    """Return the saved pipeline."""
    return spacy.load(path, exclude=list(exclude))
