"""Learning: retrain on what was known before a date, score with the champion."""

from __future__ import annotations

from typing import Any

from hub.clock import DAY_MS, parse_ms
from infra.jobs.record import Counts, recorded
from infra.wiring import Hub, current_hub

_FIRST_SCORED = "scores:first_ms"
_SCORED = "scores:through:"


@recorded("learning.retrain")
def retrain(cut: str = "") -> dict[str, Any]:
    """Train, evaluate and register a model; returns its version, metrics and gates.

    Args:
        cut: ISO date or time up to which data may be used; empty: now.
    """
    from lakehouse.features import feature_specs
    from ml.retraining import retrain as train

    hub = current_hub()
    cut_ms = _moment(hub, cut)
    report = train(hub.tables, hub.registry, feature_specs(), cut_ms=cut_ms, created_ms=hub.clock.now_ms())
    _remember_first(hub, cut_ms)
    model = report.model
    return {
        "version": model.version if model else None,
        "alias": model.alias if model else None,
        "examples": report.examples,
        "positives": report.positives,
        "metrics": model.metrics if model else {},
        "gates": model.gates if model else {},
        "note": report.note,
    }


@recorded("learning.score")
def score(first: str = "") -> Counts:
    """Score every customer with the champion for each day it has not scored yet, up to the newest feature day.

    Args:
        first: ISO date to score from; empty: from the day of the first training's cut.
    """
    from ml.retraining import daily
    from ml.retraining import score as score_tables

    hub = current_hub()
    champion = hub.registry.champion()
    last_ms = newest_feature_ms(hub)
    if champion is None or last_ms is None:
        return {"rows": 0, "days": 0}
    cursor = f"{_SCORED}{champion.version}"
    scored = hub.catalog.state.get(cursor)
    first_ms = (
        int(scored) + DAY_MS
        if scored
        else _day_end(hub, _moment(hub, first) if first else _first_known(hub) or last_ms)
    )
    days = daily(first_ms, last_ms)
    rows = score_tables(hub.tables, hub.registry, as_of_ms=days, created_ms=hub.clock.now_ms())
    if days:
        hub.catalog.state.put({cursor: str(days[-1]).encode()})
    return {"rows": rows, "days": len(days)}


def newest_feature_ms(hub: Hub) -> int | None:
    """Return the newest as-of time of the computed features, None when there are none."""
    from ml.score import SCORES_VIEW

    times = (
        int(r["event_time_ms"])
        for r in hub.tables.read("gold.feature_history", ["event_time_ms"], f"view <> '{SCORES_VIEW}'")
    )
    return max(times, default=None)


def _moment(hub: Hub, text: str) -> int:
    return parse_ms(text, naive_offset_hours=hub.settings.timezone_offset_hours) if text else hub.clock.now_ms()


def _day_end(hub: Hub, at_ms: int) -> int:
    """Return the end of the local day that a time falls in."""
    offset_ms = round(hub.settings.timezone_offset_hours * 3_600_000)
    return ((at_ms + offset_ms - 1) // DAY_MS + 1) * DAY_MS - offset_ms


def _remember_first(hub: Hub, cut_ms: int) -> None:
    known = _first_known(hub)
    if known is None:
        hub.catalog.state.put({_FIRST_SCORED: str(cut_ms).encode()})


def _first_known(hub: Hub) -> int | None:
    raw = hub.catalog.state.get(_FIRST_SCORED)
    return int(raw) if raw else None
