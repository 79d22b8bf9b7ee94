"""How well personal data is found: scores per kind, and how much of it would leak, from labelled texts (JSON lines)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from hub.ports import Redactor
from hub.records import Finding, Record
from nlp.evaluate import Scores, score_sets, squeezed
from nlp.evaluate_calls import read_json_lines


class LabelledText(Record, frozen=True, kw_only=True):
    """One text with where personal data lies in it: (kind, start, end); none in a hard negative."""

    text: str
    language: str
    spans: tuple[tuple[str, int, int], ...] = ()


class Leak(Record, frozen=True, kw_only=True):
    """Of one kind: how many values there are, and how many keep a letter or digit that no finding covers."""

    kind: str
    values: int
    leaked: int


class PersonalDataScores(Record, frozen=True, kw_only=True):
    """What ``hub pii eval`` shows.

    ``kinds``: a value counts as found when a finding of its kind covers exactly its letters and digits. ``leaks`` asks less:
    whether findings of any kind cover it. ``clean_texts`` are those without personal data, ``false_alarms`` how many of them
    have a finding.
    """

    kinds: Scores
    leaks: tuple[Leak, ...]
    clean_texts: int
    false_alarms: int
    version: str


def read_texts(path: Path) -> list[LabelledText]:
    """Read labelled texts. Raises Misconfigured for a missing file or a line that is none."""
    return list(read_json_lines(path, LabelledText))


def evaluate_personal_data(redactor: Redactor, texts: Sequence[LabelledText], version: str = "") -> PersonalDataScores:
    """Score a redactor on labelled texts."""
    truth: list[set[str]] = []
    said: list[set[str]] = []
    values: defaultdict[str, list[bool]] = defaultdict(list)
    false_alarms = clean_texts = 0
    for labelled in texts:
        findings = redactor.find(labelled.text, labelled.language)
        clean_texts += not labelled.spans
        false_alarms += bool(findings) and not labelled.spans
        for wanted, given in _pairs(labelled, findings):
            truth.append(wanted)
            said.append(given)
        for kind, start, end in labelled.spans:
            values[kind].append(_is_covered(labelled.text, start, end, findings))
    return PersonalDataScores(
        kinds=score_sets(truth, said),
        leaks=tuple(Leak(kind=k, values=len(v), leaked=v.count(False)) for k, v in sorted(values.items())),
        clean_texts=clean_texts,
        false_alarms=false_alarms,
        version=version,
    )


def _pairs(labelled: LabelledText, findings: Sequence[Finding]) -> list[tuple[set[str], set[str]]]:
    """Return (true kinds, found kinds): one pair per value with what was found at its place, one per other finding."""
    left = list(findings)
    pairs: list[tuple[set[str], set[str]]] = []
    for kind, start, end in labelled.spans:
        same = [f for f in left if _letters(labelled.text, f.start, f.end) == _letters(labelled.text, start, end)]
        exact = next((f for f in same if f.start < end and start < f.end), None)
        if exact is not None:
            left.remove(exact)
        pairs.append(({kind}, {exact.kind} if exact else set()))
    return pairs + [(set(), {finding.kind}) for finding in left]


def _letters(text: str, start: int, end: int) -> str:
    return squeezed(text[start:end])


def _is_covered(text: str, start: int, end: int, findings: Sequence[Finding]) -> bool:
    hidden = {place for finding in findings for place in range(finding.start, finding.end)}
    return all(place in hidden or not text[place].isalnum() for place in range(start, end))
