"""Personal data that only the conversation gives away: what is said right after somebody asked for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import yaml

from hub.records import Turn
from stt.normalisation.pipeline import family_of

TURNS_BEFORE = 3
MAX_GAP_MS = 30_000
BESIDE_CHARS = 20


class Answer(NamedTuple):
    """A turn's text[start:end] answers a question for something personal."""

    turn_id: int
    start: int
    end: int
    kind: str


class _Question(NamedTuple):
    kind: str
    asked: re.Pattern[str]
    answer: re.Pattern[str]
    beside: re.Pattern[str]
    always: re.Pattern[str]


@cache
def _questions(family: str) -> tuple[_Question, ...]:
    text = resources.files("stt").joinpath("asked_for.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)[family]
    return tuple(
        _Question(
            kind,
            re.compile("|".join(re.escape(ask) for ask in spec["asks"]), re.IGNORECASE),
            re.compile(spec["answer"], re.IGNORECASE),
            re.compile(spec.get("beside", r"(?!)"), re.IGNORECASE),
            re.compile(spec.get("always", r"(?!)")),
        )
        for kind, spec in data.items()
    )


def answers(turns: Sequence[Turn], language: str) -> Iterator[Answer]:
    """Yield what in each turn answers a question of the same turn or of one of the three before it."""
    family = family_of(language)
    if family is None:
        return
    for index, turn in enumerate(turns):
        near = turns[max(0, index - TURNS_BEFORE) : index]
        before = [t.text for t in near if turn.start_ms - t.end_ms <= MAX_GAP_MS and t.role != turn.role]
        for question in _questions(family):
            asked_before = any(question.asked.search(text) for text in before)
            for start, end in _places(question, turn.text, asked_before=asked_before):
                yield Answer(turn.turn_id, start, end, question.kind)


def _places(question: _Question, text: str, *, asked_before: bool) -> Iterator[tuple[int, int]]:
    here = question.asked.search(text)
    group = "it" if "it" in question.answer.groupindex else 0
    for match in question.answer.finditer(text):
        if asked_before or (here is not None and match.start() >= here.start()):
            yield match.span(group)
    for match in question.always.finditer(text):
        yield match.span("it" if "it" in question.always.groupindex else 0)
    for asked in question.asked.finditer(text):
        for match in question.beside.finditer(text, asked.end(), asked.end() + 2 * BESIDE_CHARS):
            if match.start() <= asked.end() + BESIDE_CHARS:
                yield match.span()
