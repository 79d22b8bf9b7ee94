"""Gold to the event log: resolved behaviour and feature updates as one stream in the order of time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from hub.records import BehaviorEvent, Channel, Provenance
from lakehouse.delta_reader import AtVersion

if TYPE_CHECKING:
    from lakehouse.delta_tables import DeltaTables

BEHAVIOR, HISTORY = "gold.customer_behavior", "gold.feature_history"


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """Which versions of which tables were published whole."""

    behavior: int
    history: int
    tables: tuple[str, ...]


def newest_versions(tables: DeltaTables) -> Published | None:
    """Return the versions as of now; None while there is nothing to publish."""
    behavior, history = tables.reader.version(BEHAVIOR), tables.reader.version(HISTORY)
    if behavior is None or history is None:
        return None
    names = tuple(tables.reader.identity(name) or "" for name in (BEHAVIOR, HISTORY))
    return Published(behavior=behavior, history=history, tables=names)


def events_to_publish(
    tables: DeltaTables,
    *,
    after_ms: int | None = None,
    until_ms: int | None = None,
    at: Published | None = None,
    since: Published | None = None,
) -> Iterator[BehaviorEvent]:
    """Yield resolved behaviour and ``features.updated`` by time; features first where times are equal.

    A feature update is stamped with its as-of time, the end of its day, so that a decision never sees what was not
    known yet. Needs no driver.

    Args:
        after_ms: only events later than this.
        until_ms: only events up to and including this.
        at: the tables as these versions were; None: as they are.
        since: only what these versions had not: events that came or whose person became known afterwards.

    Raises:
        Permanent: ``version_gone``: the versions of ``since`` are no longer on disk.
    """
    low = -(2**62) if after_ms is None else int(after_ms)
    high = 2**62 if until_ms is None else int(until_ms)
    sources: dict[str, str | AtVersion] = {"behavior": BEHAVIOR, "history": HISTORY}
    if at is not None:
        sources = {"behavior": AtVersion(BEHAVIOR, at.behavior), "history": AtVersion(HISTORY, at.history)}
    known = {"known_behavior": "", "known_history": ""}
    if since is not None:
        sources["behavior_before"] = AtVersion(BEHAVIOR, since.behavior)
        sources["history_before"] = AtVersion(HISTORY, since.history)
        known = {name: sql.format(low=low, high=high) for name, sql in _KNOWN.items()}
    rows = tables.reader.query(_QUERY.format(low=low, high=high, **known), sources)
    return (_event(row) for row in rows)


_QUERY = """
    SELECT 1 AS place, event_id, type, channel, event_time_ms, received_time_ms, customer_key, ids, properties,
           consent_purposes, provenance['dataset'] AS dataset, provenance['object'] AS object,
           provenance['offset'] AS at_offset, provenance['start_ms'] AS start_ms, provenance['end_ms'] AS end_ms,
           CAST(NULL AS VARCHAR) AS "view", CAST(NULL AS VARCHAR) AS version
    FROM behavior {known_behavior}
    WHERE customer_key IS NOT NULL AND event_time_ms > {low} AND event_time_ms <= {high}
    UNION ALL
    SELECT 0 AS place, concat('features-', "view", '-', customer_key, '-', event_time_ms) AS event_id,
           'features.updated' AS type, 'system' AS channel,
           event_time_ms AS event_time_ms, event_time_ms AS received_time_ms, customer_key, CAST(NULL AS VARCHAR[]) AS ids,
           "values" AS properties, CAST(NULL AS VARCHAR[]) AS consent_purposes, 'gold.feature_history' AS dataset, '' AS object,
           NULL AS at_offset, NULL AS start_ms, NULL AS end_ms, "view", version
    FROM history {known_history} WHERE event_time_ms > {low} AND event_time_ms <= {high}
    ORDER BY event_time_ms, place, event_id
"""
_KNOWN = {
    "known_behavior": """
        LEFT ANTI JOIN (SELECT event_id AS known_id FROM behavior_before
                        WHERE customer_key IS NOT NULL AND event_time_ms > {low} AND event_time_ms <= {high}) b
        ON event_id = b.known_id""",
    "known_history": """
        LEFT ANTI JOIN (SELECT "view" AS known_view, customer_key AS known_key, event_time_ms AS known_ms FROM history_before
                        WHERE event_time_ms > {low} AND event_time_ms <= {high}) h
        ON "view" = h.known_view AND customer_key = h.known_key AND event_time_ms = h.known_ms""",
}


def _event(row: dict[str, Any]) -> BehaviorEvent:
    properties = msgspec.json.decode(row["properties"] or "{}")
    if row["view"] is not None:
        properties = {"view": row["view"], "values": properties, "version": row["version"] or ""}
    return BehaviorEvent(
        event_id=row["event_id"],
        type=row["type"],
        channel=Channel(row["channel"]),
        event_time_ms=row["event_time_ms"],
        received_time_ms=row["received_time_ms"],
        customer_key=row["customer_key"],
        ids=tuple(row["ids"] or ()),
        properties=properties,
        consent_purposes=tuple(row["consent_purposes"] or ()),
        provenance=Provenance(
            dataset=row["dataset"] or "",
            object=row["object"] or "",
            offset=row["at_offset"],
            start_ms=row["start_ms"],
            end_ms=row["end_ms"],
        ),
    )
