"""Score a model on labelled calls.

A labelled call is a recording, its truth as JSON (``turns`` with ``role`` and ``text``; ``condition``, ``keywords``,
``personal_data`` where known) and, where there is one, its sidecar (``language``, ``channel_roles``). Recordings in folders
below take the folder's name as their condition. The normaliser is ``stt.normalise``.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from hub.errors import Misconfigured, Permanent
from hub.ids import content_id
from hub.records import Record, Transcript
from stt.audio import BadAudio
from stt.hearing import CallAudio
from stt.scoring import CallScore, LabelledCall, Mask, Score, score, score_call
from stt.transcriber import WhisperTranscriber

__all__ = ["Evaluation", "LabelledCall", "Score", "evaluate", "labelled_calls", "score"]

AUDIO_SUFFIXES = frozenset({".wav", ".mp3", ".m4a", ".aac", ".ogg", ".opus", ".flac", ".amr"})
_ROLES = {
    "상담원": "AGENT",
    "상담사": "AGENT",
    "직원": "AGENT",
    "OPERATOR": "AGENT",
    "고객": "CUSTOMER",
    "CALLER": "CUSTOMER",
}


class Evaluation(Record, frozen=True, kw_only=True):
    """What a model scored on a directory. ``refused`` names calls that could not be read, with the reason.

    ``corpus`` is the same for the same recordings and truths, wherever they lie.
    """

    model: str
    corpus: str = ""
    calls: int
    audio_s: float
    seconds: float
    real_time_factor: float
    language_errors: int
    scores: tuple[Score, ...]
    by_call: tuple[CallScore, ...] = ()
    refused: dict[str, str]


def evaluate(
    directory: Path,
    transcriber: WhisperTranscriber,
    *,
    truth_dir: Path | None = None,
    detect_language: bool = False,
    keywords: Sequence[str] = (),
    mask: Mask | None = None,
) -> Evaluation:
    """Transcribe every labelled call of a directory and score it.

    Args:
        directory: recordings, with ``<call>.json`` sidecars.
        transcriber: the model to score.
        truth_dir: where ``<call>.json`` with the truth is; by default ``<call>.truth.json`` beside
            the recording, or the sidecar itself when it has ``turns``.
        detect_language: let the model find the language even where the sidecar names it.
        keywords: terms whose recognition is counted, besides those that the truths name.
        mask: takes personal data out of a transcript; without it redaction is not scored.
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
    refused = {c.name: r.reason for c, r in zip(calls, results, strict=True) if isinstance(r, BadAudio)}
    audio_s = sum(transcript.duration_ms for _, transcript in pairs) / 1_000
    return Evaluation(
        model=transcriber.model,
        corpus=_corpus(calls),
        calls=len(calls),
        audio_s=round(audio_s, 1),
        seconds=round(seconds, 2),
        real_time_factor=round(seconds / audio_s, 4) if audio_s else 0.0,
        language_errors=sum(bool(call.language) and call.language != t.language for call, t in pairs),
        scores=tuple(score(pairs, keywords=keywords, mask=mask)),
        by_call=tuple(score_call(call, transcript) for call, transcript in pairs),
        refused=refused,
    )


def labelled_calls(directory: Path, truth_dir: Path | None = None) -> Iterator[LabelledCall]:
    """Yield the calls of a directory and of the folders in it that have a truth, in order of name."""
    for path in sorted(directory.rglob("*")):
        if path.suffix.lower() not in AUDIO_SUFFIXES or not path.is_file():
            continue
        folder = path.parent.relative_to(directory)
        sidecar = _read_json(path.with_suffix(".json"))
        truth = _truth(path, sidecar, truth_dir / folder if truth_dir is not None else None)
        if truth is not None:
            yield _labelled(path, sidecar, truth, "" if folder == Path() else folder.as_posix())


def _truth(path: Path, sidecar: dict[str, Any], truth_dir: Path | None) -> dict[str, Any] | None:
    if truth_dir is not None:
        return _read_json(truth_dir / f"{path.stem}.json") or None
    beside = _read_json(path.with_suffix(".truth.json"))
    return beside or (sidecar if "turns" in sidecar else None)


def _read_json(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        tree = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise Permanent(f"{path.name} is not JSON", reason="bad_truth", path=path.name) from error
    return tree if isinstance(tree, dict) else {}


def _labelled(path: Path, sidecar: dict[str, Any], truth: dict[str, Any], folder: str) -> LabelledCall:
    roles = tuple(map(_role, sidecar.get("channel_roles") or truth.get("channel_roles") or ("AGENT", "CUSTOMER")))
    said: dict[str, list[str]] = {role: [] for role in roles}
    try:
        turns = [{**turn, "role": _role(turn["role"])} for turn in truth.get("turns", [])]
        for turn in turns:
            said.setdefault(turn["role"], []).append(str(turn["text"]))
        personal = _personal(turns, truth.get("personal_data", []))
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise Permanent(f"The truth of {path.name} is not turns with role and text", reason="bad_truth") from error
    language = str(sidecar.get("language") or truth.get("language") or "")
    return LabelledCall(
        CallAudio(path, path.stem, roles, language or None),
        {role: " ".join(texts) for role, texts in said.items()},
        language,
        condition=str(truth.get("condition") or sidecar.get("condition") or folder),
        turns=tuple(turns),
        personal=personal,
        keywords=tuple(map(str, truth.get("keywords") or ())),
    )


def _role(name: object) -> str:
    """Return a role as transcripts name it, however a label spells it."""
    word = str(name).strip().upper()
    return _ROLES.get(word, word)


def _personal(turns: Sequence[dict[str, Any]], places: Sequence[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Return the texts of personal data by role, from the call's list or from the turns' own."""
    found: dict[str, list[str]] = {}
    for place in places:
        found.setdefault(str(turns[int(place["turn"])]["role"]), []).append(str(place["text"]))
    for turn in turns:
        for item in turn.get("personal_data", ()):
            found.setdefault(str(turn["role"]), []).append(str(item["text"]))
    return {role: tuple(texts) for role, texts in found.items()}


def _corpus(calls: Sequence[LabelledCall]) -> str:
    parts = [f"{c.name}|{c.audio.path.stat().st_size}|{sorted(c.said.items())}" for c in calls]
    return content_id("corpus", *sorted(parts))
