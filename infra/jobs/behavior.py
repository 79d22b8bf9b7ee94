"""From silver to what decides: one behaviour table, features, the online store, the event log."""

from __future__ import annotations

from datetime import date, timedelta

from hub.clock import DAY_MS, HOUR_MS, from_ms
from infra.jobs.learning import newest_feature_ms
from infra.jobs.record import Counts, recorded
from infra.wiring import Hub, current_hub

BEHAVIOR = "gold.customer_behavior"
_NEWEST = "SELECT max(event_time_ms) AS newest FROM behavior WHERE type NOT LIKE 'consent.%'"


@recorded("behavior.unify")
def unify() -> Counts:
    """Resolve identities and bring the behaviour table in line."""
    from lakehouse.behavior import unify as unify_tables

    return dict(unify_tables(current_hub().tables))


@recorded("behavior.features")
def build_features() -> Counts:
    """Compute features as of the end of every day that is over."""
    from lakehouse.features import build_features as build

    hub = current_hub()
    return dict(build(hub.tables, through=_last_whole_day(hub)))


@recorded("behavior.materialize")
def materialize() -> Counts:
    """Load the newest features and identity links into the online store."""
    from lakehouse.features import materialize as load

    hub = current_hub()
    return dict(load(hub.tables, hub.online))


@recorded("behavior.publish")
def publish() -> Counts:
    """Append what the log has not seen, in order of time, and move its clock to where the lake is complete."""
    from ingest.publish import publish as append
    from lakehouse.publishing import events_to_publish

    hub = current_hub()
    complete_ms = newest_feature_ms(hub)
    end_ms = min(complete_ms, hub.clock.now_ms()) if complete_ms is not None else None
    report = append(events_to_publish(hub.tables), hub.event_log, end_tick_ms=end_ms)
    return {"events": report.events, "published": report.published, "ticks": report.ticks}


def _last_whole_day(hub: Hub) -> date | None:
    """Return the newest day that is over and has events; features are never stamped ahead of the clock."""
    newest = hub.tables.reader.query(_NEWEST, {"behavior": BEHAVIOR})
    newest_ms = next((row["newest"] for row in newest), None)
    if newest_ms is None:
        return None
    yesterday_ms = hub.clock.now_ms() - DAY_MS
    return _local_day(hub, min(int(newest_ms), yesterday_ms))


def _local_day(hub: Hub, at_ms: int) -> date:
    return (from_ms(at_ms) + timedelta(milliseconds=hub.settings.timezone_offset_hours * HOUR_MS)).date()
