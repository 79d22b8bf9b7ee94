"""Bring text into the form detectors read, and remember where every character came from.

Full-width and other compatibility characters become plain ones, invisible characters go, digits spoken as words
(공일공 일이삼사, ``four one five``) become digits, and digits set apart (``0 1 0 1 2 …``) are put together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.personal_data import spoken_english, spoken_korean
from nlp.personal_data.mapped_text import MappedText, Piece, in_plain_characters, rewrite

_APART = re.compile(r"(?<![\d.,-])\d{1,4}(?:(?:[ .,-]|[,.] | - )\d{1,4}){4,18}(?!\d|[.,]\d)")
_MANY_GROUPS = 7


def normalise(text: str) -> MappedText:
    """Return the text as detectors read it."""
    mapped = in_plain_characters(text)
    mapped = spoken_english.with_digits(spoken_korean.with_digits(mapped))
    return rewrite(mapped, _APART, _together)


def _together(match: re.Match[str]) -> Sequence[Piece]:
    """Return digits without the gaps between them, where they stand one by one or in pairs rather than in groups."""
    groups = list(re.finditer(r"\d+", match[0]))
    count = sum(len(group[0]) for group in groups)
    singles = sum(len(group[0]) == 1 for group in groups)
    is_apart = singles * 2 >= len(groups) or len(groups) >= _MANY_GROUPS or match[0].startswith("01")
    least = 6 if singles == len(groups) else 7
    if not (is_apart and least <= count <= 19):
        return ()
    return [Piece(group[0], group.start(), group.end()).moved(match.start()) for group in groups]
