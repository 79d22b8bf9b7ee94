"""What is left of a memo and is nobody's name: 국내선항공권, 태권도, ㅋㅋㅋ, TOPUP."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SYLLABLE = re.compile("[가-힣]")
_LATIN = re.compile("[A-Z]")
_NOT_LETTERS = re.compile(r"[^A-Z가-힣\u1100-\u11ff\u3131-\u318e]")
_JAMO = re.compile(r"[\u1100-\u11ff\u3131-\u318e]")
_PRICE = re.compile("(?:금|비|료|값|요금|대금)$|PAYMENT$|FEE$|BILL$")
_PREMISES = re.compile(
    "(?:집|점|방|관|소|장|실|원|국|당|사|샵|숍|터|가게|카페|마트|마켓|센터|하우스|스튜디오|병원|의원|과|택시|호텔|모텔|펜션)$"
)
"""Endings of words for a place that may be a name."""
_LATIN_WORD = re.compile("[A-Z]+")
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
        generic, purposes, cues = list(generic), list(purposes), list(cues)
        """Take generic nouns, words for purposes and regions, which may stand together, and cues, which stand alone."""
        self._generic = frozenset(map(_letters, generic))
        self._generic_ends = tuple(word for word in self._generic if len(word) > 1)
        self._say_what = self._generic | frozenset(map(_letters, purposes))
        self._alone = frozenset(map(_letters, cues)) | self._say_what
        self._priced = frozenset(word for word in self._alone if _PRICE.search(word)) | self._generic
        self._regions = frozenset(
            _letters(region + kind) for region in regions for kind in ("", "시", "군", "구", "도")
        )
        self._districts = frozenset(region for region in self._regions if region[-1] in "시군구도")
        self._latin = {False: _latin_words([*generic, *purposes]), True: _latin_words(generic)}
        self._longest = max(map(len, (*self._say_what, *self._regions)), default=0)

    def make_up(self, name: str, *, of_shop: bool = False) -> bool:
        """Return whether a name is noise, one common word, or put together from them (a region alone is a name).

        A shop may be called by the word for its premises (향수공방): of one, services (피부관리, 엔진오일교환) are nobody's name.
        """
        letters = _letters(name)
        if of_shop and name[:1].isdigit() and _PREMISES.search(letters):
            return False  # 365의원
        if _OFFICE.search(letters):
            return False
        if letters in (self._priced if of_shop else self._alone) or _is_noise(letters):
            return True
        if of_shop and letters in self._alone and _SYLLABLE.search(letters) and not _PREMISES.search(letters):
            return True
        if letters.isascii():
            return all(word in self._latin[of_shop] for word in _LATIN_WORD.findall(name.upper()))
        if of_shop and not letters.endswith(self._generic_ends):
            return False
        if self._is_put_together(letters, self._generic if of_shop else self._say_what, self._regions):
            return True
        return of_shop and self._is_put_together(letters, self._alone, self._districts)

    def made_of(self, name: str, nouns: frozenset[str]) -> bool:
        """Return whether a Korean name is one of these nouns or made of generic ones: 속눈썹 |연장, 에어컨 |이전설치."""
        letters = _letters(name)
        if not _SYLLABLE.search(letters) or _PREMISES.search(letters) or _OFFICE.search(letters):
            return False
        return letters in nouns or self._is_put_together(letters, self._generic, frozenset())

    def is_generic(self, word: str) -> bool:
        """Return whether a word is a common noun that names nobody: 장모님, 선생님."""
        return _letters(word) in self._generic

    def _is_put_together(self, letters: str, words: frozenset[str], regions: frozenset[str]) -> bool:
        reached: dict[int, bool] = {0: False}
        for start in range(len(letters)):
            if start not in reached:
                continue
            for end in range(start + 1, min(len(letters), start + self._longest) + 1):
                part = letters[start:end]
                if part in words or part in regions:
                    reached[end] = reached.get(end, False) or reached[start] or part in words
        return reached.get(len(letters), False)


def _latin_words(phrases: Iterable[str]) -> frozenset[str]:
    """Return the words of phrases in Latin letters: INTERNATIONAL and WIRE of INTERNATIONAL WIRE."""
    return frozenset(word for phrase in phrases for word in _LATIN_WORD.findall(str(phrase).upper()))


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
