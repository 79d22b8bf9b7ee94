"""What one transcribed call becomes in each silver table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from hub.ids import Pseudonymizer
from hub.records import Call, CallFact, Transcript

CALLS, TRANSCRIPTS, FACTS, EVENTS = "silver.calls", "silver.transcripts", "silver.call_facts", "silver.events"
ANALYTICS = "silver.call_analytics"
Row = dict[str, Any]

# Intents that other channels report under a type of their own.
_INTENT_EVENTS: dict[str, list[tuple[str, str, Row]]] = {
    "payout_enquiry": [("payout.enquired", "payout", {"via": "call"})],
    "deposit_cancel": [("payout.enquired", "cancellation", {"via": "call"})],
    "loan_enquiry": [("product.enquired", "loan", {"product_type": "loan", "via": "call"})],
    "deposit_enquiry": [("product.enquired", "deposit", {"product_type": "deposit", "via": "call"})],
    "maturity_enquiry": [("product.enquired", "maturity", {"via": "call"})],
    "insurance_enquiry": [("product.enquired", "insurance", {"via": "call"})],
}
_ONCE = frozenset({"product.enquired", "payout.enquired"})


class Person(NamedTuple):
    """Whom a call is with, as pseudonyms."""

    customer_key: str | None
    phone: str | None

    @classmethod
    def of(cls, call: Call, pseudonymizer: Pseudonymizer) -> Person:
        """Return the pseudonyms of what the sidecar says."""
        return cls(
            pseudonymizer.customer(call.customer_no) if call.customer_no else None,
            pseudonymizer.phone(call.phone) if call.phone else None,
        )

    @property
    def ids(self) -> list[str]:
        """The ids other than the customer."""
        return [self.phone] if self.phone else []


class CallRows(NamedTuple):
    """The rows of one call by table, and its identity edges."""

    rows: dict[str, list[Row]]
    edges: list[Row]


def refused_call(call: Call, person: Person, reason: str, model: str, reader_version: str) -> CallRows:
    """Return the marker of a call whose recording cannot be read."""
    marker = _marker(call, person, model, reader_version) | {"status": "refused", "reason": reason, "turns": 0}
    return CallRows({TRANSCRIPTS: [], FACTS: [], EVENTS: [], ANALYTICS: [], CALLS: [marker]}, [])


def read_call(
    call: Call,
    person: Person,
    transcript: Transcript,
    facts: Sequence[CallFact],
    versions: tuple[str, str, str],
    source: str,
    product_types: Mapping[str, str],
    analytics: Sequence[Row],
) -> CallRows:
    """Return every row of a transcribed call.

    Args:
        transcript: redacted.
        facts: what the reader found in it.
        versions: of the model, of the reader, and of everything that read the call.
        source: who says that phone and customer belong together.
        product_types: what the reader calls a product -> its product type.
        analytics: the row of its document, where there is one.
    """
    model, reader_version, read_by = versions
    marker = _marker(call, person, model, read_by) | {
        "status": "transcribed",
        "language": transcript.language,
        "duration_ms": transcript.duration_ms,
        "turns": len(transcript.turns),
        "warnings": list(transcript.warnings),
    }
    rows = {
        TRANSCRIPTS: _turns(call, transcript, model),
        FACTS: [_fact(call, person, number, fact, reader_version) for number, fact in enumerate(facts)],
        EVENTS: [_ended(call, person, transcript), *_fact_events(call, person, facts, product_types)],
        ANALYTICS: list(analytics),
        CALLS: [marker],
    }
    return CallRows(rows, _edges(call, person, source))


def _marker(call: Call, person: Person, model: str, reader_version: str) -> Row:
    return {
        "call_id": call.call_id,
        "content_hash": call.content_hash,
        "started_ms": call.started_ms,
        "direction": call.direction,
        "language": call.language,
        "agent_id": call.agent_id,
        "customer_key": person.customer_key,
        "ids": person.ids,
        "model": model,
        "reader_version": reader_version,
        "object_key": call.object_key,
    }


def _turns(call: Call, transcript: Transcript, model: str) -> list[Row]:
    return [
        {
            "call_id": call.call_id,
            "turn_id": turn.turn_id,
            "role": turn.role,
            "text": turn.text,
            "verbatim": turn.verbatim or turn.text,
            "start_ms": turn.start_ms,
            "end_ms": turn.end_ms,
            "confidence": turn.confidence,
            "language": transcript.language,
            "model": model,
            "content_hash": call.content_hash,
            "started_ms": call.started_ms,
        }
        for turn in transcript.turns
    ]


def _fact(call: Call, person: Person, number: int, fact: CallFact, version: str) -> Row:
    return {
        "call_id": call.call_id,
        "fact_no": number,
        "kind": fact.kind,
        "label": fact.label,
        "turn_id": fact.turn_id,
        "role": fact.role,
        "sentence": fact.sentence,
        "start_ms": fact.start_ms,
        "end_ms": fact.end_ms,
        "confidence": fact.confidence,
        "decided_by": fact.decided_by,
        "value": fact.value,
        "customer_key": person.customer_key,
        "ids": person.ids,
        "reader_version": version,
        "started_ms": call.started_ms,
    }


def _ended(call: Call, person: Person, transcript: Transcript) -> Row:
    properties = {
        "call_id": call.call_id,
        "direction": call.direction,
        "duration_s": transcript.duration_ms // 1_000,
        "language": transcript.language,
    }
    end_ms = call.started_ms + transcript.duration_ms
    return _event(
        call, person, f"call-{call.call_id}-ended", "call.ended", end_ms, properties, (0, transcript.duration_ms)
    )


def _fact_events(call: Call, person: Person, facts: Sequence[CallFact], types: Mapping[str, str]) -> list[Row]:
    """Return the events of what the customer said; ids count repeats, so that they survive another model's timing.

    An enquiry about one type of product or payout counts once a call, however often it is named.
    """
    seen: Counter[str] = Counter()
    events = []
    for fact in facts:
        said = {"call_id": call.call_id, "sentence": fact.sentence, "confidence": fact.confidence}
        for event_type, subject, properties in _behaviour(fact, types):
            stem = f"call-{call.call_id}-{event_type}-{subject}"
            name = f"{stem}-{seen[stem]}"
            seen[stem] += 1
            if seen[stem] > 1 and event_type in _ONCE:
                continue
            at_ms, span = call.started_ms + fact.end_ms, (fact.start_ms, fact.end_ms)
            events.append(_event(call, person, name, event_type, at_ms, properties | said, span))
    return events


def _behaviour(fact: CallFact, types: Mapping[str, str]) -> list[tuple[str, str, Row]]:
    """Return (event type, about what, properties) of a fact; nothing for what the agent said."""
    if fact.role == "AGENT":
        return []
    label = fact.label
    match fact.kind:
        case "intent":
            return [("intent.expressed", label, {"intent": label}), *_INTENT_EVENTS.get(label, [])]
        case "life_event":
            return [("life_event.detected", label, {"life_event": label, "source": "call"})]
        case "complaint":
            return [("complaint.made", label, {"object": label})]
        case "product":
            product = types.get(label, label)
            return [("product.enquired", product, {"product_type": product, "via": "call"})]
        case _:
            return []


def _event(
    call: Call, person: Person, name: str, event_type: str, at_ms: int, properties: Row, span: tuple[int, int]
) -> Row:
    return {
        "event_id": name,
        "type": event_type,
        "channel": "call",
        "event_time_ms": at_ms,
        "received_time_ms": at_ms,
        "customer_key": person.customer_key,
        "ids": person.ids,
        "properties": properties,
        "consent_purposes": [],
        "provenance": {
            "dataset": "bronze.calls",
            "object": call.object_key,
            "offset": None,
            "start_ms": span[0],
            "end_ms": span[1],
        },
    }


def _edges(call: Call, person: Person, source: str) -> list[Row]:
    if person.customer_key is None or person.phone is None:
        return []
    return [
        {
            "left": person.phone,
            "right": person.customer_key,
            "source": source,
            "valid_from_ms": call.started_ms,
            "evidence": f"call-{call.call_id}-ended",
        }
    ]
