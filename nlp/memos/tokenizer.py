"""Kiwi as spaCy's tokenizer: Korean is segmented without a trained spaCy model, nothing is downloaded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from nlp.kiwi import load_kiwi
from nlp.memos.knowledge import load_knowledge

_HANGUL = re.compile("[가-힣]")


class KiwiMemoTokenizer:
    """Cleans a memo and cuts it into Kiwi's morphemes; ``doc.user_data`` keeps the raw text and the channel."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        self._cleaner = load_knowledge().cleaner
        self._kiwi = load_kiwi()

    def __call__(self, text: str) -> Doc:
        """Return the document of the cleaned memo."""
        memo = self._cleaner.clean(text)
        words, spaces, tags, begins = self._segments(memo.text)
        doc = Doc(self.vocab, words=words, spaces=spaces, tags=tags)
        doc.user_data["raw"] = text
        doc.user_data["memo"] = memo
        doc.user_data["begins"] = begins
        doc.user_data["nouns"] = frozenset(word for word, tag in zip(words, tags, strict=True) if tag == "NNG")
        return doc

    def _segments(self, text: str) -> tuple[list[str], list[bool], list[str], list[int]]:
        tag_at: dict[int, str] = {}
        for token in self._kiwi.tokenize(text) if _HANGUL.search(text) else ():
            # Kiwi calls a word it guesses a noun too, but gives it no base form
            tag_at.setdefault(token.start, token.tag if token.base_form else "UN")
        words: list[str] = []
        spaces: list[bool] = []
        tags: list[str] = []
        begins: list[int] = []
        for start, end, has_space in _cuts(text, tag_at):
            words.append(text[start:end])
            spaces.append(has_space)
            tags.append(tag_at.get(start, "UN"))
            begins.append(start)
        return words, spaces, tags, begins

    def to_bytes(self, **_: object) -> bytes:
        """Return nothing: all knowledge is in the data files."""
        return b""

    def from_bytes(self, _data: bytes, **_: object) -> KiwiMemoTokenizer:
        """Return itself."""
        return self

    def to_disk(self, _path: str | Path, **_: object) -> None:
        """Write nothing: all knowledge is in the data files."""

    def from_disk(self, _path: str | Path, **_: object) -> KiwiMemoTokenizer:
        """Return itself."""
        return self


def _cuts(text: str, starts: dict[int, str]) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, end, followed by a space) of every segment; memos hold single spaces only."""
    begin = 0
    for place in range(1, len(text) + 1):
        at_end = place == len(text)
        if not at_end and text[place] == " ":
            yield begin, place, True
            begin = place + 1
        elif place > begin and (at_end or place in starts):
            yield begin, place, False
            begin = place


@spacy.registry.tokenizers("hub.KiwiMemoTokenizer.v1")
def create_tokenizer() -> Callable[[Language], KiwiMemoTokenizer]:
    """Return the factory that spaCy's config names."""
    return lambda nlp: KiwiMemoTokenizer(nlp.vocab)
