"""Looking at the lake, a customer or a decision. Every look at a person goes on record."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from typing import Any

import msgspec

from hub.clock import iso
from hub.records import Decision, FeatureRow
from infra.wiring import Hub


def columns_of(table: str) -> list[dict[str, str]]:
    """Return the declared columns of a table. Raises Permanent for an unknown one."""
    from lakehouse.tables import table_named

    return [
        {"name": c.name, "type": c.dtype, "class": str(c.data_class), "description": c.description}
        for c in table_named(table).columns
    ]


def features_of(hub: Hub, customer: str, as_of_ms: int | None, purpose: str) -> list[dict[str, Any]]:
    """Return a customer's features with their as-of times, from the history or from the online store."""
    from lakehouse.features import feature_specs
    from lakehouse.features import features_of as history_of

    views = dict.fromkeys(spec.view for spec in feature_specs())

    def read(key: str) -> Sequence[FeatureRow]:
        if as_of_ms is not None:
            return history_of(hub.tables, key, as_of_ms)
        return [row for view in views for row in hub.online.read(view, [key]) if row is not None]

    is_key = customer.startswith("cus_")
    key = customer if is_key else hub.pseudonyms.known("customer", customer, lambda name: bool(read(name)))
    _on_record(hub, key, "features.get", purpose)
    rows = read(key)
    return [
        {"feature": f"{row.view}:{name}", "value": value, "as_of_ms": row.event_time_ms, "version": row.version}
        for row in rows
        for name, value in row.values.items()
    ]


def explain(hub: Hub, decision_id: str, purpose: str) -> dict[str, Any]:
    """Return a decision and its explanation in steps, in both languages."""
    from lakehouse.features import feature_specs
    from rules.explanation import explain as tell
    from rules.explanation import scenario_info

    decision = hub.catalog.decisions.get(decision_id)
    _on_record(hub, decision.customer_key, "decisions.explain", purpose)
    scenario = hub.book.get(decision.scenario_id)
    info = scenario_info(scenario) if scenario else None
    told = tell(decision, info, feature_specs(), hub.settings.timezone_offset_hours)
    return {"decision": msgspec.to_builtins(decision), "explanation": msgspec.to_builtins(told)}


def as_text(told: dict[str, Any], language: str) -> str:
    """Return an explanation as people read it on a terminal."""
    decision = msgspec.convert(told["decision"], Decision)
    lines = [
        told["explanation"]["summary"][language],
        f"  decision {decision.decision_id} · {decision.scenario_id} version {decision.scenario_version} · "
        f"{decision.customer_key} · {iso(decision.decided_ms)}",
        "",
    ]
    for number, step in enumerate(told["explanation"]["steps"], start=1):
        lines.append(f"{number:>2}. {step['title'][language]}")
        lines += [f"      {line}" for line in [step["detail"][language], *_places(step["facts"])] if line]
    return "\n".join(lines)


def _places(facts: dict[str, Any]) -> list[str]:
    """Tell where a fact can be looked up: the recording's seconds, or the line of the delivered file."""
    if facts.get("start_ms") is not None:
        return [
            f"{facts['dataset']} {facts['start_ms'] / 1_000:.2f} - {facts['end_ms'] / 1_000:.2f} s, event {facts['event_id']}"
        ]
    if facts.get("event_id"):
        place = "" if facts.get("offset") is None else f" at byte {facts['offset']}"
        return [f"{facts['dataset']}{place}, event {facts['event_id']}"]
    if facts.get("name"):
        return [f"{facts['name']} = {facts.get('value')}"]
    return []


def _on_record(hub: Hub, subject: str, task: str, purpose: str) -> None:
    hub.catalog.access_log.append(
        account=f"local:{getpass.getuser()}",
        origin="command line",
        subject=subject,
        task=task,
        purpose=purpose,
        at_ms=hub.clock.now_ms(),
    )
