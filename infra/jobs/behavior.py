"""From silver to what decides: one behaviour table, features, the online store, the event log."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from hub.clock import DAY_MS, HOUR_MS, from_ms
from hub.errors import Permanent
from infra.jobs.learning import newest_feature_ms
from infra.jobs.record import Counts, recorded
from infra.wiring import Hub, current_hub
from ingest.collector import EVENTS
from ingest.publish import PublishReport
from lakehouse.publishing import Published

BEHAVIOR = "gold.customer_behavior"
_DONE = "publish.done"
_NEWEST = "SELECT max(event_time_ms) AS newest FROM behavior WHERE type NOT LIKE 'consent.%'"


class _Done(msgspec.Struct, frozen=True, kw_only=True):
    """What the last run that finished published, and where the log ended then."""

    published: Published
    ends: list[int]


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
    return publish_new(current_hub())


def publish_new(hub: Hub) -> Counts:
    """Do the same for a hub.

    Only what the tables gained since the last run that finished is looked at; everything, where that cannot be told:
    a log or a lake made anew, an old version that is no longer on disk.
    """
    from lakehouse.publishing import newest_versions

    complete_ms = newest_feature_ms(hub)
    end_ms = min(complete_ms, hub.clock.now_ms()) if complete_ms is not None else None
    at = newest_versions(hub.tables)
    since = _published_before(hub, at)
    try:
        report = _append(hub, at, since, end_ms)
    except Permanent as error:
        if error.reason != "version_gone" or since is None:
            raise
        report = _append(hub, at, None, end_ms)
    if at is not None:
        done = _Done(published=at, ends=hub.event_log.end_offsets(EVENTS))
        hub.catalog.state.put({_DONE: msgspec.json.encode(done)})
    return {"events": report.events, "published": report.published, "ticks": report.ticks}


def _append(hub: Hub, at: Published | None, since: Published | None, end_ms: int | None) -> PublishReport:
    from ingest.publish import publish as append
    from lakehouse.publishing import events_to_publish

    return append(events_to_publish(hub.tables, at=at, since=since), hub.event_log, end_tick_ms=end_ms)


def _published_before(hub: Hub, at: Published | None) -> Published | None:
    """Return what the last run that finished published, if it was from these tables and into this log."""
    kept = hub.catalog.state.get(_DONE)
    if kept is None or at is None:
        return None
    done = msgspec.json.decode(kept, type=_Done)
    ends = hub.event_log.end_offsets(EVENTS)
    is_same_log = len(ends) == len(done.ends) and all(end >= then for end, then in zip(ends, done.ends, strict=True))
    return done.published if is_same_log and done.published.tables == at.tables else None


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
