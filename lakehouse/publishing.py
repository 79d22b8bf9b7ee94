"""Gold to the event log: resolved behaviour and feature updates as one stream in the order of time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from hub.records import BehaviorEvent, Channel, Provenance

if TYPE_CHECKING:
    from lakehouse.delta_tables import DeltaTables

BEHAVIOR, HISTORY = "gold.customer_behavior", "gold.feature_history"


def events_to_publish(
    tables: DeltaTables, *, after_ms: int | None = None, until_ms: int | None = None
) -> Iterator[BehaviorEvent]:
    """Yield resolved behaviour and ``features.updated`` by time; features first where times are equal.

    A feature update is stamped with its as-of time, the end of its day, so that a decision never sees what was not
    known yet. Needs no driver.

    Args:
        after_ms: only events later than this.
        until_ms: only events up to and including this.
    """
    low = -(2**62) if after_ms is None else int(after_ms)
    high = 2**62 if until_ms is None else int(until_ms)
    rows = tables.reader.query(_QUERY.format(low=low, high=high), {"behavior": BEHAVIOR, "history": HISTORY})
    return (_event(row) for row in rows)


_QUERY = """
    SELECT 1 AS place, event_id, type, channel, event_time_ms, received_time_ms, customer_key, ids, properties,
           consent_purposes, provenance['dataset'] AS dataset, provenance['object'] AS object,
           provenance['offset'] AS at_offset, provenance['start_ms'] AS start_ms, provenance['end_ms'] AS end_ms,
           CAST(NULL AS VARCHAR) AS "view", CAST(NULL AS VARCHAR) AS version
    FROM behavior WHERE customer_key IS NOT NULL AND event_time_ms > {low} AND event_time_ms <= {high}
    UNION ALL
    SELECT 0 AS place, concat('features-', "view", '-', customer_key, '-', event_time_ms) AS event_id,
           'features.updated' AS type, 'system' AS channel,
           event_time_ms AS event_time_ms, event_time_ms AS received_time_ms, customer_key, CAST(NULL AS VARCHAR[]) AS ids,
           "values" AS properties, CAST(NULL AS VARCHAR[]) AS consent_purposes, 'gold.feature_history' AS dataset, '' AS object,
           NULL AS at_offset, NULL AS start_ms, NULL AS end_ms, "view", version
    FROM history WHERE event_time_ms > {low} AND event_time_ms <= {high}
    ORDER BY event_time_ms, place, event_id
"""


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
