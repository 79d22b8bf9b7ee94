"""What surrounds each unit of a text, as the names of features: the units around, the lists of names, the dictionary's reading."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from nlp.kiwi import load_kiwi
from nlp.personal_data.korean_names import load_korean_names
from nlp.personal_data.latin_names import LatinNames, load_latin_names
from nlp.personal_data.tagging.units import Unit

_WINDOW = 4
_MAX_KIWI = 2_000
_PAD = ("<", ">")


def features(text: str, cut: Sequence[Unit]) -> list[list[str]]:
    """Return the features of each unit."""
    forms = [("_" if unit.is_first else "") + unit.form for unit in cut]
    facts = _facts(text, cut)
    padded = [*["<"] * _WINDOW, *forms, *[">"] * _WINDOW]
    known = [*["<"] * _WINDOW, *facts, *[">"] * _WINDOW]
    words = _words(text, cut)
    return [[*_around(padded, known, i + _WINDOW), *words[i]] for i in range(len(cut))]


def _around(forms: list[str], facts: list[str], at: int) -> list[str]:
    found = [f"{offset}={forms[at + offset]}" for offset in range(-_WINDOW, _WINDOW + 1)]
    found += [f"{offset}f={facts[at + offset]}" for offset in range(-3, 4)]
    for offset in range(-3, 3):
        found.append(f"{offset}b={forms[at + offset]}|{forms[at + offset + 1]}")
        found.append(f"{offset}g={facts[at + offset]}|{facts[at + offset + 1]}")
    found.append(f"t-={forms[at - 3]}|{forms[at - 2]}|{forms[at - 1]}")
    found.append(f"t0={forms[at - 1]}|{forms[at]}|{forms[at + 1]}")
    found.append(f"t+={forms[at + 1]}|{forms[at + 2]}|{forms[at + 3]}")
    found.append(f"h={facts[at - 1]}|{facts[at]}|{facts[at + 1]}")
    found.append(f"c={forms[at - 1]}|{facts[at]}|{forms[at + 1]}")
    return found


def _facts(text: str, cut: Sequence[Unit]) -> list[str]:
    """Return what the lists and the dictionary know of each unit, in a few letters."""
    morphemes = _morphemes(text) if any(unit.kind == "H" for unit in cut) else {}
    names = load_latin_names()
    has_capitals = any(char.isupper() for char in text)
    facts = []
    for unit in cut:
        if unit.kind == "H":
            facts.append("H" + morphemes.get(unit.start, "?"))
        elif unit.kind == "L":
            facts.append("L" + _latin(text[unit.start : unit.end], names, has_capitals=has_capitals))
        else:
            facts.append(unit.kind if unit.kind != "S" else f"S{unit.form}")
    return facts


def _latin(word: str, names: LatinNames, *, has_capitals: bool) -> str:
    lowered = word.lower()
    shape = "x" if word.islower() else "X" if word.isupper() and len(word) > 1 else "Xx"
    is_korean = "k" if lowered in names.korean_surnames else ""
    is_frequent = "f" if lowered in names.frequent else ""
    return f"{shape if has_capitals else '-'}{int(names.kind(word))}{is_korean}{is_frequent}{min(len(word), 3)}"


def _morphemes(text: str) -> dict[int, str]:
    """Return the dictionary's reading by place: tag, place within the morpheme, its length, whether it is a guess."""
    found: dict[int, str] = {}
    for token in load_kiwi().tokenize(text[:_MAX_KIWI]):
        guess = "" if token.base_form else "!"
        for offset in range(token.len):
            found[token.start + offset] = f"{token.tag}{min(offset, 3)}{min(token.len, 4)}{guess}"
    return found


def _words(text: str, cut: Sequence[Unit]) -> list[list[str]]:
    """Return for each unit what its word looks like as a Korean name, and the words before and after."""
    found: list[list[str]] = [[] for _ in cut]
    starts = [i for i, unit in enumerate(cut) if _begins(cut, i)]
    spans = [(start, end) for start, end in zip(starts, [*starts[1:], len(cut)], strict=True)]
    texts = ["".join(unit.form for unit in cut[start:end]) for start, end in spans]
    for nth, (start, end) in enumerate(spans):
        word = texts[nth]
        before = texts[nth - 1] if nth else "<"
        after = texts[nth + 1] if nth + 1 < len(spans) else ">"
        looks = _looks(word) if cut[start].kind == "H" else ""
        for place in range(start, end):
            offset = min(place - start, 5)
            found[place] = [
                f"wb={before[-3:]}|{offset}",
                f"wB={before[:4]}|{offset}",
                f"wa={after[:3]}|{offset}",
                f"wn={min(end - start, 6)}|{offset}",
                f"wl={looks}|{offset}",
                f"wr={word[offset + 1 : offset + 4] if cut[start].kind == 'H' else ''}",
            ]
            if cut[start].kind == "H":
                found[place] += [f"w{n}={_size_look(word[:n])}|{offset}" for n in (2, 3, 4)]
                found[place].append(f"lr={looks}|{word[3:6]}|{offset}")
    return found


def _begins(cut: Sequence[Unit], i: int) -> bool:
    return i == 0 or cut[i].is_first or (cut[i].kind == "H") != (cut[i - 1].kind == "H") or cut[i].kind in "SC"


@lru_cache(maxsize=16_384)
def _size_look(start: str) -> str:
    """Return how much the beginning of a word looks like a name: a surname, its frequency, known syllables."""
    names = load_korean_names()
    book = names.book
    size = 2 if start[:2] in book.surnames and len(start) > 2 else 1 if start[:1] in book.surnames else 0
    given = start[size:]
    rank = min(int(book.surnames.get(start[:size], 0)).bit_length(), 9) if size else 0
    is_given = "g" if given in names.given else ""
    is_plain = "p" if given and given[-1:] in book.last and (len(given) == 1 or given[0] in book.first) else ""
    is_alone = "a" if start in names.given else ""
    is_other = "n" if start in book.not_names else ""
    return f"{size}{rank}{is_given}{is_plain}{is_alone}{is_other}"


@lru_cache(maxsize=16_384)
def _looks(word: str) -> str:
    names = load_korean_names()
    return "".join(f"{names.plausibility(word[:n]):.1f}" for n in (2, 3, 4) if len(word) >= n)
