# ruff: noqa: S608 - the SQL is made of declared names
"""Features to ``gold.feature_history``: as of the end of each local day, point in time, only what changed.

A value as of a day sees the events of that day and of the days before it in its window, never a later one. What a late
event changes is computed again from its day on.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from hub.clock import DAY_MS, HOUR_MS
from lakehouse.features import customer_activity, customer_profile
from lakehouse.features.declaration import version_of
from lakehouse.features.view_sql import activity_sql, profile_sql
from lakehouse.lineage_lookup import last_input_versions

if TYPE_CHECKING:
    from lakehouse.delta_tables import DeltaTables

HISTORY, BEHAVIOR = "gold.feature_history", "gold.customer_behavior"
CUSTOMERS, HOLDINGS = "silver.customers", "silver.holdings"


class Span(NamedTuple):
    """The days to compute; ``is_first`` where the view has no history yet."""

    first: date
    last: date
    is_first: bool


class View(NamedTuple):
    """A view to compute: what it reads and the query of (customer_key, day, values)."""

    name: str
    inputs: tuple[str, ...]
    version: str


PROFILE = View(customer_profile.VIEW, (CUSTOMERS, HOLDINGS), version_of(customer_profile.FEATURES))
ACTIVITY = View(customer_activity.VIEW, (BEHAVIOR,), version_of(customer_activity.FEATURES))


def build_features(tables: DeltaTables, *, through: date | None = None) -> dict[str, int]:
    """Compute every day up to ``through`` (by default the day of the newest event); returns rows changed by view."""
    bounds = "SELECT min(event_date) AS first, max(event_date) AS last FROM rows WHERE type NOT LIKE 'consent.%'"
    found = next(tables.reader.query(bounds, {"rows": BEHAVIOR}), None)
    if found is None or found["first"] is None:
        return {PROFILE.name: 0, ACTIVITY.name: 0}
    last = through or found["last"]
    return {view.name: _build(tables, view, found["first"], last) for view in (PROFILE, ACTIVITY)}


def _build(tables: DeltaTables, view: View, earliest: date, last: date) -> int:
    job = f"features.{view.name}"
    span = _span(tables, view, job, earliest, last)
    with tables.run(job, view.inputs, [HISTORY]) as rows:
        if span.first <= span.last:
            rows[HISTORY] = _compute(tables, view, span)
    return rows[HISTORY]


def _span(tables: DeltaTables, view: View, job: str, earliest: date, last: date) -> Span:
    """Return the days to compute: all where the definition is new, else those after the last and those that changed."""
    query = (
        f"SELECT max(event_time_ms) AS as_of FROM rows WHERE \"view\" = '{view.name}' AND version = '{view.version}'"
    )
    newest = next((row["as_of"] for row in tables.reader.query(query, {"rows": HISTORY})), None)
    if newest is None:
        return Span(earliest, last, is_first=True)
    done = _day_before(newest, tables.offset_hours)
    changed = _first_change(tables, view, job, done, earliest)
    first = min(done + timedelta(days=1), max(earliest, changed) if changed else date.max)
    return Span(first, max(last, done), is_first=False)


def _first_change(tables: DeltaTables, view: View, job: str, done: date, earliest: date) -> date | None:
    """Return the earliest day that may have changed since the last run, None for none."""
    if not tables.has_moved(job, view.inputs, HISTORY):
        return None
    if view is not ACTIVITY:
        return done
    since = last_input_versions(tables.lineage, job, HISTORY).get(BEHAVIOR)
    if since is None:
        return earliest
    feed = tables.session().read.format("delta").option("readChangeFeed", "true")
    changes = feed.option("startingVersion", since + 1).load(tables.location(BEHAVIOR))
    found: date | None = (
        changes.where("type NOT LIKE 'consent.%'").selectExpr("min(event_date) AS day").collect()[0]["day"]
    )
    return found


def _compute(tables: DeltaTables, view: View, span: Span) -> int:
    baseline = span.first if span.is_first else span.first - timedelta(days=1)
    sources = {name: tables.view(name) for name in (BEHAVIOR, CUSTOMERS, HOLDINGS)}
    if view is PROFILE:
        query = profile_sql(sources[CUSTOMERS], sources[HOLDINGS], baseline, span.last)
    else:
        query = activity_sql(sources[BEHAVIOR], sources[CUSTOMERS], baseline, span.last)
    tables.sql(query).createOrReplaceTempView("feature_values")
    return tables.merge_frame(HISTORY, tables.sql(_changed_sql(tables, view, span)))


def _changed_sql(tables: DeltaTables, view: View, span: Span) -> str:
    """Return the rows to write: values that differ from the day before, and days that have a row already."""
    history, offset_ms = tables.view(HISTORY), round(tables.offset_hours * HOUR_MS)
    first = f"DATE '{span.first}'"
    return f"""
        WITH computed AS (
            SELECT *, lag(`values`) OVER (PARTITION BY customer_key ORDER BY day) AS before,
                   (unix_date(day) + 1L) * {DAY_MS} - {offset_ms} AS event_time_ms
            FROM feature_values
        ),
        stored AS (SELECT customer_key, event_time_ms FROM {history} WHERE view = '{view.name}'),
        known AS (SELECT DISTINCT customer_key, true AS is_known FROM stored)
        SELECT '{view.name}' AS view, c.customer_key, c.event_time_ms, {tables.clock.now_ms()}L AS created_ms,
               c.`values`, '{view.version}' AS version
        FROM computed c LEFT JOIN known k USING (customer_key)
        LEFT JOIN stored s ON s.customer_key = c.customer_key AND s.event_time_ms = c.event_time_ms
        WHERE c.day >= {first} AND (NOT (c.`values` <=> c.before) OR s.customer_key IS NOT NULL
                                    OR (k.is_known IS NULL AND c.day = {first}))
    """


def _day_before(as_of_ms: int, offset_hours: float) -> date:
    return date(1970, 1, 1) + timedelta(days=(as_of_ms + round(offset_hours * HOUR_MS)) // DAY_MS - 1)
