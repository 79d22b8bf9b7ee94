"""Scores of transcripts against the truth: error rates and recalls, by language, channel and condition.

Each rate is counted over the pooled calls of its row, so that long calls weigh more than short ones. A rate is None where
there was nothing to count.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jiwer

from hub.records import Record, Transcript, Word
from stt.hearing import CallAudio
from stt.normalise import normalise, numbers

ALL = "all"
_MARKS = re.compile(r"[\W_]+")

Mask = Callable[[Transcript], Transcript]
"""Returns a transcript without personal data."""


class Score(Record, frozen=True, kw_only=True):
    """What some channels of some calls scored, in percent.

    ``cer`` counts spaces, ``cer_no_spaces`` does not. ``number_recall`` and ``keyword_recall`` are the shares of spoken
    numbers and keywords that stand in the transcript. ``role_accuracy`` is the share of words given to who was speaking; a word
    of nobody known is given to the wrong one.
    ``redaction_recall`` is the share of personal data, of what was transcribed rightly, that redaction took out.
    """

    language: str
    role: str
    condition: str = ALL
    calls: int
    characters: int
    cer: float
    cer_no_spaces: float
    wer: float
    number_recall: float | None
    keyword_recall: float | None = None
    role_accuracy: float | None = None
    redaction_recall: float | None = None


class CallScore(Record, frozen=True, kw_only=True):
    """One call, so that two models can be compared where they differ."""

    call: str
    language: str
    condition: str
    cer: float
    wer: float


@dataclass(frozen=True, slots=True)
class LabelledCall:
    """A recording with what was said on it, by role.

    ``turns`` are the truth's, with ``start_ms`` and ``end_ms`` where it knows them; ``personal`` are the texts of personal
    data by role, as they are written; ``keywords`` what should be recognised above all.
    """

    audio: CallAudio
    said: dict[str, str]
    language: str
    condition: str = ""
    turns: tuple[dict[str, Any], ...] = ()
    personal: dict[str, tuple[str, ...]] = field(default_factory=dict)
    keywords: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return what the call is called in reports."""
        return f"{self.condition}/{self.audio.call_id}" if self.condition else self.audio.call_id


