"""The components of the memo pipeline: each adds what it knows to the document, the last one decides."""

from __future__ import annotations

from typing import Self

from spacy.language import Language
from spacy.tokens import Doc

from nlp.memos.categories import categorise
from nlp.memos.decision import decide
from nlp.memos.knowledge import SHOP, Knowledge, load_knowledge
from nlp.memos.known import choose, cue_of, mention_of
from nlp.memos.records import notes_of

for _name in ("mentions", "cues", "verdict", "guess", "span", "reading"):
    Doc.set_extension(_name, getter=lambda doc, name=_name: getattr(notes_of(doc), name), force=True)


class _Component:
    """A component without state of its own: what it knows is in the data files, so there is nothing to save."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def to_disk(self, _path: object, **_: object) -> None:
        """Write nothing."""

    def from_disk(self, _path: object, **_: object) -> Self:
        """Return itself."""
        return self


class KnownWords(_Component):
    """Finds brands, institutions and cue words."""

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``mentions`` and ``cues``."""
        notes = notes_of(doc)
        notes.mentions, notes.cues = choose(notes.hits, notes.squashed)
        return doc


class CutWords(_Component):
    """Recognises a known name whose end the bank cut off, where nothing else was found."""

    def __call__(self, doc: Doc) -> Doc:
        """Add a truncated mention or cue."""
        notes = notes_of(doc)
        memo = notes.squashed
        if notes.mentions or len(memo.text) < 4 or any(cue.strength >= SHOP for cue in notes.cues):
            return doc
        hit = self.knowledge.brands.find_truncated(memo)
        if hit:
            notes.mentions = [mention_of(hit, memo, is_truncated=True)]
            return doc
        cut = self.knowledge.cues.find_truncated(memo)
        if cut and len(memo.text) >= 7:
            notes.cues = [*notes.cues, cue_of(cut, memo)]
        return doc


class Signals(_Component):
    """Finds words that announce a life event."""

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``life_events`` with the candidate labels; the decision drops those its category forbids."""
        notes = notes_of(doc)
        known = frozenset(hit[2] for hit in (*notes.hits.brands, *notes.hits.cues))
        speaks: dict[str, bool] = {}
        for _, says, _, _ in self.knowledge.signal_words.find(notes.squashed, notes.starts | known):
            for label, is_for in says:
                speaks[label] = speaks.get(label, True) and is_for
        notes.life_events = [signal for signal in self.knowledge.signals if speaks.get(signal.label)]
        return doc


class Rules(_Component):
    """Weighs brands and cues: the verdict of the rules, None where they found nothing."""

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``verdict``."""
        notes = notes_of(doc)
        notes.verdict = categorise(notes.mentions, notes.cues, self.knowledge.combinations)
        return doc


class Decision(_Component):
    """Weighs what was found and writes the reading."""

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``reading``."""
        notes = notes_of(doc)
        notes.reading = decide(notes, self.knowledge)
        return doc


@Language.factory("memo_known_words")
def create_known_words(nlp: Language, name: str) -> KnownWords:
    """Return the component that finds brands and cues."""
    return KnownWords(load_knowledge())


@Language.factory("memo_cut_words")
def create_cut_words(nlp: Language, name: str) -> CutWords:
    """Return the component that completes truncated names."""
    return CutWords(load_knowledge())


@Language.factory("memo_signals")
def create_signals(nlp: Language, name: str) -> Signals:
    """Return the component that finds life-event signals."""
    return Signals(load_knowledge())


@Language.factory("memo_rules")
def create_rules(nlp: Language, name: str) -> Rules:
    """Return the component that weighs what was found."""
    return Rules(load_knowledge())


@Language.factory("memo_decision")
def create_decision(nlp: Language, name: str) -> Decision:
    """Return the component that decides."""
    return Decision(load_knowledge())
