"""Korean verbs from their dictionary form: 듣다 is 듣 들어 들었 들으 들을, the forms that endings are put to."""

from __future__ import annotations

_FIRST, _FINALS, _VOWELS = 0xAC00, 28, 21
_NONE, _RIEUL, _SSANG_SIOT = 0, 8, 20
_A, _AE, _EO, _E, _YEO, _O, _WA, _WAE, _OE, _U, _WO, _EU, _I = 0, 1, 4, 5, 6, 8, 9, 10, 11, 13, 14, 18, 20
_BRIGHT = (_A, _O, 2)
_CONTRACTED = {_O: _WA, _U: _WO, _I: _YEO, _OE: _WAE}
_KEPT = (_A, _AE, _EO, _E, _YEO)


def forms(verb: str, irregular: str = "") -> str:
    """Return stem, 아-form, past, 으-form and ㄹ-form of a verb, separated by spaces.

    Args:
        verb: its dictionary form, which ends in 다.
        irregular: the sound that changes (ㅂ, ㄷ, ㅅ, 르); ㄹ goes with the regular ones.
    """
    stem = verb.removesuffix("다")
    if irregular == "르":
        joined = _with(stem[:-1], final=_RIEUL) + ("라" if _is_bright(stem[-2]) else "러")
        return _listed(stem, joined, stem)
    if irregular == "ㅂ":
        bare = _with(stem, final=_NONE)
        return _listed(stem, bare + ("와" if stem[-1] == "돕" else "워"), bare + "우")
    if irregular in ("ㄷ", "ㅅ"):
        changed = _with(stem, final=_RIEUL if irregular == "ㄷ" else _NONE)
        return _listed(stem, changed + _a_or_eo(stem[-1]), changed + "으")
    return _listed(stem, _joined(stem), stem if _final(stem[-1]) in (_NONE, _RIEUL) else stem + "으")


def _listed(stem: str, joined: str, soft: str) -> str:
    past = _with(joined, final=_SSANG_SIOT)
    future = soft if _final(soft[-1]) == _RIEUL else _with(soft, final=_RIEUL)
    return " ".join((stem, joined, past, soft, future))


def _joined(stem: str) -> str:
    """Return the 아-form of a regular verb: 받아, 가, 와, 마셔, 써, 해."""
    last, vowel = stem[-1], _vowel(stem[-1])
    if _final(last) != _NONE:
        return stem + _a_or_eo(last)
    if last == "하":
        return stem[:-1] + "해"
    if vowel in _KEPT:
        return stem
    if vowel == _EU:
        before = stem[-2] if len(stem) > 1 else ""
        return _with(stem, vowel=_A if before and _is_bright(before) else _EO)
    return _with(stem, vowel=_CONTRACTED[vowel]) if vowel in _CONTRACTED else stem + "어"


def _a_or_eo(syllable: str) -> str:
    return "아" if _is_bright(syllable) else "어"


def _is_bright(syllable: str) -> bool:
    return _vowel(syllable) in _BRIGHT


def _final(syllable: str) -> int:
    return (ord(syllable) - _FIRST) % _FINALS


def _vowel(syllable: str) -> int:
    return (ord(syllable) - _FIRST) // _FINALS % _VOWELS


def _with(text: str, *, vowel: int | None = None, final: int | None = None) -> str:
    """Return a text with another vowel or final in its last syllable."""
    initial = (ord(text[-1]) - _FIRST) // _FINALS // _VOWELS
    chosen = _vowel(text[-1]) if vowel is None else vowel
    closed = _final(text[-1]) if final is None else final
    return text[:-1] + chr(_FIRST + (initial * _VOWELS + chosen) * _FINALS + closed)
