"""Redaction of recordings: how much of the demo bank's spoken personal data is silent in the redacted copies.

A bank's calls are spoken, transcribed with the demo model and edited; the truth says who gives what away and when. An item
counts as silenced when nine tenths of its time are. ``rightly heard``: what the recogniser wrote holds it letter by letter.

    python -m benchmarks.redaction [CUSTOMERS] [SEED]
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.machine import figure
from demo.bank import generate
from hub.records import RedactedCall, Transcript
from nlp.personal_data import PresidioRedactor
from stt.editing import TranscriptEditor
from stt.normalise import normalise
from stt.redacted_audio import PAD_MS
from stt.transcriber import CallAudio, WhisperTranscriber

SILENCED = 0.9
NEAR_MS = 1_500
_WRITTEN_IN_DIGITS = {"phone", "resident_number", "account_number", "card_number"}
_AFTER_NAME = re.compile(r"(?:입니다|이라고|님이|님|은|는|이|가)?[.,?]?$")


class Item(NamedTuple):
    """One thing that a call gave away."""

    kind: str
    is_heard: bool
    is_silenced: bool


def main(customers: int = 300, seed: int = 31) -> None:
    """Measure a bank of so many customers."""
    with tempfile.TemporaryDirectory() as name:
        source, truth = Path(name) / "source", Path(name) / "truth"
        generate(source, truth, customers=customers, days=45, seed=seed)
        items, silences, astray = measure(source / "calls", truth / "calls")
    counts = Counter((item.kind, item.is_heard, item.is_silenced) for item in items)
    for kind in sorted({item.kind for item in items}):
        _report(kind, Counter({key[1:]: count for key, count in counts.items() if key[0] == kind}))
    _report("all kinds", Counter((item.is_heard, item.is_silenced) for item in items))
    figure("silences that hit nothing personal", astray, f"of {silences}")


def _report(kind: str, counts: Counter[tuple[bool, bool]]) -> None:
    heard = counts[True, True] + counts[True, False]
    if heard:
        figure(f"{kind}, rightly heard: silenced", 100.0 * counts[True, True] / heard, f"percent of {heard}")
    silenced = counts[True, True] + counts[False, True]
    figure(f"{kind}, all: silenced", 100.0 * silenced / counts.total(), f"percent of {counts.total()}")


def measure(calls: Path, truth: Path) -> tuple[list[Item], int, int]:
    """Return every item of personal data, the number of silences, and how many of those hit nothing personal."""
    editor = TranscriptEditor(PresidioRedactor())
    recordings = sorted(calls.glob("*.wav"))
    sidecars = [json.loads(path.with_suffix(".json").read_text("utf-8")) for path in recordings]
    jobs = [
        CallAudio(path, path.stem, tuple(sidecar["channel_roles"]), sidecar["language"])
        for path, sidecar in zip(recordings, sidecars, strict=True)
        if (truth / f"{path.stem}.json").exists()
    ]
    items: list[Item] = []
    silences = astray = 0
    for transcript in WhisperTranscriber("demo").transcribe_many(jobs):
        if not isinstance(transcript, Transcript):
            continue
        said = json.loads((truth / f"{transcript.call_id}.json").read_text("utf-8"))
        edited = editor.edit(transcript)
        items += _items(transcript, edited, said)
        silences += len(edited.silences)
        astray += sum(not _hits(s.role, s.start_ms, s.end_ms, said) for s in edited.silences)
    return items, silences, astray


def _items(transcript: Transcript, edited: RedactedCall, said: dict[str, Any]) -> Iterator[Item]:
    for item in said["personal_data"]:
        role, begin, end = said["turns"][item["turn"]]["role"], item["start_ms"], item["end_ms"]
        quiet: set[int] = set()
        for s in edited.silences:
            if s.role == role:
                quiet.update(range(max(begin, s.start_ms - PAD_MS), min(end, s.end_ms + PAD_MS)))
        near = " ".join(
            turn.text
            for turn in transcript.turns
            if turn.role == role and turn.start_ms < end + NEAR_MS and turn.end_ms > begin - NEAR_MS
        )
        is_silenced = len(quiet) >= SILENCED * (end - begin)
        yield Item(item["kind"], _is_heard(item["kind"], item["text"], near), is_silenced)


def _is_heard(kind: str, written: str, heard: str) -> bool:
    if kind in _WRITTEN_IN_DIGITS:
        return re.sub(r"\D", "", written) in re.sub(r"\D", "", normalise(heard))
    if kind == "person_name":
        return _AFTER_NAME.sub("", written).lower() in heard.lower()
    return normalise(written) in normalise(heard)


def _hits(role: str, begin_ms: int, end_ms: int, said: dict[str, Any]) -> bool:
    return any(
        said["turns"][item["turn"]]["role"] == role and item["start_ms"] < end_ms and item["end_ms"] > begin_ms
        for item in said["personal_data"]
    )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))
