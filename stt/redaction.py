"""Personal data out of a transcript: masked in every turn's text, words and verbatim text, and placed in milliseconds.

A number that is said in pieces over several turns ("공일공" - "네" - "일이삼사" - "네" - "오육칠팔") is put together before it is
looked for, what somebody asked for is masked where it is answered, and any run of seven digits, whatever a detector says.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from hub.ports import Redactor
from hub.records import RedactedCall, Silence, Transcript, Turn
from stt.asked_for import answers
from stt.intervals import Interval
from stt.normalisation.draft import Draft, Edit
from stt.normalisation.pipeline import draft_of
from stt.normalisation.transcripts import locate, revise

LONG_NUMBER = "NUMBER"
MIN_LONG_DIGITS = 7
"""Numbers this long identify somebody or something, whatever they are called."""
MAX_GAP_MS = 20_000
"""Pieces of one number are said within this time, the other speaker's nods between them."""

PAUSE_MS = 700

_LONG_RUN = re.compile(
    rf"(?<![\d.,])\d(?:[ -]?\d){{{MIN_LONG_DIGITS - 1},}}(?![\d.,]*\d|%| ?(?:원|만|억|조|달러|dollars))"
)
_DIGIT = r"(?:\d|[공영일이삼사오육륙칠팔구]{2}|\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b)"
_ENDS_IN_DIGITS = re.compile(
    rf"{_DIGIT}(?P<after>(?:입니다|이에요|예요|이고요?|고요|이구요|에요|요|에|번)?[\s.,?!-]*)$", re.IGNORECASE
)
_BEGINS_WITH_DIGITS = re.compile(rf"^(?:네|예|그리고|yes|and)?[\s.,-]*{_DIGIT}", re.IGNORECASE)
_MAX_PIECES = 12


class _Place(NamedTuple):
    """Personal data within one turn: text[start:end]."""

    start: int
    end: int
    kind: str


class _Spoken(NamedTuple):
    """When one role's words were said: their starts and their ends, each in order."""

    starts: list[int]
    ends: list[int]

    @classmethod
    def by(cls, role: str, turns: Sequence[Turn]) -> _Spoken:
        """Return the words of a role; a turn without words is one."""
        said = [word for turn in turns if turn.role == role for word in (turn.words or (turn,))]
        return cls(sorted(word.start_ms for word in said), sorted(word.end_ms for word in said))

    def around(self, begin: int, over: int) -> Interval:
        """Return the end of the last word before, and the start of the first one after."""
        before, after = bisect_right(self.ends, begin), bisect_left(self.starts, over)
        return (
            self.ends[before - 1] if before else 0,
            self.starts[after] if after < len(self.starts) else over + PAUSE_MS,
        )


def redact(transcript: Transcript, redactor: Redactor) -> RedactedCall:
    """Return the transcript without personal data, and where the recording gives it away."""
    places: dict[int, list[_Place]] = {turn.turn_id: [] for turn in transcript.turns}
    for group in _groups(transcript.turns):
        for turn, place in _found(group, transcript.language, redactor):
            places[turn.turn_id].append(place)
    for answer in answers(transcript.turns, transcript.language):
        places[answer.turn_id].append(_Place(answer.start, answer.end, answer.kind))
    turns, silences = [], []
    spoken = {role: _Spoken.by(role, transcript.turns) for role in {turn.role for turn in transcript.turns}}
    for turn in transcript.turns:
        merged = _merged(places[turn.turn_id])
        turns.append(_masked(turn, merged, transcript.language, redactor))
        silences += [_silence(turn, place, spoken[turn.role]) for place in merged]
    return RedactedCall(transcript=msgspec.structs.replace(transcript, turns=tuple(turns)), silences=tuple(silences))


def _groups(turns: Sequence[Turn]) -> Iterator[list[Turn]]:
    """Yield every turn alone, and the turns of one speaker over which a number may be spread."""
    for role in dict.fromkeys(turn.role for turn in turns):
        own = [turn for turn in turns if turn.role == role]
        group: list[Turn] = []
        for turn in own:
            yield [turn]
            if group and len(group) < _MAX_PIECES and _goes_on(group[-1], turn):
                group.append(turn)
                continue
            if len(group) > 1:
                yield group
            group = [turn]
        if len(group) > 1:
            yield group


