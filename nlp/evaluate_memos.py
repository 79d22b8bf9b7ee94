"""How well memos are read: scores per class, and how often each field is right, from labelled rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from hub.errors import Misconfigured
from hub.ports import MemoParser
from hub.records import MemoFacts, Record
from nlp.evaluate import Scores, read_rows, score_classes, share, squeezed
from nlp.memos.taxonomy import bare_spelling, brand_lines, taxonomy

KINDS = "kind"


class FieldShare(Record, frozen=True, kw_only=True):
    """How often a field is right, and on how many rows that was asked."""

    right: float
    rows: int


class MemoScores(Record, frozen=True, kw_only=True):
    """What ``hub memo eval`` shows; ``life_event`` is None, and a field missing, where the file has no such column.

    ``counterparty`` is the share of right names where the memo names one, ``no_counterparty`` the share of none given
    where it names none.
    """

    category: Scores
    life_event: Scores | None
    fields: dict[str, FieldShare]
    version: str


def evaluate_memo_file(parser: MemoParser, path: Path) -> MemoScores:
    """Score a memo parser on a CSV file with memo, category and perhaps the columns that ``evaluate_memos`` knows.

    Raises:
        Misconfigured: the file cannot be read, or names a category that the taxonomy lacks.
    """
    rows = read_rows(path, ("memo", "category"))
    leaves = taxonomy()
    for number, row in enumerate(rows, start=1):
        if row["category"] not in leaves:
            raise Misconfigured(
                f"{path.name}, row {number}: the taxonomy has no category {row['category']!r}",
                reason="no_such_category",
            )
    return evaluate_memos(parser, rows)


def evaluate_memos(parser: MemoParser, rows: Sequence[Mapping[str, str]]) -> MemoScores:
    """Score a memo parser on rows with memo, category and perhaps counterparty, kind, life_event, period, instalment."""
    facts = parser.parse([row["memo"] for row in rows])
    has_events = any("life_event" in row for row in rows)
    events = score_classes([r.get("life_event") or "" for r in rows], [f.life_event or "" for f in facts], ignore="")
    return MemoScores(
        category=score_classes([row["category"] for row in rows], [fact.category for fact in facts]),
        life_event=events if has_events else None,
        fields=_fields(list(zip(rows, facts, strict=True))),
        version=parser.version,
    )


def _fields(pairs: Sequence[tuple[Mapping[str, str], MemoFacts]]) -> dict[str, FieldShare]:
    asked: dict[str, list[bool]] = {}
    for row, fact in pairs:
        if name := row.get("counterparty"):
            asked.setdefault("counterparty", []).append(is_counterparty(name, fact))
        elif "counterparty" in row:
            asked.setdefault("no_counterparty", []).append(fact.counterparty is None)
        if row.get(KINDS):
            asked.setdefault("counterparty_kind", []).append(row[KINDS] == fact.counterparty_kind)
        for field in ("period", "instalment"):
            if field in row:
                asked.setdefault(field, []).append((row[field] or None) == getattr(fact, field))
    return {name: FieldShare(right=share(answers), rows=len(answers)) for name, answers in asked.items()}


def is_counterparty(label: str, fact: MemoFacts) -> bool:
    """Return whether the counterparty is right, whatever case, spaces, punctuation and spelling of a known name.

    Persons are masked in facts: theirs is right when masking the labelled name gives the masked memo.
    """
    if fact.counterparty_kind == "person":
        return label == "[PERSON]" or (bool(fact.counterparty) and squeezed(label) not in squeezed(fact.redacted_memo))
    said = squeezed(fact.counterparty or "")
    return squeezed(label) == said or (bool(said) and squeezed(spellings().get(squeezed(label), "")) == said)


@lru_cache(maxsize=1)
def spellings() -> dict[str, str]:
    """Return the canonical name of every spelling in the gazetteers: 한국전력 and 한국전력공사 are one institution."""
    names: dict[str, str] = {}
    for row in brand_lines():
        spellings = [bare_spelling(part) for part in row.line.split("|")]
        names.update((squeezed(spelling), spellings[0]) for spelling in spellings)
    return names
