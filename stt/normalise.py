"""The normaliser under which error rates are counted, for reference and hypothesis alike.

1. The normal form of transcripts (``stt.normalisation``): numbers in digits, fillers gone. Here numbers below ten and
   ordinals are written in digits too, so that "$4,500", "4500 dollars" and "four thousand five hundred dollars" are one text.
2. Unicode NFKC, lower case.
3. Hyphens between digits are removed: where a telephone number is grouped is not heard. So are those inside English words.
4. English contractions are written out: "I'm" and "I am", "cannot" and "can not" are one text ("'s" is read as "is").
5. ``, . ? ! ~ … " '`` are removed, but a point between two digits stays (4.5%).
6. Runs of white space become one space.

Character error rate counts spaces as characters, which is the stricter of the two conventions for Korean.
"""

from __future__ import annotations

import re
import unicodedata

from stt.normalisation import draft_of

_BETWEEN_DIGITS = re.compile(r"(?<!\d)[.,]|[.,](?!\d)")
_GROUPING = re.compile(r"(?<=\d)-(?=\d)")
_IN_WORDS = re.compile(r"(?<=[a-z])-(?=[a-z])")
_MARKS = re.compile(r"[?!~…\"'“”‘’]")
_NUMBER = re.compile(r"\d[\d.,-]*\d|\d")
_CONTRACTIONS = (
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"\b(?:can't|cannot)\b"), "can not"),
    (re.compile(r"\blet's\b"), "let us"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"'re\b"), " are"),
    (re.compile(r"'ll\b"), " will"),
    (re.compile(r"'ve\b"), " have"),
    (re.compile(r"\bi'm\b"), "i am"),
    (re.compile(r"'d\b"), " would"),
    (re.compile(r"\bit'?s\b"), "it is"),
    (re.compile(r"\b(that|what|there|here|he|she|who|where|how)'s\b"), r"\1 is"),
)
_MAX_PASSES = 5
_HANGUL = re.compile(r"[가-힣]")


def normalise(text: str, language: str = "") -> str:
    """Return the text as error rates see it; without a language, Hangul makes it Korean."""
    spoken_in = language or ("ko" if _HANGUL.search(text) else "en")
    for _ in range(_MAX_PASSES):
        before, text = text, _once(text, spoken_in)
        if text == before:
            break
    return text


def _once(text: str, spoken_in: str) -> str:
    folded = unicodedata.normalize("NFKC", draft_of(text, spoken_in, alike=True).text).lower()
    if spoken_in == "en":
        folded = _written_out(folded.replace("’", "'"))
    plain = _IN_WORDS.sub(" ", _GROUPING.sub("", folded))
    return " ".join(_MARKS.sub("", _BETWEEN_DIGITS.sub("", plain)).split())


def _written_out(text: str) -> str:
    for contraction, words in _CONTRACTIONS:
        text = contraction.sub(words, text)
    return text


def numbers(text: str) -> list[str]:
    """Return the numbers of a normalised text, a telephone number as one."""
    return _NUMBER.findall(text)
