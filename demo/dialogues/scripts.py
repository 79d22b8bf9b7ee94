"""Conversations from scripts: which sentences, by whom, in which order, and what they are about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from random import Random
from typing import Any

import yaml

from demo.dialogues.grammar import Sentence, grammar
from demo.dialogues.unit import Facts
from hub.errors import Misconfigured

ROLES = {"A": "AGENT", "C": "CUSTOMER"}
LIFE_EVENT_SCRIPTS = {
    "marriage": "loan_marriage",
    "moving": "loan_moving",
    "birth": "loan_birth",
    "study_abroad": "loan_study_abroad",
    "job_change": "savings_job_change",
    "retirement": "deposit_retirement",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A turn of a script: who speaks, from which group of sentences, and whether it may be left out."""

    role: str
    group: str
    is_optional: bool


@dataclass(frozen=True, slots=True)
class Script:
    """A kind of conversation and what it is about."""

    name: str
    steps: tuple[Step, ...]
    intents: tuple[str, ...]
    life_events: tuple[str, ...]
    is_complaint: bool


@dataclass(frozen=True, slots=True)
class ScriptTurn:
    """One sentence of a conversation and who says it."""

    role: str
    sentence: Sentence


def converse(script: Script, language: str, random: Random, facts: Facts) -> list[ScriptTurn]:
    """Return a conversation that follows a script.

    Args:
        script: what to talk about.
        language: ``ko`` or ``en``; turns it has no sentences for are left out.
        random: draws sentences and optional turns.
        facts: what is known of the customer and the agent, by slot name.
    """
    source = grammar(language)
    turns: list[ScriptTurn] = []
    for step in script.steps:
        if step.is_optional and random.random() < 0.5:
            continue
        if step.group in source.groups:
            turns.append(ScriptTurn(ROLES[step.role], source.draw(random, facts, step.group)))
    return turns


@cache
def load_scripts() -> dict[str, Script]:
    """Return all call scripts by name, read from the data file on first use.

    Raises:
        Misconfigured: a turn names a group that the Korean sentences do not have.
    """
    text = resources.files("demo.dialogues").joinpath("scripts.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return {name: _script(name, body, data["blocks"]) for name, body in data["scripts"].items()}


def _script(name: str, body: dict[str, Any], blocks: dict[str, list[str]]) -> Script:
    lines = [line for turn in body["turns"] for line in (blocks[turn[1:]] if turn.startswith("@") else [turn])]
    return Script(
        name=name,
        steps=tuple(_step(name, line) for line in lines),
        intents=tuple(body.get("intents", ())),
        life_events=tuple(body.get("life_events", ())),
        is_complaint=bool(body.get("is_complaint", False)),
    )


def _step(script: str, line: str) -> Step:
    role, group = line.removeprefix("~").split(" ")
    if group not in grammar("ko").groups:
        raise Misconfigured(f"Call script {script} names unknown sentences {group}", reason="unknown_sentences")
    return Step(role, group, line.startswith("~"))
