"""Labelled memos to train on: those of a bank, and many made from gazetteers and cues with names nobody has seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import yaml

from nlp.memos.knowledge import PURPOSE, SHOP, load_knowledge
from nlp.memos.matching import is_hangul
from nlp.memos.name_words import MONEY_WORD, PURE
from nlp.memos.taxonomy import bare_spelling, brand_lines, cue_rows
from nlp.person_names import load_name_book

LEXICON = Path(__file__).with_name("lexicon.yaml")
_CARRIERS = ("prepaid", "transfer_own")
_LEGAL = ("(주){}", "{}(주)", "㈜{}", "주식회사{}", "{}", "{}", "{}")
_PURPOSE_FRAMES = (
    "{n}{c}", "{c}{n}", "{n} {c}", "{c} {n}", "{c}-{n}", "{n} {m}월{c}", "{n}{m}월{c}", "{m}월{c} {n}", "{c}({n})",
    "{n} {c} {k}회", "{c} {k}/{t} {n}", "{n}{c} {k}/{t}", "{n}({c})", "{y}년{c} {n}", "{c}", "{c} {m}월", "{m}월 {c}",
)  # fmt: skip
_ENGLISH_PURPOSE_FRAMES = (
    "{n} {c}",
    "{c} {n}",
    "ACH DEBIT {n} {c}",
    "{c}",
    "{n} {c} {d}",
    "{c} {n} {d}",
    "{n} DES:{c}",
)
_SHOP_FRAMES = (
    "{n}", "{n}{b}", "{n} {b}", "체크 {n}{b}", "국민체크 {n}", "{n}({p})", "(주){n}", "{n} {p}", "승인 {n} {b}", "{n}_{b}",
    "KB카드 {n}{b}", "{n}주식회사", "{n} 결제", "일시불 {n}{b}",
)  # fmt: skip
_ENGLISH_SHOP_FRAMES = (
    "{n}", "POS {d} {n} {u}", "{n} {d}", "{n} {u}", "PURCHASE {d} {n} {u}", "SQ *{n}", "VISA {n}", "{n} STORE {d}",
    "POS DEBIT {n}",
)  # fmt: skip


class Example(NamedTuple):
    """One memo as a bank prints it, its category, and its counterparty as written there (empty: none)."""

    memo: str
    category: str
    name: str


def bank_examples(rows: Sequence[Mapping[str, str]]) -> Iterator[Example]:
    """Yield the distinct labelled memos of a bank (columns memo, category, counterparty)."""
    seen: set[str] = set()
    for row in rows:
        if row["memo"] not in seen:
            seen.add(row["memo"])
            yield Example(row["memo"], row["category"], row.get("counterparty") or "")


class ExampleMaker:
    """Makes memos of every category, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._lexicon: dict[str, Any] = yaml.safe_load(LEXICON.read_text(encoding="utf-8"))
        self._book = load_name_book()
        self._places = sorted(load_knowledge().regions)

    @cached_property
    def _cues(self) -> list[dict[str, Any]]:
        return cue_rows()

    @cached_property
    def _brands(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for line in brand_lines():
            found.setdefault(line.category, []).extend(map(bare_spelling, line.line.split("|")))
        return found

    def make(self, per_category: int) -> Iterator[Example]:
        """Yield about so many memos of each category, a third of them spoiled, and memos that say nothing."""
        by_category: dict[str, list[dict[str, Any]]] = {}
        for row in self._cues:
            by_category.setdefault(row["category"], []).append(row)
        for category in sorted({*by_category, *self._brands}):
            for _ in range(per_category):
                yield self._spoiled(self._one(category, by_category.get(category, [])))
        for _ in range(per_category * 6):
            yield self._spoiled(self._nameless())

    def _one(self, category: str, rows: list[dict[str, Any]]) -> Example:
        random = self._random
        brands = self._brands.get(category, [])
        if brands and (not rows or random.random() < 0.35):
            name = random.choice(brands)
            frames = _SHOP_FRAMES if any(map(is_hangul, name)) else _ENGLISH_SHOP_FRAMES
            return self._filled(random.choice(frames), category, name, "")
        row = random.choice(rows)
        cue = str(random.choice(row["words"]))
        if row["strength"] >= PURPOSE or row["party"] in ("person", "none", "employer"):
            return self._purpose(category, cue, row["party"], brands)
        if row["strength"] >= SHOP:
            return self._shop(category, cue)
        return self._filled(random.choice(("{c}", "{c} {n}", "{n} {c}")), category, self._company(cue), cue)

    def _purpose(self, category: str, cue: str, party: str, brands: list[str]) -> Example:
        random = self._random
        korean = any(map(is_hangul, cue))
        frames = _PURPOSE_FRAMES if korean else _ENGLISH_PURPOSE_FRAMES
        if party in ("merchant", "institution") and category not in PURE and not MONEY_WORD.search(cue):
            return self._shop(category, cue)
        if party == "none":
            return self._filled(random.choice(("{c}", "{c} {d}", "{c} {m}월")), category, "", cue)
        if party == "person":
            name = self._person(korean=korean)
        elif party == "institution" and brands and random.random() < 0.5:
            name = random.choice([b for b in brands if any(map(is_hangul, b)) == korean] or brands)
        else:
            name = self._company(cue)
        return self._filled(random.choice(frames), category, name, cue)

    def _shop(self, category: str, cue: str) -> Example:
        random, lexicon = self._random, self._lexicon
        if any(map(is_hangul, cue)):
            head = str(random.choice(lexicon["shop_heads"]))
            if random.random() < 0.25:
                head += str(random.choice(lexicon["shop_heads"]))
            name = head + cue + (random.choice(lexicon["shop_tails"]) if random.random() < 0.15 else "")
            return self._filled(random.choice(_SHOP_FRAMES), category, name, "")
        name = f"{random.choice(lexicon['english_heads'])} {cue}"
        return self._filled(random.choice(_ENGLISH_SHOP_FRAMES), category, name, "")

    def _nameless(self) -> Example:
        """Return a memo whose name says nothing: a company, a person, numbers."""
        random, dice = self._random, self._random.random()
        if dice < 0.15:
            return self._filled("{n}", "other", self._company("가" if random.random() < 0.7 else "A"), "")
        if dice < 0.55:
            return self._stranger()
        if dice < 0.85:
            note = random.choice(("", "", random.choice(self._lexicon["korean_notes"])))
            frame = random.choice(("{n} {c}", "{n}{c}", "{c} {n}", "이체 {n}", "토스 {n}", "{n}님"))
            return self._filled(frame, "transfer_person", self._person(korean=random.random() < 0.85), note)
        text = "".join(random.choice("ㄱㄴㄷㅋㅎXQZJW0123456789-#") for _ in range(random.randint(1, 8)))
        return Example(random.choice((text, f"REF {text}", f"NO {text}", "기타", "미상")), "other", "")

    def _stranger(self) -> Example:
        """Return a shop whose name says nothing of what it sells."""
        random = self._random
        if random.random() < 0.5:
            syllables = sorted(self._book.first | self._book.last)
            name = "".join(random.choice(syllables) for _ in range(random.randint(2, 4)))
            return self._filled(random.choice(_SHOP_FRAMES), "other", name, "")
        name = "".join(random.choice("BCDFGKLMNPRSTVZ") + random.choice("AEIOU") for _ in range(random.randint(2, 4)))
        name += random.choice(("", "S", "N", "X", f" {random.choice(self._lexicon['english_heads'])}"))
        return self._filled(random.choice(_ENGLISH_SHOP_FRAMES), "other", name, "")

    def _filled(self, frame: str, category: str, name: str, cue: str) -> Example:
        random, lexicon = self._random, self._lexicon
        shown = name
        if "{c}" in frame and any(map(is_hangul, name)) and cue and random.random() < 0.3 and len(name) > 3:
            shown = random.choice(_LEGAL).format(name)
        place = random.choice(self._places)
        branch = f"{place}{random.choice(('', '', '', '역', '2호', '중앙', 'DT', '3호', '직영'))}점"
        city = f"{random.choice(lexicon['us_cities'])} {random.choice(('WA', 'CA', 'TX', 'FL', 'CO', 'OR'))}"
        text = frame.format(
            n=shown, c=cue, b=branch, p=place, u=city, d=random.randint(100, 99_999), m=random.randint(1, 12),
            k=random.randint(1, 24), t=random.choice((12, 24, 36)), y=random.randint(24, 26),
        )  # fmt: skip
        return Example(text.strip(), category, name if shown and shown in text else "")

    def _person(self, *, korean: bool) -> str:
        random, book = self._random, self._book
        if korean:
            surname = random.choices(list(book.surnames), list(book.surnames.values()))[0]
            return str(surname) + random.choice(sorted(book.first)) + random.choice(sorted(book.last))
        surnames = [*self._lexicon["english_surnames"], *(name.upper() for name in sorted(book.romanised_surnames))]
        return f"{random.choice(sorted(book.english_given)).upper()} {random.choice(surnames)}"

    def _company(self, cue: str) -> str:
        random, lexicon = self._random, self._lexicon
        if any(map(is_hangul, cue)):
            return str(random.choice(lexicon["company_heads"])) + str(random.choice(lexicon["company_tails"]))
        return f"{random.choice(lexicon['english_company_heads'])} {random.choice(lexicon['english_company_tails'])}"

    def _spoiled(self, example: Example) -> Example:
        """Return the memo cut short, without spaces, with one too many or in lower case, three times out of ten."""
        random, dice, text = self._random, self._random.random(), example.memo
        name_end = text.find(example.name) + len(example.name)
        if dice < 0.10:
            text = text.replace(" ", "")
        elif dice < 0.18 and len(text) > 8:
            text = text[: max(name_end, random.randint(7, len(text) - 1))]
        elif dice < 0.23 and len(text) > 4:
            place = random.randint(1, len(text) - 1)
            text = f"{text[:place]} {text[place:]}"
        elif dice < 0.27:
            text = text.lower()
        elif dice < 0.30 and len(text) > 5:
            place = random.randint(1, len(text) - 1)
            text = text[:place] + text[place + 1 :]
        return example._replace(memo=text)
