# ruff: noqa: S608 - the SQL is made of declared names
"""Identity edges into ``silver.identity_edges``: the earliest evidence counts, a retraction stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql.connect.dataframe import DataFrame

    from lakehouse.delta_tables import DeltaTables

EDGES = "silver.identity_edges"
MASTER, LOGIN, CALL = "master", "login", "call"


def add_edges(tables: DeltaTables, edges: DataFrame) -> int:
    """Write edges (left, right, source, valid_from_ms, evidence)."""
    edges.createOrReplaceTempView("edges_found")
    merged = tables.sql(f"""
        WITH found AS (
            SELECT `left`, `right`, source, min(valid_from_ms) AS since, min_by(evidence, valid_from_ms) AS evidence
            FROM edges_found WHERE `left` IS NOT NULL AND `right` IS NOT NULL GROUP BY `left`, `right`, source
        )
        SELECT f.`left`, f.`right`, f.source, least(f.since, t.valid_from_ms) AS valid_from_ms, t.valid_to_ms,
               CASE WHEN t.valid_from_ms <= f.since THEN t.evidence ELSE f.evidence END AS evidence
        FROM found f LEFT JOIN {tables.view(EDGES)} t USING (`left`, `right`, source)
    """)
    return tables.merge_frame(EDGES, merged)


def retract_missing_edges(tables: DeltaTables, source: str, current: str, now_ms: int) -> int:
    """Take back a source's edges that its current view no longer has (a telephone number given up)."""
    gone = tables.sql(f"""
        SELECT t.`left`, t.`right`, t.source, t.valid_from_ms, CAST({now_ms} AS BIGINT) AS valid_to_ms, t.evidence
        FROM {tables.view(EDGES)} t LEFT ANTI JOIN {current} c USING (`left`, `right`, source)
        WHERE t.source = '{source}' AND t.valid_to_ms IS NULL
    """)
    return tables.merge_frame(EDGES, gone)
