"""Lexicon and rules of conversations, read from the data files once per process."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from nlp import data_files
from nlp.insights.lexicon import Lexicon
from nlp.insights.rules import Rule, parse_rule

FILES = {"intent": "intents", "life_event": "life_events", "complaint": "complaints", "cue": "cues"}


class Label(msgspec.Struct, frozen=True):
    """One label of a kind of fact, the rules that give it and the labels it wins over."""

    name: str
    rules: tuple[Rule, ...]
    over: frozenset[str]
    description: dict[str, str]


class InsightKnowledge(msgspec.Struct, frozen=True):
    """What the call reader knows."""

    lexicon: Lexicon
    labels: dict[str, tuple[Label, ...]]
    products: dict[str, str]
    complaint_signs: tuple[Rule, ...]
    complaint_fallback: str


@lru_cache(maxsize=1)
def load_insights() -> InsightKnowledge:
    """Read the data files.

    Raises:
        Misconfigured: a rule names a concept that concepts.yaml lacks.
    """
    concepts = data_files.load("insights/concepts.yaml")
    products = data_files.load("insights/products.yaml")["products"]
    known = {*concepts["ko"], *concepts["en"]}
    complaints = data_files.load("insights/complaints.yaml")
    named = {f"product:{name}": body for name, body in products.items()}
    return InsightKnowledge(
        lexicon=Lexicon(
            {**concepts["ko"], **{name: body["ko"] for name, body in named.items()}},
            {**concepts["en"], **{name: body["en"] for name, body in named.items()}},
        ),
        labels={kind: _labels(file, known) for kind, file in FILES.items()},
        products={name: body["product_type"] for name, body in products.items()},
        complaint_signs=tuple(parse_rule(text, known, "complaints.yaml") for text in complaints["signs"]),
        complaint_fallback=complaints["fallback"],
    )


def _labels(file: str, known: set[str]) -> tuple[Label, ...]:
    document: dict[str, Any] = data_files.load(f"insights/{file}.yaml")
    return tuple(
        Label(
            name,
            tuple(parse_rule(text, known, f"{file}.yaml") for text in body["rules"]),
            frozenset(body.get("over", ())),
            body["description"],
        )
        for name, body in document["labels"].items()
    )
