"""The components of the memo pipeline that know rules: each adds what it knows to the document, ``memo_decision`` decides."""

from __future__ import annotations

from functools import cached_property, partial
from typing import Self

from spacy.language import Language
from spacy.tokens import Doc

from nlp.memos.categories import categorise
from nlp.memos.decision import decide
from nlp.memos.knowledge import SHOP, Knowledge, load_knowledge
from nlp.memos.known import cue_of, known_in, mention_of
from nlp.memos.parties import PartyReader
from nlp.memos.records import NOTES, notes_of


def _noted(name: str, doc: Doc) -> object:
    notes = doc.user_data.get(NOTES)
    return None if notes is None else getattr(notes, name)


for _name in ("mentions", "cues", "verdict", "guess", "span", "reading"):
    Doc.set_extension(_name, getter=partial(_noted, _name), force=True)


class _Component:
    """A component without state of its own: what it knows is in the data files, so there is nothing to save."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def __getstate__(self) -> dict[str, object]:
        """Return nothing: where it arrives, the data files are read."""
        return {}

    def __setstate__(self, _state: dict[str, object]) -> None:
        self.knowledge = load_knowledge()

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
        known = known_in(notes)
        notes.mentions, notes.cues = known.mentions, known.cues
        return doc


class CutWords(_Component):
    """Recognises a known name whose end the bank cut off, where nothing else was found."""

    def __call__(self, doc: Doc) -> Doc:
        """Add a truncated mention or cue."""
        notes = notes_of(doc)
        memo = known_in(notes).memo
        if notes.mentions or len(memo.text) < 4 or any(cue.strength >= SHOP for cue in notes.cues):
            return doc
        if self.knowledge.common.make_up(notes.memo.text):
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
        memo, hits, *_ = known_in(notes)
        known = frozenset(hit[2] for hit in (*hits.brands, *hits.cues))
        speaks: dict[str, bool] = {}
        for _, says, _, _ in self.knowledge.signal_words.find(memo, notes.starts | known):
            for label, is_for in says:
                speaks[label] = speaks.get(label, True) and is_for
        notes.life_events = [signal for signal in self.knowledge.signals if speaks.get(signal.label)]
        return doc


class Rules(_Component):
    """Weighs brands and cues: the verdict of the rules, None where they found nothing."""

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``verdict``."""
        notes = notes_of(doc)
        notes.verdict = categorise(notes.mentions, notes.cues, self.knowledge.combinations, known_in(notes).memo.text)
        return doc


class Decision(_Component):
    """Weighs what was found and writes the reading."""

    @cached_property
    def _reader(self) -> PartyReader:
        return PartyReader(self.knowledge)

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``reading``."""
        notes = notes_of(doc)
        notes.reading = decide(notes, self.knowledge, self._reader)
        return doc


@Language.factory("memo_known_words", assigns=["doc._.mentions", "doc._.cues"])
def create_known_words(nlp: Language, name: str) -> KnownWords:
    """Return the component that finds brands and cues."""
    return KnownWords(load_knowledge())


@Language.factory("memo_cut_words", assigns=["doc._.mentions", "doc._.cues"])
def create_cut_words(nlp: Language, name: str) -> CutWords:
    """Return the component that completes truncated names."""
    return CutWords(load_knowledge())


@Language.factory("memo_signals")
def create_signals(nlp: Language, name: str) -> Signals:
    """Return the component that finds life-event signals."""
    return Signals(load_knowledge())


@Language.factory("memo_rules", assigns=["doc._.verdict"])
def create_rules(nlp: Language, name: str) -> Rules:
    """Return the component that weighs what was found."""
    return Rules(load_knowledge())


@Language.factory("memo_decision", assigns=["doc._.reading"])
def create_decision(nlp: Language, name: str) -> Decision:
    """Return the component that decides."""
    return Decision(load_knowledge())
