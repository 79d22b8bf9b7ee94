"""What the memo pipeline knows, read from the data files once per process."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Set
from functools import lru_cache
from typing import Any

import msgspec

from hub.errors import Misconfigured
from nlp import data_files
from nlp.memos.cleaning import Cleaner
from nlp.memos.matching import WordIndex
from nlp.memos.nameless import CommonWords
from nlp.memos.taxonomy import ONLY_NAME, PRODUCT, bare_spelling, brand_lines, cue_rows, taxonomy
from nlp.person_names import NameBook, load_name_book

PURPOSE, SHOP = 63, 46
"""Strengths of cues: from PURPOSE on they say what for, from SHOP on what kind of shop, below they hint."""


class Brand(msgspec.Struct, frozen=True):
    """A merchant or an institution of the gazetteers."""

    name: str
    category: str
    kind: str
    source: str
    is_product: bool = False


class Cue(msgspec.Struct, frozen=True):
    """What a cue word says."""

    category: str
    strength: int
    party: str
    may_end: bool
    is_ending: bool = False
    """Ends other words too (대표이사, 한이자): counts only where a word begins, or right behind another known word."""


class Combination(msgspec.Struct, frozen=True):
    """Categories found together that mean a third; a brand's category and words of the memo may be asked for too."""

    all: frozenset[str]
    brands: frozenset[str]
    texts: re.Pattern[str] | None
    category: str

    def fits(self, brands: Set[str], text: str) -> bool:
        """Return whether a memo that has all categories has the brand and the words too."""
        if self.brands and self.brands.isdisjoint(brands):
            return False
        return self.texts is None or self.texts.search(text) is not None


class Signal(msgspec.Struct, frozen=True):
    """What announces one life event."""

    label: str
    not_categories: frozenset[str]
    categories: frozenset[str]


class Knowledge(msgspec.Struct, frozen=True):
    """Gazetteers, cues and taxonomy in the form the components use."""

    recurring: dict[str, bool]
    fallback: str
    cleaner: Cleaner
    brands: WordIndex[Brand]
    cues: WordIndex[Cue]
    shared: frozenset[str]
    combinations: tuple[Combination, ...]
    parties: dict[str, str]
    signals: tuple[Signal, ...]
    signal_words: WordIndex[tuple[tuple[str, bool], ...]]
    names: NameBook
    not_branches: frozenset[str]
    regions: frozenset[str]
    places: re.Pattern[str]
    fillers: frozenset[str]
    not_prices: frozenset[str]
    branch_end: re.Pattern[str]
    us_tail: re.Pattern[str]
    organisation_tails: tuple[str, ...]
    common: CommonWords
    not_names: frozenset[str]
    city_codes: frozenset[str]
    surnames_first: frozenset[str]
    shared_notes: frozenset[str]


@lru_cache(maxsize=1)
def load_knowledge() -> Knowledge:
    """Read the data files.

    Raises:
        Misconfigured: a rule names a category that the taxonomy does not have.
    """
    leaves = taxonomy()
    rules = data_files.load("normalise.yaml")
    places = sorted({place for names in data_files.load("places.yaml")["places"].values() for place in names})
    return Knowledge(
        recurring={leaf: bool(body.get("recurring")) for leaf, body in leaves.items()},
        fallback=data_files.load("taxonomy.yaml")["fallback"],
        cleaner=Cleaner(rules),
        brands=WordIndex(_brands(leaves)),
        cues=WordIndex(_cues(leaves), is_suffix=lambda cue: cue.may_end),
        shared=frozenset(data_files.load("cues.yaml")["shared_between_people"]),
        combinations=tuple(_combinations(leaves)),
        parties=_parties(),
        signals=tuple(_signals(leaves)),
        signal_words=_signal_words(),
        names=load_name_book(),
        not_branches=frozenset(rules["not_branches"]),
        regions=frozenset(places),
        places=re.compile("|".join(sorted(places, key=len, reverse=True))),
        branch_end=_branch_end(places),
        us_tail=_us_tail(),
        fillers=frozenset(rules["fillers"]),
        not_prices=frozenset(rules["not_prices"]),
        organisation_tails=tuple(rules["organisation_tails"]),
        common=_common_words(rules, places),
        not_names=frozenset(rules["not_names"]),
        city_codes=frozenset(data_files.load("places.yaml")["us_city_codes"]),
        surnames_first=frozenset(rules["surnames_first"]),
        shared_notes=frozenset(rules["shared_notes"]),
    )


