"""What the memo pipeline knows about one memo, in full; ``MemoFacts`` of the hub is its public part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hub.errors import Misconfigured
from hub.records import MemoFacts

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from nlp.memos.categories import Verdict
    from nlp.memos.cleaning import CleanMemo
    from nlp.memos.knowledge import Signal
    from nlp.memos.known import KnownWords
    from nlp.memos.model import Guess, NameSpan


NOTES = "memo_notes"
"""The key of a document's notes in its ``user_data``."""


class Mention(msgspec.Struct, frozen=True):
    """A known name found in a memo: text[start:end] of the cleaned memo."""

    name: str
    category: str
    kind: str
    source: str
    start: int
    end: int
    is_truncated: bool = False
    is_product: bool = False


class CueHit(msgspec.Struct, frozen=True):
    """A word found in a memo that says what the memo is about."""

    word: str
    category: str
    strength: int
    party: str
    start: int
    end: int


class MemoNotes(msgspec.Struct):
    """What the components have found in one memo so far; each fills its own part (``notes_of``)."""

    raw: str
    memo: CleanMemo
    starts: frozenset[int]
    nouns: frozenset[str]
    known: KnownWords | None = None
    mentions: list[Mention] = []
    cues: list[CueHit] = []
    life_events: list[Signal] = []
    verdict: Verdict | None = None
    guess: Guess | None = None
    span: NameSpan | None = None
    reading: MemoReading | None = None


def notes_of(doc: Doc) -> MemoNotes:
    """Return the notes on a document that the memo tokenizer made.

    Raises:
        Misconfigured: another tokenizer made the document.
    """
    notes: MemoNotes | None = doc.user_data.get(NOTES)
    if notes is None:
        raise Misconfigured(
            "This document was not made by the memo tokenizer: give the pipeline texts", reason="no_memo_notes"
        )
    return notes


def reading_of(doc: Doc) -> MemoReading:
    """Return what ``memo_decision`` decided."""
    reading = notes_of(doc).reading
    assert reading is not None
    return reading


class MemoReading(msgspec.Struct, frozen=True, kw_only=True):
    """Everything read from one memo.

    ``counterparty`` is as written, a person's name included: it stays inside this room and its evaluation.
    """

    text: str
    category: str
    counterparty: str | None = None
    counterparty_kind: str = "unknown"
    brand: str | None = None
    branch: str | None = None
    channel: str | None = None
    period: str | None = None
    instalment: str | None = None
    life_event: str | None = None
    is_recurring: bool = False
    recurrence_key: str | None = None
    confidence: float = 0.0
    decided_by: str = ""
    redacted_memo: str = ""

    def facts(self) -> MemoFacts:
        """Return what may leave the room: persons are masked."""
        person = self.counterparty_kind == "person" and self.counterparty is not None
        return MemoFacts(
            category=self.category,
            counterparty="[PERSON]" if person else self.counterparty,
            counterparty_kind=self.counterparty_kind,
            brand=self.brand,
            branch=self.branch,
            life_event=self.life_event,
            is_recurring=self.is_recurring,
            confidence=self.confidence,
            decided_by=self.decided_by,
            redacted_memo=self.redacted_memo,
            channel=self.channel,
            period=self.period,
            instalment=self.instalment,
            recurrence_key=f"{self.category}:[PERSON]" if person and self.recurrence_key else self.recurrence_key,
        )
