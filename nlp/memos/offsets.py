"""Where the characters of a cleaned memo stand in the memo as the bank printed it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from nlp.memos.cleaning import MAX_CHARS, CleanMemo, plain

_WORD = re.compile(r"\S+")


class Offsets(NamedTuple):
    """For each character of a text where it begins and ends in the raw memo."""

    begins: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place of text[start:end] in the raw memo."""
        return self.begins[start], self.ends[end - 1]

    def part(self, places: Sequence[int]) -> Offsets:
        """Return the offsets of the characters at these places."""
        if isinstance(places, range):
            return Offsets(self.begins[places.start : places.stop], self.ends[places.start : places.stop])
        return Offsets([self.begins[i] for i in places], [self.ends[i] for i in places])


def plain_offsets(raw: str, memo: CleanMemo) -> Offsets:
    """Return where the characters of the memo in NFKC stand in the raw one."""
    if memo.plain == raw:
        return _shifted(0, len(raw))
    begin = raw.find(memo.plain)
    if begin >= 0 and memo.plain:
        return _shifted(begin, len(memo.plain))
    chars = list(_collapsed(_pieces(raw[: MAX_CHARS * 4])))[:MAX_CHARS]
    if chars and chars[-1][0] == " ":
        chars.pop()
    if "".join(char for char, _, _ in chars) != memo.plain:
        return Offsets([0] * len(memo.plain), [len(raw)] * len(memo.plain))
    return Offsets([begin for _, begin, _ in chars], [end for _, _, end in chars])


def text_offsets(raw: str, memo: CleanMemo) -> Offsets:
    """Return where the characters of the cleaned memo stand in the raw one."""
    whole = plain_offsets(raw, memo)
    if memo.text == memo.plain:
        return whole
    return whole.part(_kept_places(memo.plain, memo.text))


def _shifted(begin: int, size: int) -> Offsets:
    return Offsets(range(begin, begin + size), range(begin + 1, begin + size + 1))


def _pieces(raw: str) -> Iterator[tuple[str, int, int]]:
    """Yield every character of the memo in NFKC with the place it comes from: ㈜ gives three, three jamo give one."""
    has_latin = any("A" <= char <= "z" for char in unicodedata.normalize("NFKC", raw))
    starts = [i for i, char in enumerate(raw) if not _joins(char) or i == 0]
    for start, end in zip(starts, [*starts[1:], len(raw)], strict=True):
        piece = raw[start:end]
        shown = plain(f"{piece}A")[:-1] if has_latin else plain(piece)
        for char in shown or (" " if piece.isspace() or unicodedata.category(piece[0]) in ("Cc", "Cs") else ""):
            yield char, start, end


def _joins(char: str) -> bool:
    """Return whether a character may become one with those before it: a mark, a vowel or final jamo, an invisible."""
    return bool(unicodedata.combining(char)) or "\u1160" <= char <= "\u11ff" or unicodedata.category(char) == "Cf"


def _collapsed(pieces: Iterator[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    last = " "
    for char, begin, end in pieces:
        if char == " " == last:
            continue
        last = char
        yield char, begin, end


def _kept_places(whole: str, text: str) -> Sequence[int]:
    """Return where each character of the text stands in the whole, of which words at any place were taken away.

    Words are looked for from the end: what is taken away from the front (POS, 체크) may come again in a name.
    """
    if text and whole.endswith(text):
        return range(len(whole) - len(text), len(whole))
    places: list[int] = []
    limit = len(whole)
    for match in reversed(list(_WORD.finditer(text))):
        at = whole.rfind(match[0], 0, limit)
        word = _scattered(whole, match[0], limit) if at < 0 else list(range(at, at + len(match[0])))
        if places:
            word.append(max(word[-1], places[0] - 1))
        places = word + places
        limit = word[0]
    return places


def _scattered(whole: str, word: str, limit: int) -> list[int]:
    """Return the places of a word's characters, something having been taken from within it."""
    places: list[int] = []
    for char in reversed(word):
        at = whole.rfind(char, 0, limit)
        limit = at if at >= 0 else limit
        places.insert(0, max(limit, 0))
    return places