def _common_words(rules: dict[str, Any], places: list[str]) -> CommonWords:
    cues = cue_rows()
    purposes = [str(word) for row in cues if row["strength"] >= PURPOSE for word in row["words"]]
    channels = [word for words in rules["channels"].values() for word in words]
    generic = [*rules["generic"], *rules["fillers"], *channels]
    return CommonWords(generic, purposes, [str(word) for row in cues for word in row["words"]], places)


def _branch_end(regions: list[str]) -> re.Pattern[str]:
    places = "|".join(sorted(regions, key=len, reverse=True))
    return re.compile(rf"(?:{places})(?P<rest>[가-힣0-9A-Z]{{0,6}}점)?$")


def _us_tail() -> re.Pattern[str]:
    """Return what the card networks put behind a shop: BELLEVUE WA, SAN JOSE CA, SFO."""
    document = data_files.load("places.yaml")
    states, codes = "|".join(document["us_states"]), "|".join(document["us_city_codes"])
    starts = "|".join(sorted(document["us_city_starts"], key=len, reverse=True))
    city = rf"(?:(?:{starts})\s)?[A-Z]{{3,}}"
    return re.compile(rf"(?<=\S)\s(?P<branch>{city}\s(?:{states})|{codes})(?:\sUSA?)?$", re.IGNORECASE)


def _brands(leaves: dict[str, Any]) -> Iterator[tuple[str, Brand]]:
    for source, kind, category, line in brand_lines():
        _require(category, leaves, f"brands/{source}.yaml")
        names = [name.strip() for name in line.split("|")]
        name = bare_spelling(names[0])
        brand, product = Brand(name, category, kind, source), Brand(name, category, kind, source, is_product=True)
        for spelling in names:
            if not spelling.startswith(ONLY_NAME):
                yield spelling.removeprefix(PRODUCT), product if spelling.startswith(PRODUCT) else brand


def _cues(leaves: dict[str, Any]) -> Iterator[tuple[str, Cue]]:
    rows: list[tuple[str, Cue]] = []
    never = frozenset(data_files.load("cues.yaml")["never_suffix"])
    for row in cue_rows():
        _require(row["category"], leaves, "cues.yaml")
        strength, party = row["strength"], row["party"]
        for word in map(str, row["words"]):
            may_end = strength >= SHOP
            rows.append((word, Cue(row["category"], strength, party, may_end, is_ending=word in never)))
    yield from sorted(rows, key=lambda row: -row[1].strength)


def _signals(leaves: dict[str, Any]) -> Iterator[Signal]:
    for label, body in data_files.load("life_events.yaml")["signals"].items():
        for category in (*body["not_categories"], *body["categories"]):
            _require(category, leaves, "life_events.yaml")
        yield Signal(
            label,
            frozenset(body["not_categories"]),
            frozenset(body["categories"]),
        )


def _signal_words() -> WordIndex[tuple[tuple[str, bool], ...]]:
    """Return every signal word with the labels it speaks for (True) and against (False)."""
    says: dict[str, list[tuple[str, bool]]] = {}
    for label, body in data_files.load("life_events.yaml")["signals"].items():
        for word in body["words"]:
            says.setdefault(word, []).append((label, True))
        for word in body["not_words"]:
            says.setdefault(word, []).append((label, False))
    return WordIndex((word, tuple(labels)) for word, labels in says.items())


def _combinations(leaves: dict[str, Any]) -> Iterator[Combination]:
    for row in data_files.load("cues.yaml")["combinations"]:
        for category in (*row.get("all", ()), *row.get("brands", ()), row["category"]):
            _require(category, leaves, "cues.yaml")
        yield Combination(
            frozenset(row.get("all", ())),
            frozenset(row.get("brands", ())),
            re.compile("|".join(row["texts"])) if "texts" in row else None,
            row["category"],
        )


def _parties() -> dict[str, str]:
    """Return who usually is on the other side of each category: the party of most of its cue words."""
    found: dict[str, Counter[str]] = {}
    for row in cue_rows():
        found.setdefault(row["category"], Counter())[row["party"]] += len(row["words"])
    return {category: counts.most_common(1)[0][0] for category, counts in found.items()}


def _require(category: str, leaves: dict[str, Any], file: str) -> None:
    if category not in leaves:
        raise Misconfigured(
            f"nlp/data/{file} names category {category}, which taxonomy.yaml lacks", reason="bad_data_file"
        )
