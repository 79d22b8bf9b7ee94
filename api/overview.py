"""The hub at a glance, put together from tables, runs, letters and decisions; names no person."""

from __future__ import annotations

from collections import Counter, deque
from typing import Any

from api.parts import Parts
from hub.ports import LineageStore
from hub.records import LetterStatus

EVENTS_TOPIC = "events"
MAX_RUNS = 300
MAX_LETTERS = 10_000
MAX_UPSTREAM = 200

FIGURES: dict[str, str] = {
    "calls": "bronze.calls",
    "memos": "bronze.memos",
    "clicks": "bronze.log_lines",
    "behavior_events": "gold.customer_behavior",
    "customers": "silver.customers",
    "linked_ids": "gold.identities",
    "feature_rows": "gold.feature_history",
    "outcomes": "gold.outcomes",
}
"""Each figure of the overview and the table whose rows it counts."""


def overview(parts: Parts) -> dict[str, Any]:
    """Return every figure of the overview."""
    tables = parts.tables_info()
    rows = {table.name: table.rows for table in tables}
    letters = parts.dead_letters.list(status=LetterStatus.OPEN, limit=MAX_LETTERS)
    written = freshness(parts)
    return {
        "now_ms": parts.clock.now_ms(),
        "figures": {
            **{name: rows.get(table, 0) for name, table in FIGURES.items()},
            "refused": len(letters),
            "features": len(parts.features.specs()),
            "live_events": sum(parts.log.end_offsets(EVENTS_TOPIC)),
            "scenarios": len(parts.scenarios()),
        },
        "refused_by_reason": Counter(letter.reason for letter in letters),
        "decisions": parts.decisions.count(),
        "tables": [
            {
                "name": table.name,
                "zone": table.zone,
                "rows": table.rows,
                "version": table.version,
                "written_ms": written.get(table.name),
            }
            for table in tables
        ],
        "stages": parts.stages(),
    }


def freshness(parts: Parts) -> dict[str, int]:
    """Return when each dataset was last written by a run that completed."""
    newest: dict[str, int] = {}
    for run in parts.lineage.runs(limit=MAX_RUNS):
        if run.status == "COMPLETE":
            for output in run.outputs:
                newest[output.name] = max(run.ended_ms, newest.get(output.name, 0))
    return newest


def upstream(lineage: LineageStore, dataset: str) -> list[dict[str, Any]]:
    """Return every dataset that one was made from, nearest first, with the job in between."""
    seen = {dataset}
    edges: list[dict[str, Any]] = []
    waiting = deque([dataset])
    while waiting and len(seen) <= MAX_UPSTREAM:
        target = waiting.popleft()
        for run in lineage.runs(target, 1):
            for source in run.inputs:
                edges.append({"from": source.name, "to": target, "job": run.job, "version": source.version})
                if source.name not in seen:
                    seen.add(source.name)
                    waiting.append(source.name)
    return edges
