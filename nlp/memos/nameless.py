"""What is left of a memo and is nobody's name: 국내선항공권, 태권도, ㅋㅋㅋ, TOPUP."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SYLLABLE = re.compile("[가-힣]")
_LATIN = re.compile("[A-Z]")
_NOT_LETTERS = re.compile(r"[^A-Z가-힣\u1100-\u11ff\u3131-\u318e]")
_JAMO = re.compile(r"[\u1100-\u11ff\u3131-\u318e]")
_PRICE = re.compile("(?:금|비|료|값|요금|대금)$|PAYMENT$|FEE$|BILL$")
_VOWEL = re.compile("[AEIOUY]")
_OFFICE = re.compile("(?:청|공단|공사|법원|협회|조합|대학교?|은행)$")
"""Endings of institutions, whose names may be common words: 교육청."""
NOISE = 4
"""Latin letters without a vowel are noise up to this many: XKCD; known names (BHC, KFC) never come here."""


class CommonWords:
    """Words of the data files that name nobody, alone or put together."""

    def __init__(
        self, generic: Iterable[str], purposes: Iterable[str], cues: Iterable[str], regions: Iterable[str]
    ) -> None:
        """Take generic nouns, words for purposes and regions, which may stand together, and cues, which stand alone."""
        self._generic = frozenset(map(_letters, generic))
        self._say_what = self._generic | frozenset(map(_letters, purposes))
        self._alone = frozenset(map(_letters, cues)) | self._say_what
        self._priced = frozenset(word for word in self._alone if _PRICE.search(word)) | self._generic
        self._regions = frozenset(_letters(region + kind) for region in regions for kind in ("", "시", "군", "구"))
        self._longest = max(map(len, (*self._say_what, *self._regions)), default=0)

    def make_up(self, name: str, *, of_shop: bool = False) -> bool:
        """Return whether a name is noise, one common word, or put together from them (a region alone is a name).

        A shop may be called by the word for its trade (향수공방): of one only generic nouns and prices are nobody's name.
        """
        letters = _letters(name)
        if _OFFICE.search(letters):
            return False
        if letters in (self._priced if of_shop else self._alone) or _is_noise(letters):
            return True
        words = self._generic if of_shop else self._say_what
        return bool(_SYLLABLE.search(letters)) and self._is_put_together(letters, words)

    def _is_put_together(self, letters: str, words: frozenset[str]) -> bool:
        reached: dict[int, bool] = {0: False}
        for start in range(len(letters)):
            if start not in reached:
                continue
            for end in range(start + 1, min(len(letters), start + self._longest) + 1):
                part = letters[start:end]
                if part in words or part in self._regions:
                    reached[end] = reached.get(end, False) or reached[start] or part in words
        return reached.get(len(letters), False)


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text.upper())


def _is_noise(letters: str) -> bool:
    if len(letters) > NOISE and len(set(letters)) <= 1 + len(letters) // 20:
        return True
    if _JAMO.search(letters):
        return len(_SYLLABLE.findall(letters)) < 2
    if _SYLLABLE.search(letters):
        return False
    return not _LATIN.search(letters) or (len(letters) <= NOISE and not _VOWEL.search(letters))
