"""What fills the slots of training sentences: names of many kinds, listed, put together and made up, and values that are none."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache

from nlp import data_files
from nlp.personal_data.korean_names import load_korean_names
from nlp.personal_data.latin_names import load_latin_names

Made = Callable[[random.Random], str]


@cache
def _listed(name: str) -> list[str]:
    """Return one of the lists that only training knows: the tagger must not depend on a name being known."""
    return [str(item).strip() for item in data_files.load("personal_data/training_names.yaml")[name]]


@cache
def _given_korean() -> list[str]:
    return sorted({*_listed("korean_given"), *load_korean_names().given})


@cache
def _surnames() -> tuple[list[str], list[float]]:
    book = load_korean_names().book.surnames
    return list(book), [max(count, 1) ** 0.5 for count in book.values()]


def _surname(dice: random.Random) -> str:
    names, weights = _surnames()
    return dice.choices(names, weights)[0]


def _given(dice: random.Random) -> str:
    chance = dice.random()
    if chance < 0.55:
        return dice.choice(_given_korean())
    if chance < 0.63:
        return dice.choice(_listed("korean_words"))
    if chance < 0.68:
        return "".join(dice.choice(_SYLLABLES) for _ in range(2))
    book = load_korean_names().book
    return dice.choice(sorted(book.first)) + dice.choice(sorted(book.last))


def _korean(dice: random.Random) -> str:
    return dice.choice(_listed("korean_words")) if dice.random() < 0.02 else _surname(dice) + _given(dice)


def _spaced(dice: random.Random) -> str:
    surname, given = _surname(dice), _given(dice)
    return f"{surname} {given}" if dice.random() < 0.5 else " ".join(surname + given)


def _foreign(dice: random.Random) -> str:
    return dice.choice(_listed("korean_foreign"))


@cache
def _latin_lists() -> tuple[list[str], list[str], list[str]]:
    names = load_latin_names()
    return sorted(names.given | names.frequent | names.ambiguous), sorted(names.surnames), sorted(names.korean_surnames)


def _title(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))


def _latin_given(dice: random.Random) -> str:
    chance = dice.random()
    if chance < 0.2:
        return dice.choice(_listed("latin_given"))
    return _made_up(dice) if chance < 0.26 else _title(dice.choice(_latin_lists()[0]))


def _latin_surname(dice: random.Random) -> str:
    first = _one_surname(dice)
    return f"{first}-{_one_surname(dice)}" if dice.random() < 0.06 else first


def _one_surname(dice: random.Random) -> str:
    chance = dice.random()
    if chance < 0.2:
        return dice.choice(_listed("latin_surnames"))
    if chance < 0.28:
        return _title(dice.choice(_listed("latin_words")))
    return _made_up(dice) if chance < 0.34 else _title(dice.choice(_latin_lists()[1]))


def _made_up(dice: random.Random) -> str:
    """Return a word that is in no list and could be a name."""
    parts = [dice.choice(_ONSETS) + dice.choice(_VOWELS) + dice.choice(_CODAS) for _ in range(dice.choice((2, 2, 3)))]
    return _title("".join(parts))


_ONSETS = ("b", "br", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "sh", "t", "th", "v", "w", "z", "")
_VOWELS = ("a", "e", "i", "o", "u", "ia", "ei", "oo", "y")
_CODAS = ("", "", "n", "r", "l", "s", "ck", "m", "tt", "nd")
_SYLLABLES = "가나다라마바사아자차카타파하고노도로모보소오조초코토포호구누두루무부수우주추쿠투푸후빈탄새벨린론달별봄결찬든람휘론엘"


def _full(dice: random.Random) -> str:
    return f"{_latin_given(dice)} {_latin_surname(dice)}"


def _initials(dice: random.Random) -> str:
    letter = dice.choice("ABCDEFGHJKLMNPRSTW")
    return f"{letter}{dice.choice(('. ', ' ', '.'))}{_latin_surname(dice)}"


def _romanised_name(dice: random.Random) -> str:
    surname = dice.choice(_latin_lists()[2])
    first, last = dice.choice(_listed("romanised")), dice.choice(_listed("romanised"))
    given = dice.choice((f"{first}{last}", f"{first}-{last}", f"{first} {last}"))
    order = [_title(surname), given[:1].upper() + given[1:]]
    if dice.random() < 0.3:
        order.reverse()
    name = " ".join(order)
    return name.upper() if dice.random() < 0.3 else name


def _latin_any(dice: random.Random) -> str:
    return _romanised_name(dice) if dice.random() < 0.7 else _full(dice)


def _ideographs(dice: random.Random) -> str:
    signs = "金李朴崔鄭姜趙尹張林田中美咲佐藤健太王偉陳秀英明山本花子民俊洙哲順姬永浩"
    size = dice.choice((2, 3, 3, 4))
    name = "".join(dice.choice(signs) for _ in range(size))
    return f"{name[:2]} {name[2:]}" if size == 4 and dice.random() < 0.6 else name


NAME_SLOTS: dict[str, Made] = {
    "N": _korean,
    "G": _given,
    "S": _surname,
    "P": _spaced,
    "F": _foreign,
    "L": _latin_any,
    "H": _ideographs,
    "FULL": _full,
    "GIVEN": _latin_given,
    "SUR": _latin_surname,
    "LASTFIRST": lambda dice: f"{_latin_surname(dice)}, {_latin_given(dice)}",
    "INIT": _initials,
    "KR": _romanised_name,
    "THREE": lambda dice: f"{_latin_given(dice)} {_latin_given(dice)} {_latin_surname(dice)}",
}


def other_value(slot: str, dice: random.Random) -> str:
    """Return a value that is no name, digits at random."""
    options = data_files.load("personal_data/training_names.yaml")["others"].get(slot, ["x"])
    return re.sub("#", lambda _: str(dice.randrange(10)), str(dice.choice(options)))
