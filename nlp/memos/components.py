"""The components of the memo pipeline: each adds what it knows to the document, the last one decides."""

from __future__ import annotations

from typing import Any, Self

from spacy.language import Language
from spacy.tokens import Doc

from nlp.memos.categories import WEAK_BRANDS, categorise
from nlp.memos.decision import decide
from nlp.memos.knowledge import PURPOSE, Knowledge, load_knowledge
from nlp.memos.matching import Squashed, is_hangul, longest_first
from nlp.memos.records import CueHit, Mention

for _name in ("squashed", "starts", "mentions", "cues", "verdict", "guess", "span", "life_event", "reading"):
    Doc.set_extension(_name, default=None, force=True)


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
        memo = Squashed(doc.text)
        branch = self._branch_start(memo)
        place_of = {place: i for i, place in enumerate(memo.places)}
        starts = frozenset(place_of[begin] for begin in doc.user_data["begins"] if begin in place_of)
        brands = [(*hit, True) for hit in self.knowledge.brands.find(memo, starts)]
        cues = [(*hit, False) for hit in self.knowledge.cues.find(memo, starts) if hit[2] < branch]
        brands = [hit for hit in brands if self._stands_alone(hit, cues, memo, branch)]
        doc._.squashed, doc._.starts = memo, starts
        chosen = _choose(brands, cues)
        doc._.mentions = [_mention(hit, memo) for hit in chosen if hit[4]]
        doc._.cues = [_cue(hit, memo) for hit in chosen if not hit[4]]
        return doc

    def _stands_alone(self, brand: Any, cues: list[Any], memo: Squashed, branch: int) -> bool:  # noqa: ANN401
        """Return whether a brand of two syllables is one: not when more of a name is jammed to it (미소|도배장판)."""
        _, value, start, end, _ = brand
        if end - start > 2 or not is_hangul(memo.text[start]) or memo.breaks[end] or end == branch:
            return True
        after = [cue[1] for cue in cues if cue[2] == end]
        return any(cue.strength >= PURPOSE or cue.category == value.category for cue in after) or not after

    def _branch_start(self, memo: Squashed) -> int:
        """Return where a jammed branch begins (달빛카페|역삼점), the end of the memo if there is none."""
        match = self.knowledge.branch_end.search(memo.text)
        if match is None or match.start() == 0 or match["rest"] in self.knowledge.not_branches:
            return len(memo.text)
        memo.breaks[match.start()] = True
        return match.start()


class CutWords(_Component):
    """Recognises a known name whose end the bank cut off, where nothing else was found."""

    def __call__(self, doc: Doc) -> Doc:
        """Add a truncated mention or cue."""
        memo = doc._.squashed
        if doc._.mentions or len(memo.text) < 4 or any(cue.strength >= 46 for cue in doc._.cues):
            return doc
        hit = self.knowledge.brands.find_truncated(memo)
        if hit:
            doc._.mentions = [_mention((*hit, True), memo, is_truncated=True)]
            return doc
        cut = self.knowledge.cues.find_truncated(memo)
        if cut and len(memo.text) >= 7:
            doc._.cues = [*doc._.cues, _cue((*cut, False), memo)]
        return doc


class Signals(_Component):
    """Finds words that announce a life event."""

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``life_event`` with the candidate labels; the decision drops those its category forbids."""
        speaks: dict[str, bool] = {}
        for _, says, _, _ in self.knowledge.signal_words.find(doc._.squashed, doc._.starts):
            for label, is_for in says:
                speaks[label] = speaks.get(label, True) and is_for
        doc._.life_event = [signal for signal in self.knowledge.signals if speaks.get(signal.label)]
        return doc


class Rules(_Component):
    """Weighs brands and cues: the verdict of the rules, None where they found nothing."""

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``verdict``."""
        doc._.verdict = categorise(doc._.mentions, doc._.cues, self.knowledge.combinations)
        return doc


class Decision(_Component):
    """Weighs what was found and writes the reading."""

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``reading``."""
        doc._.reading = decide(doc, self.knowledge)
        return doc


def _choose(brands: list[Any], cues: list[Any]) -> list[Any]:
    """Keep the longest brands and the cues beside them.

    A cue that covers a brand whole stands instead of a bank (국민 in 국민건강보험료), and beside any other brand (국민연금지급).
    """
    free = (
        brand
        for brand in brands
        if brand[1].category not in WEAK_BRANDS or not any(_covers(cue, brand) for cue in cues)
    )
    kept = longest_first(free)
    beside = [cue for cue in cues if all(cue[3] <= b[2] or b[3] <= cue[2] or _covers(cue, b) for b in kept)]
    return [*kept, *longest_first(beside)]


def _covers(cue: Any, brand: Any) -> bool:  # noqa: ANN401 - hits of the index
    return bool(cue[2] <= brand[2] and brand[3] <= cue[3] and cue[3] - cue[2] > brand[3] - brand[2])


def _mention(hit: tuple[Any, ...], memo: Squashed, *, is_truncated: bool = False) -> Mention:
    _, brand, start, end, _ = hit
    left, right = memo.span(start, end)
    return Mention(brand.name, brand.category, brand.kind, brand.source, left, right, is_truncated)


def _cue(hit: tuple[Any, ...], memo: Squashed) -> CueHit:
    word, cue, start, end, _ = hit
    left, right = memo.span(start, end)
    return CueHit(word, cue.category, cue.strength, cue.party, left, right)


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