def _goes_on(turn: Turn, following: Turn) -> bool:
    is_near = following.start_ms - turn.end_ms <= MAX_GAP_MS
    return is_near and bool(_ENDS_IN_DIGITS.search(turn.text) and _BEGINS_WITH_DIGITS.search(following.text))


def _found(group: Sequence[Turn], language: str, redactor: Redactor) -> Iterator[tuple[Turn, _Place]]:
    """Yield what is found in the turns' texts put together, turn by turn."""
    parts = [turn.text if len(group) == 1 else _bare(turn.text) for turn in group]
    starts = [sum(len(part) + 1 for part in parts[:index]) for index in range(len(parts))]
    draft = draft_of(" ".join(parts), language)
    findings = [(f.start, f.end, f.kind) for f in redactor.find(draft.text, language)]
    findings += [(match.start(), match.end(), LONG_NUMBER) for match in _LONG_RUN.finditer(draft.text)]
    for begin, end, kind in findings:
        left, right = draft.origin(begin, end)
        for turn, start in zip(group, starts, strict=True):
            place = _Place(max(0, left - start), min(len(turn.text), right - start), kind)
            if place.start < place.end:
                yield turn, place


def _bare(text: str) -> str:
    """Return a piece of a number without what is said after it, blanks in its place."""
    ending = _ENDS_IN_DIGITS.search(text)
    return text[: ending.start("after")] + " " * len(ending["after"]) if ending else text


def _merged(places: Sequence[_Place]) -> list[_Place]:
    """Return the union of places; a detector's name for it goes before ours, a longer finding's before a shorter one's."""
    merged: list[_Place] = []
    for place in sorted(places):
        if merged and place.start < merged[-1].end:
            last = merged[-1]
            kind = max((last, place), key=lambda p: (p.kind != LONG_NUMBER, p.end - p.start)).kind
            merged[-1] = _Place(last.start, max(last.end, place.end), kind)
        else:
            merged.append(place)
    return merged


def _masked(turn: Turn, places: Sequence[_Place], language: str, redactor: Redactor) -> Turn:
    verbatim = _masked_verbatim(turn, places, language, redactor)
    if not places:
        return msgspec.structs.replace(turn, verbatim=verbatim)
    draft = Draft.of(turn.text).edited(Edit(p.start, p.end, f"[{p.kind}]") for p in places)
    words = revise(draft, turn.text, turn.words)
    return msgspec.structs.replace(turn, text=draft.text, words=words, verbatim=verbatim)


def _masked_verbatim(turn: Turn, places: Sequence[_Place], language: str, redactor: Redactor) -> str:
    """Return the verbatim text with the same things masked: where each normalised character came from is known."""
    if not turn.verbatim:
        return ""
    draft = draft_of(turn.verbatim, language)
    if draft.text != turn.text:
        return "" if places else redactor.redact(turn.verbatim, language)
    edits = [Edit(*draft.origin(p.start, p.end), f"[{p.kind}]") for p in places]
    return Draft.of(turn.verbatim).edited(edits).text


def _silence(turn: Turn, place: _Place, spoken: _Spoken) -> Silence:
    """Return when a place was said: by the times of its words; without them it may have been any part of the turn.

    The first word after a pause often starts before its time says, so the pauses on both sides are silenced along.
    """
    known = locate(turn.text, turn.words) or []
    said = [w for w, (start, end) in zip(turn.words, known, strict=False) if start < place.end and end > place.start]
    begin, over = (min(w.start_ms for w in said), max(w.end_ms for w in said)) if said else (turn.start_ms, turn.end_ms)
    before, after = spoken.around(begin, over)
    return Silence(
        turn_id=turn.turn_id,
        role=turn.role,
        start_ms=max(before, begin - PAUSE_MS, 0),
        end_ms=min(after, over + PAUSE_MS),
        kind=place.kind,
    )
