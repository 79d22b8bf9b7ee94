"""Notes on a memo survive ``doc.to_bytes``, ``DocBin(store_user_data=True)`` and ``nlp.pipe(n_process=2)``.

spaCy writes ``user_data`` with srsly's msgpack; an encoder and a decoder registered there turn notes into plain data and back.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import srsly

from nlp.memos.categories import Verdict
from nlp.memos.cleaning import CleanMemo
from nlp.memos.knowledge import Signal
from nlp.memos.model import Guess, NameSpan
from nlp.memos.records import CueHit, MemoNotes, MemoReading, Mention

_MARK = "__memo_notes__"
Chain = Callable[[object], object] | None


class _Luggage(msgspec.Struct):
    """What of the notes travels: all but the known words, which are looked for again if a component wants them."""

    raw: str
    memo: CleanMemo
    starts: frozenset[int]
    nouns: frozenset[str]
    mentions: list[Mention]
    cues: list[CueHit]
    life_events: list[Signal]
    verdict: Verdict | None
    guess: Guess | None
    span: NameSpan | None
    reading: MemoReading | None


_FIELDS = msgspec.structs.fields(_Luggage)


@srsly.msgpack_encoders("memo_notes")
def pack_notes(obj: object, chain: Chain = None) -> object:
    """Return notes as plain data, anything else as the next encoder would."""
    if isinstance(obj, MemoNotes):
        return {_MARK: msgspec.to_builtins({field.name: getattr(obj, field.name) for field in _FIELDS})}
    return obj if chain is None else chain(obj)


@srsly.msgpack_decoders("memo_notes")
def unpack_notes(obj: object, chain: Chain = None) -> object:
    """Return notes from plain data, anything else as the next decoder would."""
    if isinstance(obj, dict) and _MARK in obj:
        luggage = msgspec.convert(obj[_MARK], _Luggage)
        return MemoNotes(**{field.name: getattr(luggage, field.name) for field in _FIELDS})
    return obj if chain is None else chain(obj)
