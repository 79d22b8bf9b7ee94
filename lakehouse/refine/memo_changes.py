# ruff: noqa: S608 - the SQL is made of declared names
"""What another version of the memo parser changed, field by field, told without personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.errors import Misconfigured
from lakehouse.refine.memo_readings import FACT_COLUMNS, READINGS

if TYPE_CHECKING:
    from lakehouse.delta_tables import DeltaTables

EXAMPLES = 3
_NAMES_PEOPLE = ("counterparty", "brand", "branch", "recurrence_key")
"""Fields in which an earlier version may have taken a person for a shop: shown only where both saw no person."""


def memo_versions(tables: DeltaTables) -> list[str]:
    """Return the versions of the parser that have read memos, the latest first."""
    rows = tables.sql(f"""
        SELECT parser_version FROM {tables.view(READINGS)} GROUP BY 1 ORDER BY max(processed_ms) DESC, parser_version
    """).collect()
    return [row["parser_version"] for row in rows]


def memo_changes(tables: DeltaTables, before: str, after: str, *, examples: int = EXAMPLES) -> dict[str, Any]:
    """Return how many texts, and facts made of them, two versions read differently, by field, most changed first.

    Raises:
        Misconfigured: a version has a character that none has.
    """
    for version in (before, after):
        if not version.replace("-", "").replace("_", "").replace(".", "").isalnum():
            raise Misconfigured(f"{version!r} is no version of the memo parser", reason="unknown_version")
    tables.sql(_both(tables, before, after)).createOrReplaceTempView("memo_both")
    counts = ", ".join(
        f"count_if({_differs(name)}) AS {name}_texts, coalesce(sum(CASE WHEN {_differs(name)} THEN facts END), 0) AS {name}_facts"
        for name in FACT_COLUMNS
    )
    row = tables.sql(f"SELECT count(*) AS texts, coalesce(sum(facts), 0) AS facts, {counts} FROM memo_both").collect()[
        0
    ]
    changed = sorted(
        (name for name in FACT_COLUMNS if row[f"{name}_texts"]), key=lambda name: (-row[f"{name}_facts"], name)
    )
    fields = {
        name: {
            "texts": row[f"{name}_texts"],
            "facts": row[f"{name}_facts"],
            "examples": _examples(tables, name, examples),
        }
        for name in changed
    }
    return {"before": before, "after": after, "texts": row["texts"], "facts": row["facts"], "fields": fields}


def _both(tables: DeltaTables, before: str, after: str) -> str:
    columns = ", ".join(f"b.{name} AS old_{name}, a.{name} AS new_{name}" for name in FACT_COLUMNS)
    return f"""
        SELECT {columns}, coalesce(f.facts, 0) AS facts FROM {tables.view(READINGS)} b
        JOIN {tables.view(READINGS)} a ON a.text_key = b.text_key AND a.parser_version = '{after}'
        LEFT JOIN (SELECT text_key, count(*) AS facts FROM {tables.view("silver.memo_facts")} GROUP BY 1) f
        ON f.text_key = b.text_key
        WHERE b.parser_version = '{before}'"""


def _differs(name: str) -> str:
    if name == "confidence":
        return "abs(coalesce(old_confidence, 0) - coalesce(new_confidence, 0)) > 0.005"
    return f"NOT (old_{name} <=> new_{name})"


def _examples(tables: DeltaTables, name: str, limit: int) -> list[dict[str, Any]]:
    """Return some of the most frequent changes; of the masked memo itself none: an earlier mask may have had a hole."""
    if name == "redacted_memo":
        return []
    nobody = "old_counterparty_kind <> 'person' AND new_counterparty_kind <> 'person'"
    only = f"AND {nobody}" if name in _NAMES_PEOPLE else ""
    rows = tables.sql(f"""
        SELECT new_redacted_memo AS memo, old_{name} AS before, new_{name} AS after FROM memo_both
        WHERE {_differs(name)} {only} ORDER BY facts DESC, memo LIMIT {limit}
    """).collect()
    return [row.asDict() for row in rows]
