"""Put together one reading from what the components found."""

from __future__ import annotations

import re
from functools import lru_cache

from spacy.tokens import Doc

from nlp import data_files
from nlp.memos.categories import Verdict, categorise
from nlp.memos.cleaning import plain
from nlp.memos.knowledge import PURPOSE, Knowledge, load_knowledge
from nlp.memos.parties import Party, PartyReader
from nlp.memos.periods import find_instalment, find_period, mask_numbers
from nlp.memos.records import MemoReading

_REGULAR = re.compile(r"정기|매월|매달|자동이체|월분|회차|RECURRING|AUTOPAY|MONTHLY", re.IGNORECASE)
_TRANSFER = ("transfer",)


def decide(doc: Doc, knowledge: Knowledge) -> MemoReading:
    """Return the reading of one document."""
    memo = doc.user_data["memo"]
    text = memo.text
    verdict = categorise(doc._.mentions, doc._.cues, _combinations())
    party = _reader().read(
        text,
        verdict,
        doc._.mentions,
        doc._.cues,
        doc.user_data["nouns"],
        is_organisation=memo.is_organisation,
        by_transfer=memo.channel in _TRANSFER,
    )
    verdict = _with_person(verdict, party, knowledge)
    raw = plain(doc.user_data["raw"])
    period, _ = find_period(text)
    instalment, _ = find_instalment(raw, verdict.category)
    is_recurring = knowledge.recurring[verdict.category] or memo.channel == "auto_debit" or bool(_REGULAR.search(raw))
    return MemoReading(
        text=text,
        category=verdict.category,
        counterparty=party.name,
        counterparty_kind=party.kind,
        brand=party.brand,
        branch=party.branch,
        channel=memo.channel,
        period=period,
        instalment=instalment,
        life_event=_life_event(doc, verdict.category),
        is_recurring=is_recurring,
        recurrence_key=f"{verdict.category}:{party.name or ''}" if is_recurring else None,
        confidence=verdict.confidence,
        decided_by=verdict.decided_by,
        redacted_memo=_masked(raw, party),
    )


def _with_person(verdict: Verdict | None, party: Party, knowledge: Knowledge) -> Verdict:
    """Return the verdict: a person and no stronger word means money between people."""
    if party.kind == "person" and (verdict is None or verdict.category in ("transfer_own", "prepaid")):
        return Verdict("transfer_person", "rule:person", 0.72, "person")
    is_share = verdict is not None and verdict.cue is not None and verdict.cue.strength < PURPOSE
    if party.kind == "person" and verdict is not None and is_share and verdict.category in knowledge.shared:
        return Verdict("transfer_person", f"rule:share+{verdict.decided_by}", 0.72, "person", verdict.cue)
    if verdict is None:
        return Verdict(knowledge.fallback, "rule:fallback", 0.2 if party.name else 0.1, "unknown")
    return verdict


def _life_event(doc: Doc, category: str) -> str | None:
    for signal in doc._.life_event:
        if category not in signal.not_categories:
            return str(signal.label)
    for signal in load_knowledge().signals:
        if category in signal.categories:
            return signal.label
    return None


def _masked(raw: str, party: Party) -> str:
    for name in party.persons:
        raw = raw.replace(name, "[PERSON]")
    return mask_numbers(raw)


@lru_cache(maxsize=1)
def _reader() -> PartyReader:
    return PartyReader(load_knowledge())


@lru_cache(maxsize=1)
def _combinations() -> dict[frozenset[str], str]:
    rows = data_files.load("cues.yaml")["combinations"]
    return {frozenset(row["all"]): row["category"] for row in rows}
