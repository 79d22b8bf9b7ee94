"""Find known words in a memo, whatever its spaces, in one pass: an index by the first two characters."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")

_DROPPED = re.compile(r"[^0-9A-Z가-힣&+]")
_KEPT = re.compile(r"[0-9A-Z가-힣&+]")
MIN_TRUNCATED_HANGUL = 3
MIN_TRUNCATED_LATIN = 6
MAX_CUT = 40
MIN_BEFORE_TAIL = 4
MIN_JAMMED_LATIN, JAM_LETTERS = 5, 11
"""In a run of so many letters without a space (DEBITCARDPURCHASEHERTZ) words of so many letters may stand anywhere."""


def is_hangul(char: str) -> bool:
    """Return whether a character is a Hangul syllable."""
    return "가" <= char <= "힣"


class Squashed:
    """A memo without spaces and punctuation, in capitals, that remembers where each character stood."""

    __slots__ = ("breaks", "jammed", "places", "tail", "text")

    def __init__(self, text: str) -> None:
        upper = text.upper()
        if len(upper) != len(text):
            upper = text
        self.places = [match.start() for match in _KEPT.finditer(upper)]
        self.text = "".join([upper[i] for i in self.places])
        self.breaks = _breaks(self.places, self.text)
        self.jammed = _jammed(self.breaks, self.text)
        self.tail = -1
        """Where a city's code begins that may be jammed to a name (NIKESFO), -1 where there is none."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the memo of squashed[start:end]."""
        return self.places[start], self.places[end - 1] + 1


def _breaks(places: list[int], squashed: str) -> list[bool]:
    """Return for each gap between squashed characters (0 .. len) whether a word may begin or end there."""
    count = len(squashed)
    out = [True] * (count + 1)
    scripts = [1 if char >= "가" else 2 if char <= "9" else 3 for char in squashed]
    for i in range(1, count):
        out[i] = scripts[i] != scripts[i - 1] or places[i] != places[i - 1] + 1
    return out


def _jammed(breaks: list[bool], squashed: str) -> list[bool] | None:
    """Return for each gap whether it lies in a long run of Latin letters; None where there is no such run."""
    if len(squashed) < JAM_LETTERS or squashed[0] >= "가":
        return None
    out: list[bool] | None = None
    begin = 0
    for i in range(1, len(squashed) + 1):
        if breaks[i]:
            if i - begin >= JAM_LETTERS and squashed[begin].isalpha():
                out = out or [False] * (len(squashed) + 1)
                out[begin : i + 1] = [True] * (i + 1 - begin)
            begin = i
    return out


class WordIndex(Generic[T]):
    """Words with what they stand for.

    Latin words and Hangul words of at most two syllables count only where words begin (and, for Latin ones, end),
    since ``MASTER`` is not ``MA`` and ``대한노인회`` not ``한노``.
    """

    def __init__(self, entries: Iterable[tuple[str, T]], is_suffix: Callable[[T], bool] | None = None) -> None:
        """Index the entries; short Hangul words for which ``is_suffix`` holds may also end a word (달빛카페)."""
        self._is_suffix = is_suffix
        self._by_head: dict[str, list[tuple[str, T, bool, bool]]] = defaultdict(list)
        self._single: dict[str, tuple[str, T]] = {}
        seen: set[str] = set()
        for word, value in entries:
            key = _DROPPED.sub("", word.upper())
            if not key or key in seen:
                continue
            seen.add(key)
            if len(key) == 1:
                self._single[key] = (key, value)
                continue
            latin = not any(is_hangul(char) for char in key)
            short = latin or len(key) <= 2
            self._by_head[key[:2]].append((key, value, short, latin))
        for bucket in self._by_head.values():
            bucket.sort(key=lambda entry: -len(entry[0]))

    def find(self, memo: Squashed, starts: frozenset[int] = frozenset()) -> Iterator[tuple[str, T, int, int]]:
        """Yield (word, value, start, end) in squashed places, longest first at each place, overlaps included.

        Args:
            starts: further squashed places where a tokenizer saw a word begin.
        """
        text, breaks, by_head, jammed = memo.text, memo.breaks, self._by_head, memo.jammed
        for start in range(len(text) - 1):
            if not breaks[start] and text[start] <= "Z" and not (jammed and jammed[start]):
                continue
            bucket = by_head.get(text[start : start + 2])
            if bucket:
                for key, value, short, latin in bucket:
                    if not text.startswith(key, start):
                        continue
                    end = start + len(key)
                    if latin and jammed and jammed[start] and len(key) >= MIN_JAMMED_LATIN:
                        yield key, value, start, end
                        continue
                    if (latin or key[0] <= "Z") and not breaks[start]:
                        continue
                    if (
                        (latin or key[-1] <= "Z")
                        and not breaks[end]
                        and (end != memo.tail or len(key) < MIN_BEFORE_TAIL)
                    ):
                        continue
                    if short and not (breaks[start] or start in starts or (breaks[end] and self._may_end(value))):
                        continue
                    yield key, value, start, end
        for char in self._single.keys() & set(text):
            for start, found in enumerate(text):
                if found == char and breaks[start] and breaks[start + 1]:
                    yield char, self._single[char][1], start, start + 1

    def _may_end(self, value: T) -> bool:
        return self._is_suffix is not None and self._is_suffix(value)

    def find_truncated(self, memo: Squashed) -> tuple[str, T, int, int] | None:
        """Return the word whose beginning is the end of the memo: banks cut memos short.

        A cut word must be the memo's end, begin where a word begins, and keep at least three Hangul or six Latin characters,
        of a Latin word two thirds.
        """
        text = memo.text
        for start in range(max(0, len(text) - 24), len(text) - MIN_TRUNCATED_HANGUL + 1):
            rest = text[start:]
            enough = MIN_TRUNCATED_HANGUL if is_hangul(rest[0]) else MIN_TRUNCATED_LATIN
            if len(rest) < enough or not memo.breaks[start]:
                continue
            most = len(rest) * 3 // 2 if rest[0] <= "Z" else MAX_CUT
            fits = [e for e in self._by_head.get(rest[:2], ()) if e[0].startswith(rest) and len(e[0]) <= most]
            if fits:
                key, value, *_ = fits[-1]
                return key, value, start, len(text)
        return None


def longest_first(hits: Iterable[tuple[str, T, int, int]]) -> list[tuple[str, T, int, int]]:
    """Keep the longest hits that do not overlap, in order of place."""
    taken: list[tuple[str, T, int, int]] = []
    for hit in sorted(hits, key=lambda h: (h[2] - h[3], h[2])):
        if all(hit[3] <= other[2] or hit[2] >= other[3] for other in taken):
            taken.append(hit)
    return sorted(taken, key=lambda h: h[2])
