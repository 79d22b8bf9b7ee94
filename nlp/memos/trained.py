"""The trained components of the memo pipeline: a text categoriser and a span finder for what the rules leave."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import srsly
from spacy.language import Language
from spacy.tokens import Doc

from nlp.memos.categories import is_weak
from nlp.memos.knowledge import PURPOSE, SHOP, load_knowledge
from nlp.memos.model import CATEGORISER, SPANS, Categoriser, SpanFinder, load_categoriser, load_span_finder
from nlp.memos.periods import PERIOD
from nlp.memos.records import MemoNotes, notes_of

RULES_ARE_SURE = 0.75
"""From this confidence on the rules' category stands and the categoriser is not asked."""
_NUMBER = re.compile(r"\d[\d,./:*-]*(?:원|회차?|차|개월|일|호|동)?")
_WORD = re.compile(r"\S+")


class _TrainedComponent(ABC):
    """A component of the pipeline whose weights are files of this room."""

    @abstractmethod
    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:
        """Fill in what is missing, a batch of documents at a time."""

    def __call__(self, doc: Doc) -> Doc:
        """Fill it in for one document."""
        return next(iter(self.pipe([doc])))

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Write the weights into a folder."""

    @abstractmethod
    def load(self, folder: Path) -> None:
        """Take the weights of a folder."""

    def to_disk(self, path: str | Path, **_: object) -> None:
        """Write the weights."""
        Path(path).mkdir(parents=True, exist_ok=True)
        self.save(Path(path))

    def from_disk(self, path: str | Path, **_: object) -> Self:
        """Take the weights written there; without any, those of the room stay (made by ``hub memo train``)."""
        if Path(path).is_dir():
            self.load(Path(path))
        return self

    def to_bytes(self, **_: object) -> bytes:
        """Return the weights."""
        with TemporaryDirectory() as folder:
            self.save(Path(folder))
            return bytes(srsly.msgpack_dumps({path.name: path.read_bytes() for path in Path(folder).iterdir()}))

    def from_bytes(self, data: bytes, **_: object) -> Self:
        """Take the weights."""
        with TemporaryDirectory() as folder:
            for name, content in srsly.msgpack_loads(data).items():
                (Path(folder) / name).write_bytes(content)
            self.load(Path(folder))
        return self


class TextCategoriser(_TrainedComponent):
    """Guesses the category of memos in which the rules found nothing, or little."""

    def __init__(self, model: Categoriser) -> None:
        self._model = model

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the categories it was trained on."""
        return self._model.labels

    def save(self, folder: Path) -> None:
        """Write the weights into a folder."""
        self._model.save(folder / CATEGORISER)

    def load(self, folder: Path) -> None:
        """Take the weights of a folder."""
        self._model = load_categoriser(folder)

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:
        """Fill ``guess`` of a stream of documents, a batch at a time."""
        for docs in _batches(stream, batch_size):
            notes = [notes_of(doc) for doc in docs]
            left = [note for note in notes if note.verdict is None or note.verdict.confidence < RULES_ARE_SURE]
            for note, guess in zip(left, self._model.guess([note.memo.text for note in left]), strict=True):
                note.guess = guess
            yield from docs


class SpanComponent(_TrainedComponent):
    """Finds the counterparty's place in memos that name no known brand."""

    def __init__(self, model: SpanFinder) -> None:
        self._model = model

    def save(self, folder: Path) -> None:
        """Write the weights into a folder."""
        self._model.save(folder / SPANS)

    def load(self, folder: Path) -> None:
        """Take the weights of a folder."""
        self._model = load_span_finder(folder)

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:
        """Fill ``span`` of a stream of documents, a batch at a time."""
        for docs in _batches(stream, batch_size):
            notes = [notes_of(doc) for doc in docs]
            left = [note for note in notes if note.memo.text and all(map(is_weak, note.mentions))]
            spans = self._model.find([note.memo.text for note in left], [mark_characters(note) for note in left])
            for note, span in zip(left, spans, strict=True):
                note.span = span
            yield from docs


def mark_characters(notes: MemoNotes) -> bytes:
    """Return for each character of the cleaned memo what the rules know of it (``features.MARKS``)."""
    text = notes.memo.text
    marks = bytearray(len(text))
    knowledge = load_knowledge()
    for match in knowledge.places.finditer(text):
        _mark(marks, match.start(), match.end(), 6)
    for pattern in (PERIOD, _NUMBER):
        for match in pattern.finditer(text):
            _mark(marks, match.start(), match.end(), 7)
    for match in _WORD.finditer(text):
        if match[0].upper() in knowledge.fillers:
            _mark(marks, match.start(), match.end(), 8)
    for cue in notes.cues:
        _mark(marks, cue.start, cue.end, 3 if cue.strength >= PURPOSE else 4 if cue.strength >= SHOP else 5)
    for mention in notes.mentions:
        _mark(marks, mention.start, mention.end, 2 if is_weak(mention) else 1)
    return bytes(marks)


def _mark(marks: bytearray, start: int, end: int, value: int) -> None:
    marks[start:end] = bytes([value]) * (end - start)


def _batches(stream: Iterable[Doc], size: int) -> Iterator[list[Doc]]:
    rest = iter(stream)
    while docs := list(islice(rest, size)):
        yield docs


@Language.factory("memo_textcat", requires=["doc._.verdict"], assigns=["doc._.guess"])
def create_textcat(nlp: Language, name: str) -> TextCategoriser:
    """Return the trained categoriser."""
    return TextCategoriser(load_categoriser())


@Language.factory("memo_spans", assigns=["doc._.span"])
def create_spans(nlp: Language, name: str) -> SpanComponent:
    """Return the trained span finder."""
    return SpanComponent(load_span_finder())
