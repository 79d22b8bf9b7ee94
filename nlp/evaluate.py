"""Precision, recall and F1 per class from labelled rows, for memos, conversations and personal data."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from hub.errors import Misconfigured
from hub.ports import MemoParser, Redactor
from hub.records import MemoFacts, Record
from nlp import data_files

_SQUEEZE = re.compile(r"\W+")


class ClassScore(Record, frozen=True, kw_only=True):
    """How well one class is found; ``support`` is how often it is true."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int


class Scores(Record, frozen=True, kw_only=True):
    """Scores of all classes. ``confusions``: (true, said, how often), most frequent first."""

    classes: tuple[ClassScore, ...]
    macro_f1: float
    accuracy: float
    rows: int
    confusions: tuple[tuple[str, str, int], ...]


class MemoScores(Record, frozen=True, kw_only=True):
    """What ``hub memo eval`` shows. Fields are None where the file has no such column."""

    category: Scores
    life_event: Scores | None
    counterparty_exact: float | None
    counterparty_rows: int
    version: str


def read_rows(path: Path, required: Sequence[str]) -> list[dict[str, str]]:
    """Read a labelled CSV file in UTF-8.

    Raises:
        Misconfigured: there is no such file, or a column is missing.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            missing = [name for name in required if name not in (reader.fieldnames or ())]
            if missing:
                raise Misconfigured(f"{path.name} lacks the columns {', '.join(missing)}", reason="missing_column")
            return [{key: value or "" for key, value in row.items() if key} for row in reader]
    except FileNotFoundError:
        raise Misconfigured(f"There is no file {path}", reason="no_such_file") from None


def evaluate_memos(parser: MemoParser, rows: Sequence[Mapping[str, str]]) -> MemoScores:
    """Score a memo parser on rows with ``memo``, ``category`` and perhaps ``counterparty`` and ``life_event``."""
    facts = parser.parse([row["memo"] for row in rows])
    named = [(row["counterparty"], fact) for row, fact in zip(rows, facts, strict=True) if row.get("counterparty")]
    has_events = any("life_event" in row for row in rows)
    events = score_classes([r.get("life_event") or "" for r in rows], [f.life_event or "" for f in facts], ignore="")
    return MemoScores(
        category=score_classes([row["category"] for row in rows], [fact.category for fact in facts]),
        life_event=events if has_events else None,
        counterparty_exact=_share(is_counterparty(label, fact) for label, fact in named) if named else None,
        counterparty_rows=len(named),
        version=parser.version,
    )


def evaluate_memo_file(parser: MemoParser, path: Path) -> MemoScores:
    """Score a memo parser on a CSV file with the columns memo, category and perhaps counterparty, life_event."""
    return evaluate_memos(parser, read_rows(path, ("memo", "category")))


def is_counterparty(label: str, fact: MemoFacts) -> bool:
    """Return whether the counterparty is right, whatever case, spaces, punctuation and spelling of a known name.

    Persons are masked in facts: theirs is right when masking the labelled name gives the masked memo.
    """
    if fact.counterparty_kind == "person":
        return label == "[PERSON]" or (bool(fact.counterparty) and squeezed(label) not in squeezed(fact.redacted_memo))
    said = squeezed(fact.counterparty or "")
    return squeezed(label) == said or (bool(said) and squeezed(_spellings().get(squeezed(label), "")) == said)


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    """Return the canonical name of every spelling in the gazetteers: 한국전력 and 한국전력공사 are one institution."""
    names: dict[str, str] = {}
    for document in data_files.load_folder("brands").values():
        for line in (line for lines in document["brands"].values() for line in lines):
            spellings = [part.strip() for part in str(line).split("|")]
            names.update((squeezed(spelling), spellings[0]) for spelling in spellings)
    return names


def squeezed(text: str) -> str:
    """Return the letters and digits of a text in lower case."""
    return _SQUEEZE.sub("", text).lower()


def score_classes(truth: Sequence[str], said: Sequence[str], *, ignore: str | None = None) -> Scores:
    """Return scores of single labels; the class ``ignore`` (no label) has no row of its own."""
    return score_sets([_as_set(t, ignore) for t in truth], [_as_set(s, ignore) for s in said])


def score_sets(truth: Sequence[set[str]], said: Sequence[set[str]]) -> Scores:
    """Return scores of label sets, one set per row."""
    hits: Counter[str] = Counter()
    false: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    confused: Counter[tuple[str, str]] = Counter()
    for wanted, given in zip(truth, said, strict=True):
        hits.update(x for x in wanted & given)
        false.update(x for x in given - wanted)
        missed.update(x for x in wanted - given)
        confused.update((w, g) for w in (wanted - given or {"-"}) for g in (given - wanted or {"-"}) if w != g)
    labels = sorted({*hits, *false, *missed})
    classes = tuple(_class_score(label, hits[label], false[label], missed[label]) for label in labels)
    scored = [c for c in classes if c.support]
    return Scores(
        classes=classes,
        macro_f1=sum(c.f1 for c in scored) / len(scored) if scored else 0.0,
        accuracy=_share(w == g for w, g in zip(truth, said, strict=True)),
        rows=len(truth),
        confusions=tuple((w, g, n) for (w, g), n in confused.most_common()),
    )


def evaluate_redactor(redactor: Redactor, rows: Sequence[tuple[str, str, Sequence[tuple[str, str]]]]) -> Scores:
    """Score a redactor on (text, language, [(kind, value), ...]) rows.

    A value is found when a finding of its kind covers its letters and digits, and nothing else of the text but particles.
    """
    truth: list[set[str]] = []
    said: list[set[str]] = []
    hits: Counter[str] = Counter()
    for text, language, values in rows:
        found = [
            (finding.kind, squeezed(text[finding.start : finding.end])) for finding in redactor.find(text, language)
        ]
        for kind, value in values:
            truth.append({kind})
            match = next((f for f in found if f[0] == kind and f[1] == squeezed(value)), None)
            said.append({kind} if match else set())
            if match:
                found.remove(match)
                hits[kind] += 1
        for kind, _ in found:
            truth.append(set())
            said.append({kind})
    return score_sets(truth, said)


def _as_set(label: str, ignore: str | None) -> set[str]:
    return set() if label == ignore else {label}


def _class_score(label: str, hits: int, false: int, missed: int) -> ClassScore:
    precision = hits / (hits + false) if hits + false else 0.0
    recall = hits / (hits + missed) if hits + missed else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return ClassScore(label=label, precision=precision, recall=recall, f1=f1, support=hits + missed)


def _share(answers: Iterable[bool]) -> float:
    given = list(answers)
    return sum(given) / len(given) if given else 0.0
