"""The call centre: requests become recordings with their sidecars, and transcripts that are true to the millisecond."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from demo import audio
from demo.customer import Customer
from demo.dialogues import ScriptTurn, converse, load_scripts
from demo.diary import CallRequest
from demo.lines import json_line
from demo.names import full_name
from demo.period import Period
from demo.voices import VOICES, Speech, WordTime, restart, speak

ENGLISH_EVERY = 10
_ENGLISH_OFFSET = 4
_CHANNELS = {"AGENT": 0, "CUSTOMER": 1}
_SILENT_MS_PER_CHARACTER = 165
_LEAD_IN_MS, _TAIL_MS = 500, 700
_OVERLAP_SHARE = 0.12
_NUMBER_KNOWN_SHARE = 0.15
_AGENTS = 12


@dataclass(frozen=True, slots=True)
class _TimedTurn:
    turn: ScriptTurn
    start_ms: int
    speech: Speech | None
    end_ms: int


class CallCentre:
    """Takes calls and writes them. With ``audio`` off, only the truth is written, with estimated times."""

    def __init__(self, source: Path, truth: Path, period: Period, seed: int, *, with_audio: bool) -> None:
        self._source, self._truth = source / "calls", truth / "calls"
        self._period, self._seed, self._with_audio = period, seed, with_audio
        self.taken = self.english = self.milliseconds = 0
        for folder in (self._source, self._truth):
            folder.mkdir(parents=True, exist_ok=True)

    def take(self, request: CallRequest) -> str:
        """Hold one call and write it.

        Returns:
            The id of the call.
        """
        number = self.taken
        random = Random(f"{self._seed}:call:{number}:{request.customer.customer_no}")
        language = "en" if number % ENGLISH_EVERY == _ENGLISH_OFFSET else "ko"
        call_id = f"CALL{number + 1:06d}"
        facts = _facts(request.customer, self._seed, number)
        turns = converse(load_scripts()[request.script], language, random, facts)
        timed = self._speak(turns, language, request.customer, random)
        duration_ms = timed[-1].end_ms + _TAIL_MS
        if self._with_audio:
            self._record(call_id, request, timed, duration_ms, random)
            self._write_sidecar(call_id, request, language, f"A{number % _AGENTS + 1:03d}", random)
        self._write_truth(call_id, request, language, timed, duration_ms)
        self.taken += 1
        self.english += language == "en"
        self.milliseconds += duration_ms
        return call_id

    def _speak(self, turns: list[ScriptTurn], language: str, customer: Customer, random: Random) -> list[_TimedTurn]:
        if self._with_audio:
            restart()
        agent_voice, customer_voice = random.sample(VOICES[language], 2)
        voices = {"AGENT": agent_voice, "CUSTOMER": customer_voice}
        rates = {"AGENT": random.randrange(165, 190), "CUSTOMER": random.randrange(160, 190)}
        pitches = {"AGENT": random.randrange(40, 65), "CUSTOMER": random.randrange(35, 65)}
        timed: list[_TimedTurn] = []
        clock = _LEAD_IN_MS
        for turn in turns:
            role, spoken = turn.role, turn.sentence.spoken
            speech = speak(spoken, voices[role], rates[role], pitches[role]) if self._with_audio else None
            length = speech.duration_ms if speech else _SILENT_MS_PER_CHARACTER * len(spoken)
            timed.append(_TimedTurn(turn, clock, speech, clock + length))
            changes = random.random() < _OVERLAP_SHARE
            clock += length + (-random.randrange(80, 250) if changes else random.randrange(250, 900))
        return _without_self_overlap(timed)

    def _record(
        self, call_id: str, request: CallRequest, timed: list[_TimedTurn], duration_ms: int, random: Random
    ) -> None:
        utterances = [
            audio.Utterance(_CHANNELS[t.turn.role], t.start_ms, t.speech.pcm) for t in timed if t.speech is not None
        ]
        mixed = audio.record(utterances, duration_ms, random.uniform(22, 34), random.getrandbits(32))
        audio.write_mulaw(self._source / f"{call_id}.wav", mixed)

    def _write_sidecar(self, call_id: str, request: CallRequest, language: str, agent_id: str, random: Random) -> None:
        by_account = request.priority > 0 and random.random() < _NUMBER_KNOWN_SHARE
        sidecar = {
            "call_id": call_id,
            "started_at": self._period.iso(request.at_ms),
            "direction": "inbound",
            "phone": request.customer.phone,
            "customer_no": request.customer.customer_no if by_account else None,
            "agent_id": agent_id,
            "language": language,
            "channel_roles": list(_CHANNELS),
            "recording_consent": True,
        }
        (self._source / f"{call_id}.json").write_bytes(json_line(sidecar))

    def _write_truth(
        self, call_id: str, request: CallRequest, language: str, timed: list[_TimedTurn], duration_ms: int
    ) -> None:
        script = load_scripts()[request.script]
        record = {
            "call_id": call_id,
            "customer_no": request.customer.customer_no,
            "started_at": self._period.iso(request.at_ms),
            "language": language,
            "script": script.name,
            "duration_ms": duration_ms,
            "has_audio": self._with_audio,
            "intents": script.intents,
            "life_events": script.life_events,
            "is_complaint": script.is_complaint,
            "turns": [_true_turn(t) for t in timed],
            "personal_data": [p for number, t in enumerate(timed) for p in _personal_data(number, t)],
        }
        (self._truth / f"{call_id}.json").write_bytes(json_line(record))


def _without_self_overlap(timed: list[_TimedTurn]) -> list[_TimedTurn]:
    """Move turns apart whose speaker would talk over themselves."""
    free = {"AGENT": 0, "CUSTOMER": 0}
    shift, moved = 0, []
    for t in timed:
        role = t.turn.role
        shift += max(0, free[role] - (t.start_ms + shift))
        moved.append(_TimedTurn(t.turn, t.start_ms + shift, t.speech, t.end_ms + shift))
        free[role] = t.end_ms + shift + 200
    return moved


def _facts(customer: Customer, seed: int, number: int) -> dict[str, str]:
    checking, card = customer.account("checking"), customer.account("card")
    agent = Random(f"{seed}:agent:{number % _AGENTS}")
    facts = {
        "customer_name": customer.name,
        "english_name": customer.english_name,
        "phone": customer.phone,
        "birth_date": f"{customer.birth_date.year}-{customer.birth_date.month}-{customer.birth_date.day}",
        "resident_number": resident_number(customer.birth_date, customer.sex, customer.index),
        "agent_name": full_name(agent),
    }
    if checking:
        facts["account_number"] = checking.account_no
    if card:
        facts["card_number"] = card.account_no
    return facts


def resident_number(birth_date: date, sex: str, serial: int) -> str:
    """Return a resident registration number of the old form, its check digit valid."""
    century = (1 if sex == "M" else 2) + (2 if birth_date.year >= 2_000 else 0)
    body = f"{birth_date:%y%m%d}{century}{serial % 90_000 + 1:05d}"
    weighted = sum(int(c) * (2 + i % 8) for i, c in enumerate(body))
    return f"{body[:6]}-{body[6:]}{(11 - weighted % 11) % 10}"


def _true_turn(timed: _TimedTurn) -> dict[str, object]:
    return {
        "role": timed.turn.role,
        "start_ms": timed.start_ms,
        "end_ms": timed.end_ms,
        "text": timed.turn.sentence.text,
        "spoken": timed.turn.sentence.spoken,
        "group": timed.turn.sentence.group,
    }


def _personal_data(number: int, timed: _TimedTurn) -> list[dict[str, object]]:
    """Return what the turn gives away, written as it appears in the text, with the time it is said."""
    found: list[dict[str, object]] = []
    text_at = spoken_at = 0
    for unit in timed.turn.sentence.units:
        if unit.personal:
            start, end = _said_between(timed, spoken_at, spoken_at + len(unit.spoken))
            place = {"start": text_at, "end": text_at + len(unit.written)}
            found.append(
                {"turn": number, "kind": unit.personal, "text": unit.written, **place, "start_ms": start, "end_ms": end}
            )
        text_at += len(unit.written) + 1
        spoken_at += len(unit.spoken) + 1
    return found


def _said_between(timed: _TimedTurn, first: int, last: int) -> tuple[int, int]:
    words: tuple[WordTime, ...] = timed.speech.words if timed.speech else ()
    inside = [w for w in words if first <= w.position < last]
    if not inside:
        return timed.start_ms, timed.end_ms
    return timed.start_ms + inside[0].start_ms, timed.start_ms + inside[-1].end_ms
