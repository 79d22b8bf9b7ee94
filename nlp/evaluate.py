"""Precision, recall and F1 per class from labelled rows."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from hub.errors import Misconfigured
from hub.ports import Redactor
from hub.records import Record

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


def read_rows(path: Path, required: Sequence[str]) -> list[dict[str, str]]:
    """Read a labelled CSV file in UTF-8.

    Raises:
        Misconfigured: there is no such file, it is in another encoding, or a column is missing.
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
    except UnicodeDecodeError:
        raise Misconfigured(f"{path.name} is not UTF-8; save it as CSV UTF-8", reason="bad_encoding") from None


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
        accuracy=share(w == g for w, g in zip(truth, said, strict=True)),
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


def share(answers: Iterable[bool]) -> float:
    """Return how many of the answers are yes, 0 of none."""
    given = list(answers)
    return sum(given) / len(given) if given else 0.0
