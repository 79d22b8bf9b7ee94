"""Text in plain characters that remembers where every character came from, and rewriting it piece by piece."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

import msgspec

_INVISIBLE = frozenset(
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\ufeff"
)
_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—―−ー﹣－", "-"))
_LOOKALIKES = dict(
    zip(
        "аеорсухіѕјԁһԛԝАВЕКМНОРСТХІЅЈαορνιΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
        "aeopcyxisjdhqwABEKMHOPCTXISJaopviABEZHIKMNOPTYX",
        strict=True,
    )
)
"""Cyrillic and Greek letters that look like Latin ones."""
_LETTER_DIGITS = str.maketrans("OoQIl|", "000111")
_MISWRITTEN = re.compile(
    r"(?<![A-Za-z가-힣\d])(?=[OoQIl|]{0,4}\d)[\dOoQIl|]{2,6}(?:[-. ][\dOoQIl|]{2,8}){1,4}(?![A-Za-z\d])"
)
"""Groups of digits in which letters stand for 0 and 1: O1O-1234-5678."""


class MappedText(msgspec.Struct, frozen=True):
    """A text derived from another; characters i .. j came from original[starts[i]:ends[j - 1]]."""

    text: str
    starts: list[int]
    ends: list[int]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the original of text[start:end]."""
        return self.starts[start], self.ends[end - 1]


class Piece(msgspec.Struct, frozen=True):
    """Text that stands for text[start:end]; ``is_spoken`` where words stood there."""

    text: str
    start: int
    end: int
    is_spoken: bool = False

    def moved(self, by: int) -> Piece:
        """Return the piece further on."""
        return Piece(self.text, self.start + by, self.end + by, self.is_spoken)


def rewrite(
    mapped: MappedText, pattern: re.Pattern[str], read: Callable[[re.Match[str]], Sequence[Piece]]
) -> MappedText:
    """Return the text with the pieces that ``read`` gives in place of what lies between the first and the last of them."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for match in pattern.finditer(mapped.text):
        pieces = read(match)
        if not pieces:
            continue
        _copy(mapped, done, pieces[0].start, chars, starts, ends)
        for piece in pieces:
            left, right = mapped.origin(piece.start, piece.end)
            chars.extend(piece.text)
            starts.extend([left] * len(piece.text))
            ends.extend([right] * len(piece.text))
        done = pieces[-1].end
    if not done:
        return mapped
    _copy(mapped, done, len(mapped.text), chars, starts, ends)
    return MappedText("".join(chars), starts, ends)


def _copy(mapped: MappedText, begin: int, end: int, chars: list[str], starts: list[int], ends: list[int]) -> None:
    chars.extend(mapped.text[begin:end])
    starts.extend(mapped.starts[begin:end])
    ends.extend(mapped.ends[begin:end])


def in_plain_characters(text: str) -> MappedText:
    """Return the text without invisible, full-width and lookalike characters, and with digits where letters stand for them."""
    if text.isascii():
        places = list(range(len(text)))
        mapped = MappedText(text, places, [place + 1 for place in places])
    else:
        chars: list[str] = []
        starts: list[int] = []
        for place, char in enumerate(text.translate(_HYPHENS)):
            if char in _INVISIBLE:
                continue
            for piece in _plain_char(char):
                chars.append(piece)
                starts.append(place)
        mapped = MappedText("".join(chars), starts, [place + 1 for place in starts])
    read = _MISWRITTEN.sub(lambda match: match[0].translate(_LETTER_DIGITS), mapped.text)
    return msgspec.structs.replace(mapped, text=read)


def _plain_char(char: str) -> str:
    if char < "\u0080" or "가" <= char <= "힣":
        return char
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if char in _LOOKALIKES:
        return _LOOKALIKES[char]
    return char if char < "\u2000" else unicodedata.normalize("NFKC", char)
