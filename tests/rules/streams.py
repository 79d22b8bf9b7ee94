"""Small event streams and books for tests of the scenario tier."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from hub.clock import MINUTE_MS
from hub.ids import content_id
from hub.records import BehaviorEvent, Channel, Decision, FeatureSpec, LogEntry, Provenance
from rules.backtest import Backtest
from rules.book import Book, compile_book

START_MS = 1_790_000_000_000
KIM = "cus_kim"

FEATURES = [
    FeatureSpec(view="customer_profile", name="age", dtype="int", description="Age."),
    FeatureSpec(view="customer_profile", name="region", dtype="str", description="Region."),
    FeatureSpec(view="customer_profile", name="holds_card", dtype="bool", description="Holds a card."),
    FeatureSpec(view="customer_scores", name="loan_propensity", dtype="float", description="Probability."),
]


def event(
    at_ms: int,
    name: str,
    *,
    customer: str | None = KIM,
    event_id: str | None = None,
    late_ms: int = 0,
    channel: str = "web",
    **properties: Any,
) -> BehaviorEvent:
    """Return an event at START + at_ms."""
    moment = START_MS + at_ms
    return BehaviorEvent(
        event_id=event_id or content_id(name, at_ms, customer or "", str(sorted(properties.items()))),
        type=name,
        channel=Channel(channel),
        event_time_ms=moment - late_ms,
        received_time_ms=moment,
        customer_key=customer,
        properties=properties,
        provenance=Provenance(dataset="test", object="stream", offset=at_ms),
    )


def consent(at_ms: int = -1, purpose: str = "marketing_offers", customer: str = KIM) -> BehaviorEvent:
    return event(at_ms, "consent.granted", customer=customer, channel="system", purpose=purpose)


def features(
    at_ms: int = -1, *, view: str = "customer_profile", version: str = "1", customer: str = KIM, **values: Any
) -> BehaviorEvent:
    return event(
        at_ms, "features.updated", customer=customer, channel="system", view=view, version=version, values=values
    )


def scenario(pattern: str, *, name: str = "one", version: int = 1, consent_purpose: str = "null", **parts: Any) -> str:
    """Return the text of a scenario file around a pattern; parts are YAML texts of further fields."""
    rest = {
        "audience": None,
        "control": "{percent: 0}",
        "action": "{channel: console, offer: test}",
        "priority": "50",
    } | parts
    lines = [
        f"id: {name}",
        f"version: {version}",
        "owner: tests",
        "name: {ko: 시험, en: Test}",
        "description: {ko: 시험, en: Test}",
        f"consent: {consent_purpose}",
        *(f"{field.rstrip('_')}: {text}" for field, text in rest.items() if text is not None),
        "pattern:",
        textwrap.indent(textwrap.dedent(pattern).strip(), "  "),
    ]
    return "\n".join(lines) + "\n"


def book_of(*texts: str, book: str = "global_control_percent: 0\nlateness: 1h\n", **options: Any) -> Book:
    """Compile scenario texts into a book without global control."""
    files = {f"s{number}.yaml": text for number, text in enumerate(texts)}
    return compile_book({"book.yaml": book, **files}, **options)


def decide(book: Book, events: Iterable[BehaviorEvent], until_ms: int | None = None) -> list[Decision]:
    """Run a book over events; timers fire up to START + until_ms."""
    to_ms = None if until_ms is None else START_MS + until_ms
    return list(Backtest(book).run(events, to_ms=to_ms))


def firings(pattern: str, events: Sequence[BehaviorEvent], until_ms: int = 10_000 * MINUTE_MS) -> list[tuple[int, str]]:
    """Return (time after START, trigger's id) of every firing of a pattern."""
    decisions = decide(book_of(scenario(pattern)), events, until_ms)
    return [(d.decided_ms - START_MS, d.trigger_event_id) for d in decisions]


def times(pattern: str, events: Sequence[BehaviorEvent], until_ms: int = 10_000 * MINUTE_MS) -> list[int]:
    """Return when a pattern fires, in milliseconds after START."""
    return [at_ms for at_ms, _ in firings(pattern, events, until_ms)]


def entry(item: BehaviorEvent) -> LogEntry:
    """Return an event as the log takes it."""
    import msgspec

    return LogEntry(id=item.event_id, key=item.subject, value=msgspec.json.encode(item), time_ms=item.event_time_ms)
