"""Feature history to where it is read: the online store, and one customer's values for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from hub.ports import OnlineStore
from hub.records import FeatureRow
from lakehouse.identity import IDENTITIES

if TYPE_CHECKING:
    from lakehouse.delta_tables import DeltaTables

HISTORY = "gold.feature_history"
LINKS_BATCH = 10_000


def materialize(tables: DeltaTables, online: OnlineStore) -> dict[str, int]:
    """Bring the latest row of each view and customer, and whose each id is, into the online store. Needs no driver."""
    written = online.write(latest_features(tables))
    links = {
        row["id"]: row["customer_key"] for row in tables.read(IDENTITIES, ["id", "customer_key"], "status = 'resolved'")
    }
    names = list(links)
    for start in range(0, len(names), LINKS_BATCH):
        online.link({name: links[name] for name in names[start : start + LINKS_BATCH]})
    return {"rows": written, "links": len(links)}


def latest_features(tables: DeltaTables) -> Iterator[FeatureRow]:
    """Yield the newest row of each view and customer."""
    query = (
        'SELECT "view", customer_key, event_time_ms, created_ms, "values", version FROM ('
        'SELECT *, row_number() OVER (PARTITION BY "view", customer_key ORDER BY event_time_ms DESC) AS place FROM rows'
        ") WHERE place = 1"
    )
    return (feature_row(row) for row in tables.reader.query(query, {"rows": HISTORY}))


def features_of(tables: DeltaTables, customer_key: str, as_of_ms: int) -> list[FeatureRow]:
    """Return the rows of all views that were in force for a customer at a time. Needs no driver."""
    safe = customer_key.replace("'", "''")
    rows = tables.read(HISTORY, where=f"customer_key = '{safe}' AND event_time_ms <= {int(as_of_ms)}")
    newest: dict[str, dict[str, Any]] = {}
    for row in rows:
        known = newest.get(row["view"])
        if known is None or row["event_time_ms"] > known["event_time_ms"]:
            newest[row["view"]] = row
    return [feature_row(newest[view]) for view in sorted(newest)]


def feature_row(row: dict[str, Any]) -> FeatureRow:
    """Return a row of the history as a record."""
    return FeatureRow(
        view=row["view"],
        customer_key=row["customer_key"],
        event_time_ms=row["event_time_ms"],
        created_ms=row["created_ms"],
        values=msgspec.json.decode(row["values"]),
        version=row["version"] or "",
    )
