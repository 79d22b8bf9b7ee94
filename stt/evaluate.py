"""Score transcripts of labelled calls: character and word error rates per language and channel.

A labelled call is a recording, its truth as JSON (``turns`` with ``role`` and ``text``) and, where
there is one, its sidecar (``language``, ``channel_roles``). The normaliser is ``stt.normalise``.
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jiwer

from hub.errors import Misconfigured, Permanent
from hub.records import Record, Transcript
from stt.audio import BadAudio
from stt.normalise import normalise, numbers
from stt.transcriber import CallAudio, WhisperTranscriber

AUDIO_SUFFIXES = frozenset({".wav", ".mp3", ".m4a", ".ogg", ".opus", ".flac", ".amr"})


class Score(Record, frozen=True, kw_only=True):
    """Error rates in percent over some channels of some calls.

    ``cer`` counts spaces, ``cer_no_spaces`` does not. ``number_recall`` is the share of spoken
    numbers that stand in the transcript digit by digit.
    """

    language: str
    role: str
    calls: int
    characters: int
    cer: float
    cer_no_spaces: float
    wer: float
    number_recall: float | None


class Evaluation(Record, frozen=True, kw_only=True):
    """What a model scored on a directory. ``refused`` names calls that could not be read, with the reason."""

    model: str
    calls: int
    audio_s: float
    seconds: float
    real_time_factor: float
    language_errors: int
    scores: tuple[Score, ...]
    refused: dict[str, str]


@dataclass(frozen=True, slots=True)
class LabelledCall:
    """A recording with what was said on it, by role."""

    audio: CallAudio
    said: dict[str, str]
    language: str


def evaluate(
    directory: Path, transcriber: WhisperTranscriber, *, truth_dir: Path | None = None, detect_language: bool = False
) -> Evaluation:
    """Transcribe every labelled call of a directory and score it.

    Args:
        directory: recordings, with ``<call>.json`` sidecars.
        transcriber: the model to score.
        truth_dir: where ``<call>.json`` with the truth is; by default ``<call>.truth.json`` beside
            the recording, or the sidecar itself when it has ``turns``.
        detect_language: let the model find the language even where the sidecar names it.
    Raises:
        Misconfigured: no labelled call there.
    """
    calls = list(labelled_calls(directory, truth_dir))
    if not calls:
        raise Misconfigured(
            f"{directory.name} holds no labelled call: a recording and its truth as JSON", reason="no_labelled_calls"
        )
    jobs = [
        CallAudio(c.audio.path, c.audio.call_id, c.audio.roles, None if detect_language else c.language or None)
        for c in calls
    ]
    begun_s = time.perf_counter()
    results = list(transcriber.transcribe_many(jobs))
    seconds = time.perf_counter() - begun_s
    pairs = [(call, r) for call, r in zip(calls, results, strict=True) if isinstance(r, Transcript)]
    refused = {c.audio.call_id: r.reason for c, r in zip(calls, results, strict=True) if isinstance(r, BadAudio)}
    audio_s = sum(transcript.duration_ms for _, transcript in pairs) / 1_000
    return Evaluation(
        model=transcriber.model,
        calls=len(calls),
        audio_s=round(audio_s, 1),
        seconds=round(seconds, 2),
        real_time_factor=round(seconds / audio_s, 4) if audio_s else 0.0,
        language_errors=sum(bool(call.language) and call.language != t.language for call, t in pairs),
        scores=tuple(score(pairs)),
        refused=refused,
    )


def labelled_calls(directory: Path, truth_dir: Path | None = None) -> Iterator[LabelledCall]:
    """Yield the calls of a directory that have a truth, in order of name."""
    for path in sorted(directory.iterdir()):
        if path.suffix.lower() not in AUDIO_SUFFIXES:
            continue
        sidecar = _read_json(path.with_suffix(".json"))
        truth = _truth(path, sidecar, truth_dir)
        if truth is not None:
            yield _labelled(path, sidecar, truth)


def _truth(path: Path, sidecar: dict[str, Any], truth_dir: Path | None) -> dict[str, Any] | None:
    if truth_dir is not None:
        return _read_json(truth_dir / f"{path.stem}.json") or None
    beside = _read_json(path.with_suffix(".truth.json"))
    return beside or (sidecar if "turns" in sidecar else None)


def _read_json(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise Permanent(f"{path.name} is not JSON", reason="bad_truth", path=path.name) from error
    return tree if isinstance(tree, dict) else {}


def _labelled(path: Path, sidecar: dict[str, Any], truth: dict[str, Any]) -> LabelledCall:
    roles = tuple(sidecar.get("channel_roles") or truth.get("channel_roles") or ("AGENT", "CUSTOMER"))
    said: dict[str, list[str]] = {role: [] for role in roles}
    for turn in truth.get("turns", []):
        said.setdefault(str(turn["role"]), []).append(str(turn["text"]))
    language = str(sidecar.get("language") or truth.get("language") or "")
    return LabelledCall(
        CallAudio(path, path.stem, roles, language or None),
        {role: " ".join(texts) for role, texts in said.items()},
        language,
    )


def score(pairs: Sequence[tuple[LabelledCall, Transcript]]) -> list[Score]:
    """Return one score per language and role, then one per language, then one for everything."""
    lines: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    counted: dict[tuple[str, str], set[str]] = defaultdict(set)
    for call, transcript in pairs:
        language = call.language or transcript.language
        for role, text in call.said.items():
            heard = " ".join(turn.text for turn in transcript.turns if turn.role == role)
            for key in ((language, role), (language, "all"), ("all", "all")):
                lines[key].append((normalise(text), normalise(heard)))
                counted[key].add(call.audio.call_id)
    order = sorted(lines, key=lambda key: (key[0] == "all", key[0], key[1] == "all", key[1]))
    return [_score(key, lines[key], len(counted[key])) for key in order]


def _score(key: tuple[str, str], lines: Sequence[tuple[str, str]], calls: int) -> Score:
    # A channel on which nobody speaks has no reference to divide by; what was heard there still counts as inserted.
    truth, heard = [line[0] for line in lines], [line[1] for line in lines]
    return Score(
        language=key[0],
        role=key[1],
        calls=calls,
        characters=sum(len(text) for text in truth),
        cer=_percent(jiwer.process_characters(truth, heard)) if any(truth) else 0.0,
        cer_no_spaces=_percent(jiwer.process_characters(_joined(truth), _joined(heard))) if any(truth) else 0.0,
        wer=_percent(jiwer.process_words(truth, heard)) if any(truth) else 0.0,
        number_recall=_number_recall(lines),
    )


def _joined(lines: Sequence[str]) -> list[str]:
    return [line.replace(" ", "") for line in lines]


def _percent(counts: Any) -> float:  # noqa: ANN401 - jiwer's output of characters or words
    reference = counts.hits + counts.substitutions + counts.deletions
    return round(100.0 * (counts.substitutions + counts.deletions + counts.insertions) / reference, 2)


def _number_recall(lines: Sequence[tuple[str, str]]) -> float | None:
    found = spoken = 0
    for truth, heard in lines:
        wanted, got = Counter(numbers(truth)), Counter(numbers(heard))
        spoken += wanted.total()
        found += (wanted & got).total()
    return round(100.0 * found / spoken, 2) if spoken else None
