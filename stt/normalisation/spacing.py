"""Plain characters and spaces, in both languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from stt.normalisation.draft import Edit

_FOREIGN = re.compile(
    "[\u1100-\u11ff]+|[\uff01-\uffee\u3000\u00a0\u2002-\u200a\u202f]|[\u200b-\u200f\u2060\ufeff\u00ad]"
)
_SPACES = re.compile(r"\s+")
_BEFORE_MARK = re.compile(r"\s+(?=[,.?!](?:\s|$))")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_PERCENT = re.compile(r"(?<=\d) +(?=%)")


def plain_characters(text: str) -> Iterator[Edit]:
    """Yield full-width and conjoining characters in their usual form, invisible ones removed."""
    for match in _FOREIGN.finditer(text):
        plain = unicodedata.normalize("NFKC", match[0])
        invisible = unicodedata.category(match[0][0]) == "Cf"
        yield Edit(match.start(), match.end(), "" if invisible else plain)


def thousands(text: str) -> Iterator[Edit]:
    """4,500 -> 4500."""
    for match in _THOUSANDS.finditer(text):
        yield Edit(match.start(), match.end(), match[0].replace(",", ""))


def spaces(text: str) -> Iterator[Edit]:
    """Yield single spaces, none at the ends, none before a mark or a per cent sign."""
    for match in _SPACES.finditer(text):
        at_end = match.start() == 0 or match.end() == len(text)
        yield Edit(match.start(), match.end(), "" if at_end or _BEFORE_MARK.match(text, match.start()) else " ")
    for match in _PERCENT.finditer(text):
        yield Edit(match.start(), match.end(), "")
