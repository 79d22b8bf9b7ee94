"""``hub rules check``: is a scenario file right, and do its examples behave as they say?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hub.clock import DAY_MS, parse_ms
from hub.event_types import EventType
from hub.ids import content_id
from hub.records import BehaviorEvent, Channel, Decision, FeatureSpec, Provenance, Treatment
from rules.backtest import Backtest
from rules.book import BOOK_FILE, Book, compile_book
from rules.language.durations import parse_duration
from rules.scenario.compiler import ScenarioSource, read_scenario
from rules.scenario.model import Example
from rules.scenario.report import BadScenario, CheckReport, ExampleResult, Problem

START_MS = parse_ms("2026-10-05T10:00:00+09:00")
CUSTOMER = "cus_example"


def check_file(
    path: Path,
    features: Sequence[FeatureSpec] | None = None,
    *,
    event_types: Mapping[str, EventType] | None = None,
) -> CheckReport:
    """Check one file together with its neighbours: ``book.yaml`` and the scenarios whose facts it uses.

    Args:
        features: the declared features; None takes any feature name.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem(file=path.name, field="", message=f"The file cannot be read: {type(error).__name__}.")
        return CheckReport(file=str(path), problems=(problem,))
    neighbours = {p.name: p.read_text(encoding="utf-8", errors="replace") for p in path.parent.glob("*.yaml")}
    return check_text(text, path.name, features, event_types=event_types, neighbours=neighbours)


def check_text(
    text: str,
    file: str,
    features: Sequence[FeatureSpec] | None = None,
    *,
    event_types: Mapping[str, EventType] | None = None,
    neighbours: Mapping[str, str] | None = None,
) -> CheckReport:
    """Check the text of one scenario file."""
    source = read_scenario(text, file)
    if not isinstance(source, ScenarioSource):
        return CheckReport(file=file, problems=tuple(source))
    texts = {**_needed(neighbours or {}, source), file: text}
    try:
        book = compile_book(texts, features, event_types=event_types, without_controls=True)
    except BadScenario as error:
        return _report(source, error.problems, ())
    return _report(source, book.warnings + _missing_examples(source), tuple(_run_examples(source, book)))


def _needed(neighbours: Mapping[str, str], source: ScenarioSource) -> dict[str, str]:
    """Return ``book.yaml`` and every neighbour that is a readable scenario of another id."""
    needed = {}
    for name, text in neighbours.items():
        other = None if name in (BOOK_FILE, source.file) else read_scenario(text, name)
        if name == BOOK_FILE or (isinstance(other, ScenarioSource) and other.part.id != source.part.id):
            needed[name] = text
    return needed


def _report(source: ScenarioSource, problems: tuple[Problem, ...], examples: tuple[ExampleResult, ...]) -> CheckReport:
    return CheckReport(
        file=source.file,
        scenario_id=source.part.id,
        version=source.part.version,
        problems=tuple(p for p in problems if p.file in (source.file, BOOK_FILE)),
        examples=examples,
    )


def _missing_examples(source: ScenarioSource) -> tuple[Problem, ...]:
    if source.part.examples is not None:
        return ()
    message = "Give at least one example that fires and one that just misses."
    return (Problem(file=source.file, field="examples", message=message, severity="warning"),)


def _run_examples(source: ScenarioSource, book: Book) -> Iterator[ExampleResult]:
    examples = source.part.examples
    if examples is None:
        return
    for example in examples.fires:
        decisions = run_example(book, example, source.part.id)
        treated = [d for d in decisions if d.treatment is Treatment.TREATED]
        fits = bool(treated) and _fits(treated[0].action, example.expect)
        yield ExampleResult(name=example.name, expected="fires", got=_told(decisions, example), passed=fits)
    for example in examples.misses:
        decisions = run_example(book, example, source.part.id)
        wanted = f"stopped by {example.reason}" if example.reason else "no match"
        yield ExampleResult(
            name=example.name, expected=wanted, got=_told(decisions, example), passed=_misses(decisions, example)
        )


def _fits(action: Mapping[str, Any], expect: Mapping[str, Any]) -> bool:
    return all(action.get(name) == value for name, value in expect.items())


def _misses(decisions: list[Decision], example: Example) -> bool:
    if example.reason is None:
        return not decisions
    return bool(decisions) and decisions[-1].reason.startswith(example.reason)


def _told(decisions: list[Decision], example: Example) -> str:
    told = ", ".join(f"{d.treatment.value} ({d.reason})" for d in decisions) or "no match"
    action = decisions[0].action if decisions and example.expect else {}
    return told + "".join(f", {name}={action.get(name)!r}" for name in example.expect)


def run_example(book: Book, example: Example, scenario_id: str) -> list[Decision]:
    """Run one example stream through a book; return the decisions of one scenario."""
    events = sorted(example_events(example), key=lambda event: event.event_time_ms)
    until_ms = _offset_ms(example.until) if example.until else events[-1].event_time_ms - START_MS + DAY_MS
    decisions = Backtest(book).run(events, to_ms=START_MS + until_ms)
    return [decision for decision in decisions if decision.scenario_id == scenario_id]


def example_events(example: Example, customer_key: str = CUSTOMER, start_ms: int = START_MS) -> list[BehaviorEvent]:
    """Return an example as behaviour events: consents and features first, then its stream."""
    known: list[tuple[str, dict[str, Any]]] = [("consent.granted", {"purpose": p}) for p in example.consents]
    for view, values in _views(example.features).items():
        known.append(("features.updated", {"view": view, "values": values, "version": "example"}))
    events = [_event(customer_key, start_ms - 1, "system", name, given, n) for n, (name, given) in enumerate(known)]
    for number, event in enumerate(example.events):
        at_ms = start_ms + _offset_ms(event.at)
        events.append(_event(customer_key, at_ms, event.channel, event.type, event.properties, len(known) + number))
    return events


def _views(features: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    scores = {name: value for name, value in features.items() if "propensity" in name or name.startswith("best_")}
    other = {name: value for name, value in features.items() if name not in scores}
    views = {"customer_profile": other, "customer_scores": scores}
    return {view: values for view, values in views.items() if values}


def _event(
    customer_key: str, at_ms: int, channel: str, name: str, properties: Mapping[str, Any], number: int
) -> BehaviorEvent:
    return BehaviorEvent(
        event_id=content_id("example", customer_key, number, at_ms, name),
        type=name,
        channel=Channel(channel),
        event_time_ms=at_ms,
        received_time_ms=at_ms,
        customer_key=customer_key,
        properties=dict(properties),
        provenance=Provenance(dataset="example", offset=number),
    )


def _offset_ms(text: str) -> int:
    """Return milliseconds of ``0m``, ``90s`` or a sum such as ``1d+5m``."""
    parts = [parse_duration(part) for part in text.split("+")]
    if any(part is None for part in parts):
        raise BadScenario((Problem(file="", field="examples", message=f"{text!r} is not a duration such as 7m."),))
    return sum(part for part in parts if part is not None)
