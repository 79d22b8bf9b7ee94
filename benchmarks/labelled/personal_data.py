"""Two thousand labelled sentences with personal data and hard negatives: ``python -m benchmarks.labelled.personal_data``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import yaml

from benchmarks.labelled.values import is_personal, value_of

HERE = Path(__file__).parent
SPLITS = ("development", "validation", "held_out")
CASES, HARD_NEGATIVES = 2_000, 500
KOREAN_SHARE = 0.7
_SLOT = re.compile(r"\{(\w+)\}")
# The particles that follow a value in the templates, as they sound after a consonant and after a vowel.
_PARTICLES = (("이라고", "라고"), ("이라는", "라는"), ("이에요", "예요"), ("이고요", "고요"), ("이고", "고"), ("입니다", "입니다"), ("으로", "로"), ("이요", "요"), ("이네요", "네요"))  # fmt: skip


def cases(split: str) -> Iterator[dict[str, Any]]:
    """Yield the cases of one of ``SPLITS``; each is its own seed, so that adding one moves no other."""
    templates = yaml.safe_load((HERE / "templates" / f"personal_data_{split}.yaml").read_text(encoding="utf-8"))
    kinds = list(templates["sentences"]["ko"])
    for number in range(CASES):
        dice = Random(f"{split}-{number}")
        language = "ko" if dice.random() < KOREAN_SHARE else "en"
        if number < CASES - HARD_NEGATIVES:
            sentences = templates["sentences"][language][kinds[number % len(kinds)]]
        else:
            sentences = templates["hard_negatives"][language]
        yield {"language": language, **_filled(dice.choice(sentences), dice, language, templates["words"])}


def _filled(sentence: str, dice: Random, language: str, words: dict[str, list[str]]) -> dict[str, Any]:
    """Return the sentence with values for its slots, and where personal data lies: [kind, start, end]."""
    text, done = "", 0
    spans: list[Sequence[str | int]] = []
    for slot in _SLOT.finditer(sentence):
        text += sentence[done : slot.start()]
        value = value_of(slot[1], dice, language, words)
        if is_personal(slot[1]):
            spans.append([slot[1], len(text), len(text) + len(value)])
        text += value
        rest = sentence[slot.end() :]
        particle = next((pair for pair in _PARTICLES if rest.startswith(pair)), None)
        done = slot.end() + (len(next(p for p in particle if rest.startswith(p))) if particle else 0)
        text += particle[0 if _ends_in_consonant(value) else 1] if particle else ""
    return {"text": text + sentence[done:], "spans": spans}


def _ends_in_consonant(value: str) -> bool:
    last = value[-1]
    if "가" <= last <= "힣":
        return (ord(last) - 0xAC00) % 28 > 0
    return last in "013678lmnr"


def write(split: str, path: Path) -> None:
    """Write the cases as JSON lines."""
    lines = (json.dumps(case, ensure_ascii=False) for case in cases(split))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Write the sets beside this file."""
    for split in SPLITS:
        write(split, HERE / f"personal_data_{split}.jsonl")


if __name__ == "__main__":
    main()
