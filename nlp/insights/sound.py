"""Korean as it sounds: letters that a recogniser confuses become one, silent ones go, spaces go."""

from __future__ import annotations

import msgspec

_INITIALS = ("k", "k", "n", "t", "t", "l", "m", "p", "p", "s", "s", "", "c", "c", "c", "k", "t", "p", "h")
_MEDIALS = ("a", "e", "A", "e", "u", "e", "U", "e", "o", "oa", "1", "1", "O", "w", "2", "1", "3", "W", "_", "i", "i")
_FINALS = (
    "",
    "k",
    "k",
    "k",
    "n",
    "n",
    "n",
    "t",
    "l",
    "k",
    "m",
    "l",
    "l",
    "l",
    "p",
    "l",
    "m",
    "p",
    "p",
    "t",
    "t",
    "g",
    "t",
    "t",
    "k",
    "t",
    "p",
    "t",
)


class Sound(msgspec.Struct, frozen=True):
    """A text as it sounds; letter i comes from character chars[i], syllables begin at the letters in ``begins``."""

    letters: str
    chars: list[int]
    begins: frozenset[int]
    words: frozenset[int]

    def is_boundary(self, letter: int) -> bool:
        """Return whether a syllable begins at a letter, or the text ends there."""
        return letter in self.begins or letter >= len(self.letters)


def sound(text: str) -> Sound:
    """Return the text as it sounds: ㄱㄲㅋ alike, ㅐㅔ alike, finals by their seven sounds, spaces and signs gone."""
    letters: list[str] = []
    chars: list[int] = []
    begins: set[int] = set()
    words: set[int] = set()
    is_new = True
    for place, char in enumerate(text):
        piece = _syllable(char)
        if not piece:
            is_new = True
            continue
        begins.add(len(letters))
        if is_new:
            words.add(len(letters))
        is_new = False
        letters.extend(piece)
        chars.extend([place] * len(piece))
    return Sound("".join(letters), chars, frozenset(begins), frozenset(words))


def _syllable(char: str) -> str:
    code = ord(char) - 0xAC00
    if 0 <= code < 11_172:
        return _INITIALS[code // 588] + _MEDIALS[code % 588 // 28] + _FINALS[code % 28]
    return char if char.isdigit() else ""
