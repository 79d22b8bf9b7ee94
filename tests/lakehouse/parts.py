"""Small real parts of the suite: a lineage and dead letters in memory, a transcriber of text files, a few rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import msgspec

from hub.errors import Permanent
from hub.ids import content_id
from hub.records import (
    CallFact,
    DeadLetter,
    Finding,
    LetterStatus,
    LineageRun,
    MemoFacts,
    Transcript,
    Turn,
)


class KeptLineage:
    """Runs in memory."""

    def __init__(self) -> None:
        self.kept: list[LineageRun] = []

    def save(self, run: LineageRun) -> None:
        self.kept.append(run)

    def runs(self, dataset: str | None = None, limit: int = 100) -> list[LineageRun]:
        wrote = [run for run in reversed(self.kept) if dataset is None or dataset in {o.name for o in run.outputs}]
        return wrote[:limit]


class KeptLetters:
    """Dead letters in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, DeadLetter] = {}

    def add(self, letters: Sequence[DeadLetter]) -> int:
        new = [letter for letter in letters if letter.letter_id not in self.kept]
        self.kept |= {letter.letter_id: letter for letter in new}
        return len(new)

    def list(
        self, *, feed: str | None = None, status: LetterStatus | None = None, limit: int = 1000
    ) -> list[DeadLetter]:
        return list(self.kept.values())[:limit]

    def get(self, letter_id: str) -> DeadLetter:
        return self.kept[letter_id]

    def mark(self, letter_id: str, status: LetterStatus, note: str) -> None:
        self.kept[letter_id] = msgspec.structs.replace(self.kept[letter_id], status=status, status_note=note)


class ScriptTranscriber:
    """Reads "recordings" that are lines of ``ROLE text``; anything else is no recording."""

    def __init__(self, model: str = "script-1") -> None:
        self.model = model
        self.heard: list[str] = []

    def transcribe(self, path: Path, *, call_id: str, roles: Sequence[str], language: str | None = None) -> Transcript:
        self.heard.append(call_id)
        raw = path.read_bytes()
        if not raw.startswith(tuple(role.encode() for role in roles)):
            raise Permanent("The recording has no decodable stream", reason="bad_audio", call=call_id)
        turns = []
        for number, line in enumerate(raw.decode().splitlines()):
            role, _, text = line.partition(" ")
            turns.append(
                Turn(
                    turn_id=number,
                    role=role,
                    text=text,
                    start_ms=number * 1_000,
                    end_ms=number * 1_000 + 900,
                    confidence=0.9,
                )
            )
        return Transcript(
            call_id=call_id,
            language=language or "ko",
            duration_ms=len(turns) * 1_000,
            model=self.model,
            turns=tuple(turns),
        )


class WordReader:
    """A fact for each known word."""

    WORDS: ClassVar = {
        "결혼": ("life_event", "marriage"),
        "대출": ("intent", "loan_enquiry"),
        "불만": ("complaint", "service"),
    }

    def __init__(self, version: str = "words-1") -> None:
        self.version = version

    def facts(self, transcript: Transcript, started_ms: int | None = None) -> list[CallFact]:
        return [
            CallFact(
                kind=kind,
                label=label,
                turn_id=turn.turn_id,
                role=turn.role,
                sentence=DigitRedactor().redact(turn.text, "ko"),
                start_ms=turn.start_ms,
                end_ms=turn.end_ms,
                confidence=0.8,
                decided_by=f"word {word}",
            )
            for turn in transcript.turns
            for word, (kind, label) in self.WORDS.items()
            if word in turn.text
        ]


class DigitRedactor:
    """Masks words with four digits or more in a row."""

    def find(self, text: str, language: str) -> list[Finding]:
        return []

    def redact(self, text: str, language: str) -> str:
        words = text.split(" ")
        return " ".join("[NUMBER]" if sum(c.isdigit() for c in word) > 3 else word for word in words)


class DigitFinder(DigitRedactor):
    """Finds runs of seven digits, hyphens between them or not."""

    def find(self, text: str, language: str) -> list[Finding]:
        return [
            Finding(kind="NUMBER", start=m.start(), end=m.end(), score=1.0, detector="digits")
            for m in re.finditer(r"\d(?:-?\d){6,}", text)
        ]


class PrefixParser:
    """The category is the memo's first word; counts how often each text is read."""

    def __init__(self, version: str = "prefix-1") -> None:
        self.version = version
        self.read: list[str] = []

    def parse(self, memos: Sequence[str]) -> list[MemoFacts]:
        self.read += memos
        return [
            MemoFacts(
                category=memo.split(" ")[0] or "other",
                brand=memo.split(" ")[1] if memo.startswith("cafe ") else None,
                life_event="moving" if "이사" in memo and self.version != "no-moves" else None,
                confidence=1.0,
                decided_by="prefix",
                redacted_memo=memo.replace("김철수", "[NAME]"),
            )
            for memo in memos
        ]


def provenance(dataset: str, number: int) -> dict[str, object]:
    """Return where a row of a test came from."""
    return {"dataset": dataset, "object": f"raw/{dataset}", "offset": number, "start_ms": None, "end_ms": None}


def log_row(number: int, event_type: str, at_ms: int, **fields: object) -> dict[str, object]:
    """Return a row of bronze.log_lines."""
    return {
        "message_id": f"m{number}",
        "type": event_type,
        "channel": "web",
        "event_time_ms": at_ms,
        "received_time_ms": at_ms + 5,
        "customer_no": None,
        "anonymous_id": None,
        "properties": {},
        "content_hash": content_id(number),
        "provenance": provenance("logs", number),
    } | fields


def memo_row(number: int, account: str, memo: str, at_ms: int, **fields: object) -> dict[str, object]:
    """Return a row of bronze.memos."""
    return {
        "txn_id": f"t{number}",
        "account_no": account,
        "customer_no": None,
        "posted_ms": at_ms,
        "amount": 4_500,
        "currency": "KRW",
        "direction": "out",
        "method": "card",
        "memo": memo,
        "balance": 100_000 - number,
        "content_hash": content_id(number, memo),
        "provenance": provenance("memos", number),
    } | fields


def master_row(table: str, key: str, **values: str) -> dict[str, object]:
    """Return a row of bronze.master_rows."""
    return {
        "table": table,
        "key": key,
        "values": values,
        "content_hash": content_id(table, key, str(sorted(values.items()))),
        "provenance": provenance(table, 0),
    }


def call_row(call_id: str, object_key: str, at_ms: int, **fields: object) -> dict[str, object]:
    """Return a row of bronze.calls."""
    return {
        "call_id": call_id,
        "object_key": object_key,
        "content_hash": content_id(call_id, object_key),
        "started_ms": at_ms,
        "direction": "inbound",
        "customer_no": None,
        "phone": None,
        "agent_id": "a1",
        "language": "ko",
        "channel_roles": ["AGENT", "CUSTOMER"],
        "recording_consent": True,
        "provenance": provenance("calls", 0),
    } | fields