@dataclass(slots=True)
class Tally:
    """What is counted for a row of the table."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    calls: set[Path] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)

    def rate(self, name: str) -> float | None:
        """Return ``name`` of ``name.of``, in percent."""
        whole = self.counts[f"{name}.of"]
        return round(100.0 * self.counts[name] / whole, 2) if whole else None


def score(
    pairs: Sequence[tuple[LabelledCall, Transcript]], *, keywords: Sequence[str] = (), mask: Mask | None = None
) -> list[Score]:
    """Return one score per language and role, per language, per condition, and for everything.

    Args:
        pairs: the truth and what was heard.
        keywords: terms to look for besides those that a truth names.
        mask: takes personal data out; without it redaction is not scored.
    """
    tallies: dict[tuple[str, str, str], Tally] = defaultdict(Tally)
    for call, transcript in pairs:
        masked = mask(transcript) if mask is not None and any(call.personal.values()) else None
        language = call.language or transcript.language
        placed = _placed(call, transcript)
        for role, text in call.said.items():
            heard = text_of(transcript, role)
            line = normalise(text, language), normalise(heard, language)
            counts = Counter[str]()
            _count(counts, "number", numbers(line[0]), numbers(line[1]))
            _count_keywords(counts, (*call.keywords, *keywords), text, heard)
            counts["role.of"] += sum(spoke == role for spoke, _ in placed)
            counts["role"] += sum(spoke == given == role for spoke, given in placed)
            if masked is not None:
                _count_redaction(counts, call.personal.get(role, ()), heard, text_of(masked, role))
            keys = {(language, role, ALL), (language, ALL, ALL), (ALL, ALL, ALL), (ALL, ALL, call.condition or ALL)}
            for key in keys:
                tallies[key].lines.append(line)
                tallies[key].calls.add(call.audio.path)
                tallies[key].counts.update(counts)
    return [_score(key, tallies[key]) for key in sorted(tallies, key=_order)]


def score_call(call: LabelledCall, transcript: Transcript) -> CallScore:
    """Return the error rates of one call over all its channels."""
    spoken = call.language or transcript.language
    lines = [
        (normalise(text, spoken), normalise(text_of(transcript, role), spoken)) for role, text in call.said.items()
    ]
    said, heard = [line[0] for line in lines], [line[1] for line in lines]
    return CallScore(
        call=call.name,
        language=spoken,
        condition=call.condition or ALL,
        cer=_percent(jiwer.process_characters(said, heard)) if any(said) else 0.0,
        wer=_percent(jiwer.process_words(said, heard)) if any(said) else 0.0,
    )


def text_of(transcript: Transcript, role: str) -> str:
    """Return what a role said."""
    return " ".join(turn.text for turn in transcript.turns if turn.role == role)


def _order(key: tuple[str, str, str]) -> tuple[bool, str, bool, str, bool, str]:
    language, role, condition = key
    return language == ALL, language, role == ALL, role, condition == ALL, condition


def _score(key: tuple[str, str, str], tally: Tally) -> Score:
    # A channel on which nobody speaks has no reference to divide by; what was heard there still counts as inserted.
    truth, heard = [line[0] for line in tally.lines], [line[1] for line in tally.lines]
    joined = [[text.replace(" ", "") for text in texts] for texts in (truth, heard)]
    return Score(
        language=key[0],
        role=key[1],
        condition=key[2],
        calls=len(tally.calls),
        characters=sum(len(text) for text in truth),
        cer=_percent(jiwer.process_characters(truth, heard)) if any(truth) else 0.0,
        cer_no_spaces=_percent(jiwer.process_characters(*joined)) if any(truth) else 0.0,
        wer=_percent(jiwer.process_words(truth, heard)) if any(truth) else 0.0,
        number_recall=tally.rate("number"),
        keyword_recall=tally.rate("keyword"),
        role_accuracy=tally.rate("role"),
        redaction_recall=tally.rate("redaction"),
    )


def _percent(counts: Any) -> float:  # noqa: ANN401 - jiwer's output of characters or words
    reference = counts.hits + counts.substitutions + counts.deletions
    return round(100.0 * (counts.substitutions + counts.deletions + counts.insertions) / reference, 2)


def _count(counts: Counter[str], name: str, said: Iterable[str], heard: Iterable[str]) -> None:
    wanted, got = Counter(said), Counter(heard)
    counts[f"{name}.of"] += wanted.total()
    counts[name] += (wanted & got).total()


def _count_keywords(counts: Counter[str], keywords: Sequence[str], said: str, heard: str) -> None:
    truth, text = _bare(said), _bare(heard)
    for keyword in dict.fromkeys(map(_bare, keywords)):
        if keyword:
            _count(counts, "keyword", [keyword] * truth.count(keyword), [keyword] * text.count(keyword))


def _placed(call: LabelledCall, transcript: Transcript) -> list[tuple[str, str]]:
    """Return (who spoke, whom it was given to) of the words that the truth lets us place.

    By the truth's times, where it has any; else by the words that both texts have in common, in their order.
    """
    heard = [(turn.role, word) for turn in transcript.turns for word in turn.words]
    turns = [(str(t["role"]), t["start_ms"], t["end_ms"]) for t in call.turns if "start_ms" in t and "end_ms" in t]
    if not turns:
        return _placed_by_text(call, sorted(heard, key=lambda item: item[1].start_ms))
    placed = []
    for role, word in heard:
        middle = (word.start_ms + word.end_ms) // 2
        speaking = {who for who, start, end in turns if start <= middle <= end}
        if speaking:
            placed.append((role if role in speaking else min(speaking), role))
    return placed


def _placed_by_text(call: LabelledCall, heard: Sequence[tuple[str, Word]]) -> list[tuple[str, str]]:
    said = [(str(t.get("role")), word) for t in call.turns for word in _words(str(t.get("text", "")))]
    words = [(role, part) for role, word in heard for part in _words(word.text)]
    if not said or not words:
        return []
    found = jiwer.process_words(" ".join(word for _, word in said), " ".join(word for _, word in words))
    return [
        (said[chunk.ref_start_idx + place][0], words[chunk.hyp_start_idx + place][0])
        for chunk in found.alignments[0]
        if chunk.type == "equal"
        for place in range(chunk.ref_end_idx - chunk.ref_start_idx)
    ]


def _words(text: str) -> list[str]:
    return [word for word in map(_bare, text.split()) if word]


def _count_redaction(counts: Counter[str], personal: Sequence[str], heard: str, masked: str) -> None:
    before, after = _bare(normalise(heard)), _bare(normalise(masked))
    for text in map(_bare, map(normalise, personal)):
        if text and text in before:
            counts["redaction.of"] += 1
            counts["redaction"] += text not in after


def _bare(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", text).casefold())
