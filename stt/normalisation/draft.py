"""A text under revision that remembers, character by character, where in the verbatim text it came from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Edit(NamedTuple):
    """Replace text[start:end]; an empty range inserts, an empty text deletes."""

    start: int
    end: int
    text: str


class Draft(NamedTuple):
    """A text derived from a verbatim one: character i came from verbatim[starts[i]:ends[i]]."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, verbatim: str) -> Draft:
        """Return the draft that changes nothing yet."""
        return cls(verbatim, tuple(range(len(verbatim))), tuple(range(1, len(verbatim) + 1)))

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of the verbatim text that text[start:end] came from."""
        if start >= end:
            place = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return place, place
        return min(self.starts[start:end]), max(self.ends[start:end])

    def edited(self, edits: Iterable[Edit]) -> Draft:
        """Return the draft after edits; of two that overlap the first one counts.

        Every character of a replacement came from all that it replaces.
        """
        chars: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for edit in sorted(edits):
            if edit.start < done or self.text[edit.start : edit.end] == edit.text:
                continue
            chars.append(self.text[done : edit.start])
            starts += self.starts[done : edit.start]
            ends += self.ends[done : edit.start]
            begin, end = self.origin(edit.start, edit.end)
            chars.append(edit.text)
            starts += [begin] * len(edit.text)
            ends += [end] * len(edit.text)
            done = edit.end
        if not chars and not done:
            return self
        chars.append(self.text[done:])
        return Draft("".join(chars), (*starts, *self.starts[done:]), (*ends, *self.ends[done:]))
