"""The normaliser under which error rates are counted, for reference and hypothesis alike.

1. Unicode NFKC, lower case.
2. `, . ? ! ~ … " '` are removed, but a point or a comma between two digits stays (4.5%, 1,000).
3. Runs of white space become one space.

Digits stay digits and hyphens within numbers stay: a wrong hyphen is an error. Character error
rate counts spaces as characters, which is the stricter of the two conventions for Korean.
"""

from __future__ import annotations

import re
import unicodedata

_BETWEEN_DIGITS = re.compile(r"(?<!\d)[.,]|[.,](?!\d)")
_MARKS = re.compile(r"[?!~…\"'“”‘’]")
_NUMBER = re.compile(r"\d[\d.,-]*\d|\d")


def normalise(text: str) -> str:
    """Return the text as error rates see it."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return " ".join(_MARKS.sub("", _BETWEEN_DIGITS.sub("", folded)).split())


def numbers(text: str) -> list[str]:
    """Return the numbers of a normalised text, "010-1234-5678" as one."""
    return _NUMBER.findall(text)
