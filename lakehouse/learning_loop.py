# ruff: noqa: S608 - the SQL is made of declared names
"""Decisions, receipts and outcomes back into the lake."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from hub.records import Decision, Receipt

if TYPE_CHECKING:
    from lakehouse.delta_tables import DeltaTables

DECISIONS, RECEIPTS, OUTCOMES, BEHAVIOR = "gold.decisions", "gold.receipts", "gold.outcomes", "gold.customer_behavior"


def land_decisions(tables: DeltaTables, decisions: Sequence[Decision]) -> int:
    """Write decisions as they were made; returns how many were new."""
    if not decisions:
        return 0
    with tables.run("land.decisions", [], [DECISIONS]) as rows:
        rows[DECISIONS] = tables.merge(DECISIONS, [msgspec.to_builtins(item) for item in decisions])
    return rows[DECISIONS]


def land_receipts(tables: DeltaTables, receipts: Sequence[Receipt]) -> int:
    """Write receipts; the first of each decision stays. Returns how many were new."""
    if not receipts:
        return 0
    with tables.run("land.receipts", [], [RECEIPTS]) as rows:
        rows[RECEIPTS] = tables.merge(RECEIPTS, [msgspec.to_builtins(item) for item in receipts])
    return rows[RECEIPTS]


def build_outcomes(tables: DeltaTables) -> int:
    """Turn ``offer.*`` events into outcomes of their decisions; returns how many were new."""
    with tables.run("build.outcomes", [BEHAVIOR], [OUTCOMES]) as rows:
        found = tables.sql(f"""
            SELECT event_id, get_json_object(properties, '$.decision_id') AS decision_id, customer_key,
                   substring_index(type, '.', -1) AS kind, event_time_ms,
                   coalesce(try_cast(get_json_object(properties, '$.value') AS double), 0.0) AS value
            FROM {tables.view(BEHAVIOR)}
            WHERE type LIKE 'offer.%' AND get_json_object(properties, '$.decision_id') IS NOT NULL
        """)
        rows[OUTCOMES] = tables.merge_frame(OUTCOMES, found)
    return rows[OUTCOMES]
