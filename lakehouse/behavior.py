# ruff: noqa: S608 - the SQL is made of declared names
"""The unified behaviour table: every event of every channel, with the person resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakehouse.identity import IDENTITIES, resolve_identities
from lakehouse.identity_edges import EDGES

if TYPE_CHECKING:
    from lakehouse.delta_tables import DeltaTables

EVENTS, BEHAVIOR, JOB = "silver.events", "gold.customer_behavior", "unify"


def unify(tables: DeltaTables) -> dict[str, int]:
    """Resolve identities and bring the behaviour table in line; returns rows changed by table.

    An event keeps the customer its source named. Else its ids decide, if they agree on one customer; an id that
    several customers share decides within a session in which exactly one of them was logged in.
    """
    if not tables.has_moved(JOB, [EVENTS, EDGES], BEHAVIOR):
        return {IDENTITIES: 0, BEHAVIOR: 0}
    with tables.run(JOB, [EVENTS, EDGES], [IDENTITIES, BEHAVIOR]) as rows:
        rows[IDENTITIES] = resolve_identities(tables)
        tables.sql(
            _RESOLVED.format(events=tables.view(EVENTS), identities=tables.view(IDENTITIES))
        ).createOrReplaceTempView("behavior_resolved")
        rows[BEHAVIOR] = tables.merge_frame(BEHAVIOR, tables.sql("SELECT * FROM behavior_resolved"))
        if tables.row_count(BEHAVIOR) != tables.row_count(EVENTS):
            gone = f"SELECT event_id FROM {tables.view(BEHAVIOR)} LEFT ANTI JOIN {tables.view(EVENTS)} USING (event_id)"
            rows[BEHAVIOR] += tables.remove(BEHAVIOR, tables.sql(gone))
        return rows


_RESOLVED = """
    WITH unknown AS (
        SELECT event_id, get_json_object(properties, '$.session_id') AS session_id, explode(ids) AS id
        FROM {events} WHERE customer_key IS NULL
    ),
    by_id AS (
        SELECT u.event_id, i.customer_key FROM unknown u JOIN {identities} i ON i.id = u.id
        WHERE i.status = 'resolved'
    ),
    shared AS (
        SELECT u.event_id, u.session_id FROM unknown u JOIN {identities} i ON i.id = u.id
        WHERE i.status = 'ambiguous' AND u.session_id IS NOT NULL
    ),
    sessions AS (
        SELECT get_json_object(properties, '$.session_id') AS session_id, min(customer_key) AS customer_key
        FROM {events} WHERE customer_key IS NOT NULL AND (SELECT count(*) FROM shared) > 0
        GROUP BY 1 HAVING count(DISTINCT customer_key) = 1
    ),
    resolved AS (
        SELECT event_id, min(customer_key) AS customer_key
        FROM (SELECT * FROM by_id UNION ALL
              SELECT s.event_id, n.customer_key FROM shared s JOIN sessions n USING (session_id))
        GROUP BY event_id HAVING count(DISTINCT customer_key) = 1
    )
    SELECT e.* EXCEPT (customer_key), coalesce(e.customer_key, r.customer_key) AS customer_key
    FROM {events} e LEFT JOIN resolved r USING (event_id)
"""
