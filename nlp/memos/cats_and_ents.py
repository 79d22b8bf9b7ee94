"""What was read from a memo in spaCy's own terms: ``doc.cats`` and ``doc.ents``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple, Self

from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc, Span
from spacy.training import Example

from nlp.memos.categories import main_brand
from nlp.memos.knowledge import load_knowledge
from nlp.memos.offsets import Offsets, plain_offsets, text_offsets
from nlp.memos.periods import find_instalment, find_period
from nlp.memos.records import MemoNotes, MemoReading, notes_of

BRAND, COUNTERPARTY, BRANCH, PERIOD, INSTALMENT = LABELS = ("BRAND", "COUNTERPARTY", "BRANCH", "PERIOD", "INSTALMENT")
"""A shop by its name; anybody else on the other side (employer, institution, person); which shop; for when; which part."""
_BELOW = 0.99


class Found(NamedTuple):
    """A span of the cleaned memo with its label and the name it stands for."""

    start: int
    end: int
    label: str
    name: str = ""


class Cats:
    """Fills ``doc.cats``: the category decided has its confidence and the highest score.

    The others have the trained categoriser's probability times that confidence where it was asked, else 0.
    """

    def __init__(self) -> None:
        self._zeros = dict.fromkeys(load_knowledge().recurring, 0.0)

    @property
    def labels(self) -> tuple[str, ...]:
        """Return every category, in the taxonomy's order."""
        return tuple(self._zeros)

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``cats``; without a reading it stays empty."""
        notes = notes_of(doc)
        if notes.reading is None:
            return doc
        cats = dict(self._zeros)
        if notes.guess is not None:
            share = notes.reading.confidence * _BELOW
            cats.update((label, share * chance) for label, chance in notes.guess.chances.items() if label in cats)
        cats[notes.reading.category] = notes.reading.confidence
        doc.cats = cats
        return doc

    def score(self, examples: Iterable[Example], **_: object) -> dict[str, Any]:
        """Score ``cats`` for ``nlp.evaluate``."""
        return Scorer.score_cats(examples, "cats", labels=self.labels, multi_label=False)

    def __getstate__(self) -> dict[str, object]:
        return {}

    def __setstate__(self, _state: dict[str, object]) -> None:
        self.__init__()  # type: ignore[misc]

    def to_disk(self, _path: object, **_: object) -> None:
        """Write nothing."""

    def from_disk(self, _path: object, **_: object) -> Self:
        """Return itself."""
        return self


class Entities:
    """Fills ``doc.ents`` with what the reading names, at its place in the memo as the bank printed it."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the labels of entities."""
        return LABELS

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``ents``; ``ent.kb_id_`` is the name in the gazetteer's spelling."""
        notes = notes_of(doc)
        if notes.reading is None:
            return doc
        text, plain = text_offsets(notes.raw, notes.memo), plain_offsets(notes.raw, notes.memo)
        spans = [(*_raw_place(found, text), found) for found in _in_text(notes, notes.reading)]
        spans += [(*_raw_place(found, plain), found) for found in _in_plain(notes, notes.reading)]
        free = _apart(spans)
        _cut(doc, {edge for start, end, _ in free for edge in (start, end)})
        ents = (
            doc.char_span(start, end, label=f.label, kb_id=f.name, alignment_mode="expand") for start, end, f in free
        )
        doc.ents = tuple(ent for ent in ents if ent is not None)
        return doc

    def score(self, examples: Iterable[Example], **_: object) -> dict[str, Any]:
        """Score ``ents`` for ``nlp.evaluate``."""
        return Scorer.score_spans(examples, "ents", labels=LABELS, getter=_ents_of)

    def to_disk(self, _path: object, **_: object) -> None:
        """Write nothing."""

    def from_disk(self, _path: object, **_: object) -> Self:
        """Return itself."""
        return self


def _ents_of(doc: Doc, _name: str) -> tuple[Span, ...]:
    return tuple(doc.ents)


def _in_text(notes: MemoNotes, reading: MemoReading) -> Iterator[Found]:
    """Yield counterparty or brand, branch and period of the cleaned memo."""
    text, end = notes.memo.text, 0
    if reading.counterparty:
        label = BRAND if reading.brand else COUNTERPARTY
        mention = main_brand([m for m in notes.mentions if m.name == reading.counterparty])
        place = (mention.start, mention.end) if mention else _place_of(reading.counterparty, text, 0)
        if place:
            yield Found(*place, label, reading.counterparty)
            end = place[1]
    if reading.branch and (place := _place_of(reading.branch, text, end) or _place_of(reading.branch, text, 0)):
        yield Found(*place, BRANCH, reading.branch)
    if reading.period and (place := find_period(text)[1]):
        end = place[1] - (len(text[: place[1]]) - len(text[: place[1]].rstrip()))
        yield Found(place[0], end, PERIOD, reading.period)


def _in_plain(notes: MemoNotes, reading: MemoReading) -> Iterator[Found]:
    if reading.instalment:
        place = find_instalment(notes.memo.plain, reading.category)[1]
        if place:
            yield Found(*place, INSTALMENT, reading.instalment)


def _place_of(name: str, text: str, begin: int) -> tuple[int, int] | None:
    """Return where a name stands in a text, whatever spaces and punctuation are between its letters."""
    at = text.find(name, begin)
    if at >= 0:
        return at, at + len(name)
    places = [i for i in range(begin, len(text)) if text[i].isalnum()]
    wanted = "".join(filter(str.isalnum, name)).upper()
    at = "".join([text[i] for i in places]).upper().find(wanted)
    if at < 0 or not wanted or at + len(wanted) > len(places):
        return None
    return places[at], places[at + len(wanted) - 1] + 1


def _raw_place(found: Found, offsets: Offsets) -> tuple[int, int]:
    return offsets.span(found.start, found.end)


def _apart(spans: list[tuple[int, int, Found]]) -> list[tuple[int, int, Found]]:
    """Return the spans that do not overlap, names before periods and instalments, in order of place."""
    kept: list[tuple[int, int, Found]] = []
    for span in sorted(spans, key=lambda s: LABELS.index(s[2].label)):
        if span[0] < span[1] and all(span[1] <= other[0] or other[1] <= span[0] for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda s: s[0])


def _cut(doc: Doc, edges: set[int]) -> None:
    """Split the tokens in which a span begins or ends."""
    inside = [
        (token, cuts)
        for token in doc
        if (cuts := sorted(edge for edge in edges if token.idx < edge < token.idx + len(token)))
    ]
    if not inside:
        return
    with doc.retokenize() as retokenizer:
        for token, cuts in inside:
            bounds = [0, *(cut - token.idx for cut in cuts), len(token)]
            parts = [token.text[a:b] for a, b in pairwise(bounds)]
            retokenizer.split(token, parts, heads=[(token, i) for i in range(len(parts))])


@Language.factory(
    "memo_cats", assigns=["doc.cats"], requires=["doc._.reading"], default_score_weights={"cats_score": 1.0}
)
def create_cats(nlp: Language, name: str) -> Cats:
    """Return the component that fills ``doc.cats``."""
    return Cats()


@Language.factory("memo_ents", assigns=["doc.ents"], requires=["doc._.reading"], default_score_weights={"ents_f": 1.0})
def create_entities(nlp: Language, name: str) -> Entities:
    """Return the component that fills ``doc.ents``."""
    return Entities()
