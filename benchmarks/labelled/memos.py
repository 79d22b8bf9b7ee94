"""Held-out labelled memos: ``python -m benchmarks.labelled.memos > memos.csv`` writes the same file every time.

The templates (memos.yaml, beside) were written as a bank's statements look before the parser was measured on them. A hash
of the shop or template puts each into one of two parts: mistakes on the ``open`` part were read while rules were
improved; of the ``closed`` part only the scores were ever looked at. The bar is held on the closed part.
"""

from __future__ import annotations

import csv
import hashlib
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, TextIO

import yaml

TEMPLATES = Path(__file__).with_name("memos.yaml")
SEED, PER_CLASS = 20_260_101, 70
PARTS = ("open", "closed")
KINDS = {"m": "merchant", "i": "institution", "e": "employer", "p": "person"}
_PARTY = re.compile(r"<([miep]):(?:([^<>=]+)=)?([^<>]+)>")
_SLOT = re.compile(r"\{(\w+)\}")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_LEGAL = ("(주){}", "{}(주)", "㈜{}", "주식회사{}", "{} 주식회사", "{}", "{}")


class LabelledMemo(NamedTuple):
    """One memo with its truth; empty means that the memo names none."""

    memo: str
    category: str
    counterparty: str
    kind: str
    life_event: str
    period: str
    instalment: str
    template: str
    part: str


def write_memos(out: TextIO, *, seed: int = SEED, per_class: int = PER_CLASS) -> int:
    """Write the benchmark as CSV; returns how many memos."""
    rows = list(labelled_memos(seed=seed, per_class=per_class))
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(LabelledMemo._fields)
    writer.writerows(rows)
    return len(rows)


def labelled_memos(
    *, seed: int = SEED, per_class: int = PER_CLASS, parts: Sequence[str] = PARTS
) -> Iterator[LabelledMemo]:
    """Yield up to ``per_class`` distinct memos of every category and part, the same for the same seed."""
    document = yaml.safe_load(TEMPLATES.read_text(encoding="utf-8"))
    for category, body in document["categories"].items():
        for part in parts:
            writer = _Writer(Random(f"{seed}:{category}:{part}"), document, part)
            seen: set[str] = set()
            for template in writer.templates(body, tries=per_class * 6):
                row = writer.fill(template, category, body.get("life", ""))
                if len(seen) < per_class and row.memo not in seen:
                    seen.add(row.memo)
                    yield row


def part_of(text: str) -> str:
    """Return the part a shop's name or a template belongs to."""
    return PARTS[hashlib.blake2b(text.encode(), digest_size=1).digest()[0] % 2]


def _printed(shop: str) -> str:
    """Return a shop as it is printed: ``NETFLIX=NETFLIX.COM => label`` is NETFLIX.COM."""
    return shop.partition(" => ")[0].rpartition("=")[2]


