"""How well conversations are read: scores per class of every kind of fact, from labelled conversations (JSON lines)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from hub.errors import Misconfigured
from hub.ports import CallReader
from hub.records import CallFact, Record, Transcript, Turn
from nlp.evaluate import Scores, score_sets

LABEL_KINDS = ("intent", "life_event", "complaint", "product", "competitor", "churn_cue", "fraud_cue")
DATED_KINDS = ("promise", "follow_up")
TURN_KINDS = ("issue", "outcome", "action_item")
TURN_MS = 4_000


class LabelledTurn(Record, frozen=True, kw_only=True):
    """One turn as written by hand; ``fact`` names an issue, outcome or action item that it states."""

    role: str
    text: str
    sentiment: str = ""
    fact: str = ""


class LabelledCall(Record, frozen=True, kw_only=True):
    """One conversation with what it says; labels in ``may`` count neither as right nor as wrong."""

    call_id: str
    language: str
    started: datetime
    turns: tuple[LabelledTurn, ...]
    labels: dict[str, tuple[str, ...]]
    may: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)

    @property
    def started_ms(self) -> int:
        """Start of the call, epoch milliseconds."""
        return int(self.started.timestamp() * 1_000)

    def transcript(self) -> Transcript:
        """Return the conversation as a recogniser would hand it over, turns of four seconds."""
        turns = tuple(
            Turn(turn_id=i, role=turn.role, text=turn.text, start_ms=i * TURN_MS, end_ms=(i + 1) * TURN_MS)
            for i, turn in enumerate(self.turns)
        )
        length = len(turns) * TURN_MS
        return Transcript(
            call_id=self.call_id, language=self.language, duration_ms=length, model="labelled", turns=turns
        )


class CallScores(Record, frozen=True, kw_only=True):
    """What ``hub nlp eval`` shows: scores by kind; dates are right when the day is, sentiment is per labelled turn."""

    kinds: dict[str, Scores]
    calls: int
    version: str


def read_calls(path: Path) -> list[LabelledCall]:
    """Read labelled conversations.

    Raises:
        Misconfigured: there is no such file, or a line is no labelled conversation.
    """
    return list(read_json_lines(path, LabelledCall))


def read_json_lines(path: Path, shape: type[Any]) -> Iterator[Any]:
    """Yield the records of a labelled file. Raises Misconfigured, which names the line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        raise Misconfigured(f"There is no file {path}", reason="no_such_file") from None
    except UnicodeDecodeError:
        raise Misconfigured(f"{path.name} is not UTF-8", reason="bad_labelled_file") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield msgspec.convert(json.loads(line), shape)
        except (ValueError, msgspec.ValidationError) as error:
            raise Misconfigured(f"{path.name}, line {number}: {error}", reason="bad_labelled_file") from None


def evaluate_calls(reader: CallReader, calls: Sequence[LabelledCall]) -> CallScores:
    """Score a call reader on labelled conversations. Kinds that no conversation is labelled with are left out."""
    found = [reader.facts(call.transcript(), call.started_ms) for call in calls]
    kinds: dict[str, Scores] = {}
    for kind in (*LABEL_KINDS, *DATED_KINDS):
        if any(call.labels.get(kind) for call in calls):
            truth = [set(call.labels.get(kind, ())) for call in calls]
            said = [
                _said(kind, facts) - (set(call.may.get(kind, ())) - set(call.labels.get(kind, ())))
                for call, facts in zip(calls, found, strict=True)
            ]
            kinds[kind] = score_sets(*_as_days(truth, said)) if kind in DATED_KINDS else score_sets(truth, said)
    kinds["sentiment"] = score_sets(*_moods(calls, found))
    kinds["sentences"] = score_sets(*_sentences(calls, found))
    return CallScores(kinds=kinds, calls=len(calls), version=reader.version)


def _said(kind: str, facts: Iterable[CallFact]) -> set[str]:
    of_kind = [fact for fact in facts if fact.kind == kind]
    return {fact.value for fact in of_kind if fact.value} if kind in DATED_KINDS else {fact.label for fact in of_kind}


def _as_days(truth: Sequence[set[str]], said: Sequence[set[str]]) -> tuple[list[set[str]], list[set[str]]]:
    """Return one class for every right day, so that days are counted as one class and confusions still show them."""
    both = [(wanted & given, wanted - given, given - wanted) for wanted, given in zip(truth, said, strict=True)]
    wanted_days = [{"day"} if right or missed else set() for right, missed, _ in both]
    given_days = [{"day"} if right and not false else {"other day"} if false else set() for right, _, false in both]
    return wanted_days, given_days


def _moods(calls: Sequence[LabelledCall], found: Sequence[Sequence[CallFact]]) -> tuple[list[set[str]], list[set[str]]]:
    truth, said = [], []
    for call, facts in zip(calls, found, strict=True):
        heard = {fact.turn_id: fact.label for fact in facts if fact.kind == "sentiment"}
        for number, turn in enumerate(call.turns):
            if turn.sentiment:
                truth.append({turn.sentiment})
                said.append({heard.get(number, "NEUTRAL")})
    return truth, said


def _sentences(
    calls: Sequence[LabelledCall], found: Sequence[Sequence[CallFact]]
) -> tuple[list[set[str]], list[set[str]]]:
    """Return for every turn which of issue, outcome and action item it was said and read to state."""
    truth, said = [], []
    for call, facts in zip(calls, found, strict=True):
        for number, turn in enumerate(call.turns):
            truth.append({turn.fact} if turn.fact else set())
            said.append({fact.kind for fact in facts if fact.turn_id == number and fact.kind in TURN_KINDS})
    return truth, said
