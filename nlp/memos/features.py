"""Memo texts as hashed numbers for the trained parts: character n-grams of a text, and what surrounds each character.

All of a batch is hashed at once with numpy; one memo costs about as much as its arrays do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
MARKS = ("none", "brand", "carrier", "purpose", "shop", "hint", "place", "number", "filler")
"""What the rules know of a character, by number."""

_GRAMS = (1, 2, 3, 4, 5)
_PAD = 4
_EDGE = 1
_PRIMES = np.array([1_000_003, 998_244_353, 1_000_000_007, 754_974_721, 167_772_161], dtype=np.int64)
_WORD_MASK = np.int64((1 << 61) - 1)


class Grams(NamedTuple):
    """Hashed n-grams of a batch: buckets of all texts in a row, and where each text's buckets begin."""

    buckets: IntArray
    starts: IntArray


def hash_grams(texts: Sequence[str], size: int) -> Grams:
    """Return the buckets of all n-grams of one to five characters; spaces do not count, digits are all alike."""
    squeezed = [f"\x01{text.upper().replace(' ', '')}\x01" for text in texts]
    codes = _codes("".join(squeezed))
    owner = np.repeat(np.arange(len(squeezed)), [len(text) for text in squeezed])
    rolled = np.zeros_like(codes)
    buckets, owners = [], []
    for n in _GRAMS:
        rolled = rolled[: len(codes) - n + 1] * _PRIMES[0] + codes[n - 1 :] if n > 1 else codes + 7
        whole = owner[: len(rolled)] == owner[n - 1 :]
        buckets.append(_spread(rolled[whole] + n) % size)
        owners.append(owner[: len(rolled)][whole])
    order = np.argsort(np.concatenate(owners), kind="stable")
    lengths = np.bincount(np.concatenate(owners), minlength=len(squeezed))
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    return Grams(np.concatenate(buckets)[order], starts)


def hash_places(texts: Sequence[str], marks: Sequence[bytes], size: int) -> IntArray:
    """Return for each character of each text, in a row, the buckets of its surroundings; shape (characters, features)."""
    blank = "\x02" * _PAD
    joined = blank + "".join(text.upper() + blank for text in texts)
    chars = _codes(joined)
    known = np.frombuffer(bytes(_PAD) + b"".join(mark + bytes(_PAD) for mark in marks), dtype=np.uint8).astype(np.int64)
    kinds = _kinds(chars)
    lengths = [len(text) for text in texts]
    at = np.concatenate([np.arange(n) for n in lengths]) if lengths else np.zeros(0, dtype=np.int64)
    size_of = np.repeat(lengths, lengths)
    origin = np.repeat(np.cumsum([_PAD, *[n + _PAD for n in lengths[:-1]]]) if lengths else [], lengths).astype(int)
    here = origin + at
    word, words = _words(chars, here)
    columns = [*_windows(chars, here), *_mark_windows(known, kinds, here)]
    first, last = np.minimum(at, 6), np.minimum(size_of - 1 - at, 6)
    columns += [_mix(50, first, kinds[here]), _mix(51, last, kinds[here], known[here]), _mix(52, first, last)]
    columns += [_mix(53, word, words, known[here]), _mix(54, word, words, kinds[here])]
    return np.stack(columns, axis=1) % size


def _windows(chars: IntArray, here: IntArray) -> list[IntArray]:
    columns = [_mix(10 + offset, chars[here + offset]) for offset in range(-3, 4)]
    columns += [_mix(20 + offset, chars[here + offset], chars[here + offset + 1]) for offset in range(-2, 2)]
    columns += [
        _mix(26 + offset, chars[here + offset], chars[here + offset + 1], chars[here + offset + 2])
        for offset in range(-2, 1)
    ]
    return columns


def _mark_windows(known: IntArray, kinds: IntArray, here: IntArray) -> list[IntArray]:
    columns = [_mix(34 + offset, known[here + offset], kinds[here + offset]) for offset in range(-3, 4)]
    columns.append(_mix(40, *(known[here + offset] for offset in (-2, -1, 0, 1, 2))))
    columns.append(_mix(41, *(kinds[here + offset] for offset in (-2, -1, 0, 1, 2))))
    columns.append(_mix(42, known[here - 1], known[here], known[here + 1], kinds[here - 1], kinds[here + 1]))
    return columns


def _words(chars: IntArray, here: IntArray) -> tuple[IntArray, IntArray]:
    """Return for each character the number of its word in its text and how many words that text has, at most 4."""
    spaces = np.cumsum(chars == ord(" "))
    starts = np.flatnonzero(np.diff(np.concatenate([[-9], here])) > 1)
    lengths = np.diff(np.concatenate([starts, [len(here)]]))
    first = np.repeat(spaces[here[starts]], lengths) if len(here) else spaces[here]
    last = np.repeat(spaces[here[starts + lengths - 1]], lengths) if len(here) else spaces[here]
    return np.minimum(spaces[here] - first, 3), np.minimum(last - first, 3)


def _kinds(chars: IntArray) -> IntArray:
    """Return the kind of each character: blank 0, space 1, Hangul 2, Latin 3, digit 4, other 5."""
    out = np.full(len(chars), 5, dtype=np.int64)
    out[(chars >= 0xAC00) & (chars <= 0xD7A3)] = 2
    out[(chars >= 65) & (chars <= 90)] = 3
    out[chars == 48] = 4
    out[chars == 32] = 1
    out[chars == 2] = 0
    return out


def _codes(text: str) -> IntArray:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
    codes[(codes >= 48) & (codes <= 57)] = 48
    return codes


def _mix(number: int, *columns: IntArray) -> IntArray:
    out = np.full(len(columns[0]), number + 101, dtype=np.int64)
    for column in columns:
        out = out * _PRIMES[1] + column
    return _spread(out)


def _spread(values: IntArray) -> IntArray:
    mixed = (values ^ (values >> 29)) * _PRIMES[2]
    return (mixed ^ (mixed >> 32)) & _WORD_MASK