class _Writer:
    """Fills templates and spoils some of what comes out, as banks and people do."""

    def __init__(self, random: Random, document: dict[str, Any], part: str) -> None:
        self._random = random
        self._part = part
        self._slots = document["slots"]
        self._lists = document["lists"]
        self._frames = document["frames"]

    def templates(self, body: dict[str, Any], tries: int) -> Iterator[str]:
        """Yield templates: shops in frames three times out of four where a category has both."""
        own = [text for text in body.get("memos") or () if part_of(text) == self._part]
        shops = [("korean", name) for name in body.get("merchants", ()) if part_of(_printed(name)) == self._part]
        shops += [("english", name) for name in body.get("english", ()) if part_of(_printed(name)) == self._part]
        for _ in range(tries if own or shops else 0):
            if own and (not shops or self._random.random() < 0.25):
                yield self._random.choice(own)
            else:
                frame, shop = self._random.choice(shops)
                name, _, life = shop.partition(" => ")
                yield self._random.choice(self._frames[frame]).replace("{x}", name) + (f" => {life}" if life else "")

    def fill(self, template: str, category: str, life: str) -> LabelledMemo:
        """Return a memo of the template with what it says."""
        body, _, label = template.partition("=>")
        label = label.strip() or life
        truth = {"period": "", "instalment": ""}
        text = _SLOT.sub(lambda slot: self._slot(slot[1], truth), body.strip())
        party = _PARTY.search(text)
        name = (party[2] or party[3]) if party else ""
        kind = KINDS[party[1]] if party else ""
        text = _PARTY.sub(lambda match: match[3], text)
        memo = self._spoil(text, party[3] if party else "", truth)
        return LabelledMemo(
            memo, category, name, kind, label, truth["period"], truth["instalment"], template, self._part
        )

    def _slot(self, slot: str, truth: dict[str, str]) -> str:
        random = self._random
        if slot in self._lists:
            return str(random.choice(self._lists[slot]))
        match slot:
            case "person":
                return random.choice(self._slots["surname"]) + random.choice(self._slots["given"])
            case "co":
                company = random.choice(self._slots["company"])
                return f"{company}={random.choice(_LEGAL).format(company)}"
            case "branch":
                return f"{random.choice(self._slots['town'])}{random.choice(self._slots['ordinal'])}점"
            case "month" | "month2" | "ym":
                month, year = random.randint(1, 12), random.randint(25, 26)
                truth["period"] = f"20{year}-{month:02d}" if slot == "ym" else f"{month:02d}"
                styles = (f"{year}년{month}월", f"20{year}.{month:02d}", f"20{year}년 {month}월")
                return {"month": str(month), "month2": _MONTHS[month - 1], "ym": random.choice(styles)}[slot]
            case "inst":
                of = random.choice((12, 24, 36, 60, 120))
                nth = random.randint(1, of)
                truth["instalment"] = f"{nth}/{of}"
                return random.choice((f"{nth}/{of}", f"{nth}/{of}", f"{nth}/{of}회", f"({nth}/{of})"))
            case "round":
                nth = random.randint(2, 60)
                truth["instalment"] = str(nth)
                return random.choice((f"{nth}회", f"{nth}회차", f"제{nth}회"))
            case _:
                return self._number(slot)

    def _number(self, slot: str) -> str:
        random = self._random
        month, day = random.randint(1, 12), random.randint(1, 28)
        if slot in self._slots:
            return str(random.choice(self._slots[slot]))
        return {
            "year": str(random.choice((2024, 2025))),
            "term": str(random.randint(1, 2)),
            "terminal": str(random.randint(1_000, 99_999)),
            "amount": str(random.randint(5, 900) * 100),
            "room": str(random.randint(1, 15) * 100 + random.randint(1, 8)),
            "apt_unit": f"{random.randint(101, 118)}동{random.randint(2, 20) * 100 + random.randint(1, 4)}호",
            "loan_no": f"{random.randint(100, 999)}-{random.randint(10, 99)}",
            "md": f"{month:02d}/{day:02d}",
            "mdx": f"{month}/{day}",
            "mmdd": f"{month:02d}{day:02d}",
            "gibberish": "".join(random.choice("ㅁㄴㅇㅂQXZKJVㅋ") for _ in range(random.randint(2, 5))),
        }[slot]

    def _spoil(self, text: str, written: str, truth: dict[str, str]) -> str:
        """Return the memo as a bank might print it; a cut one keeps the name, or seven letters of it, not the rest."""
        random, dice = self._random, self._random.random()
        if dice < 0.08:
            text = text.replace(" ", "")
        elif dice < 0.12:
            text = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)
        elif dice < 0.16:
            text = text.lower() if text.isascii() else text.replace(" ", "  ")
        elif dice < 0.20 and text.isascii() and len(text) > 22 and text.find(written) + min(len(written), 7) <= 22:
            text, truth["instalment"], truth["period"] = text[:22].rstrip(), "", ""
        elif dice < 0.24 and not text.isascii() and len(text) > 10 and text.find(written) + len(written) <= 10:
            text = text[: random.randint(10, len(text) - 1)].rstrip()
            truth["instalment"] = truth["period"] = ""
        elif dice < 0.27 and len(text) > 5:
            place = random.randint(1, len(text) - 1)
            text = f"{text[:place]} {text[place:]}" if not text.isascii() else text
        return text


if __name__ == "__main__":
    write_memos(sys.stdout)
