"""Lexicon and rules of conversations, read from the data files once per process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from nlp import data_files
from nlp.insights.lexicon import Lexicon
from nlp.insights.rules import Rule, parse_rule

FILES = {
    "intent": "intents",
    "life_event": "life_events",
    "complaint": "complaints",
    "churn_cue": "churn_cues",
    "fraud_cue": "fraud_cues",
    "outcome": "outcomes",
    "commitment": "commitments",
}
"""Kind of fact -> its file: a new label is a line in the file, a new kind a file and a line here."""


class Label(msgspec.Struct, frozen=True):
    """One label of a kind of fact, the rules that give it and the labels it wins over."""

    name: str
    rules: tuple[Rule, ...]
    over: frozenset[str]
    description: dict[str, str]


class Competitors(msgspec.Struct, frozen=True):
    """Names of competitors; ``unless`` one of these concepts is in the sentence, ``despite`` overrules that."""

    names: tuple[str, ...]
    unless: frozenset[str]
    despite: frozenset[str]


class InsightKnowledge(msgspec.Struct, frozen=True):
    """What the call reader knows."""

    lexicon: Lexicon
    labels: dict[str, tuple[Label, ...]]
    roles: dict[str, frozenset[str]]
    products: dict[str, str]
    competitors: Competitors
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
    competitors = data_files.load("insights/competitors.yaml")
    known = {*concepts["ko"], *concepts["en"]}
    complaints = data_files.load("insights/complaints.yaml")
    named = {f"product:{name}": body for name, body in products.items()}
    named |= {f"competitor:{name}": body for name, body in competitors["competitors"].items()}
    documents = {kind: data_files.load(f"insights/{file}.yaml") for kind, file in FILES.items()}
    return InsightKnowledge(
        lexicon=Lexicon(_words("ko", concepts, named), _words("en", concepts, named)),
        labels={kind: _labels(document, FILES[kind], known) for kind, document in documents.items()},
        roles={kind: frozenset(document.get("roles", ("CUSTOMER",))) for kind, document in documents.items()},
        products={name: body["product_type"] for name, body in products.items()},
        competitors=Competitors(
            tuple(competitors["competitors"]), frozenset(competitors["unless"]), frozenset(competitors["despite"])
        ),
        complaint_signs=tuple(parse_rule(text, known, "complaints.yaml") for text in complaints["signs"]),
        complaint_fallback=complaints["fallback"],
    )


def _words(language: str, concepts: Mapping[str, Any], named: Mapping[str, Any]) -> dict[str, list[str]]:
    return {**concepts[language], **{name: body[language] for name, body in named.items()}}


def _labels(document: Mapping[str, Any], file: str, known: set[str]) -> tuple[Label, ...]:
    return tuple(
        Label(
            name,
            tuple(parse_rule(text, known, f"{file}.yaml") for text in body["rules"]),
            frozenset(body.get("over", ())),
            body["description"],
        )
        for name, body in document["labels"].items()
    )
