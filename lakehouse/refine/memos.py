# ruff: noqa: S608 - the SQL is made of declared names
"""Memos to facts and events: each distinct text is read once, however often it was posted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.ids import Pseudonymizer
from hub.ports import MemoParser, Redactor
from lakehouse.protecting import protect_frame
from lakehouse.pseudonyms import pseudonym_view
from lakehouse.refine.memo_readings import FACT_COLUMNS, READINGS, SPREAD_FROM, TEXTS, read_texts
from lakehouse.session import kept

if TYPE_CHECKING:
    from lakehouse.delta_tables import DeltaTables

SOURCE, FACTS, EVENTS = "bronze.memos", "silver.memo_facts", "silver.events"
DONE = frozenset({"account", "customer_key", "text_key", "counterparty", "redacted_memo", "recurrence_key"})
"""Columns that are joined to pseudonyms here or masked by the parser."""


def refine_memos(
    tables: DeltaTables,
    parser: MemoParser,
    pseudonymizer: Pseudonymizer,
    *,
    spread_from: int = SPREAD_FROM,
    redactor: Redactor | None = None,
) -> dict[str, int]:
    """Read memos that this version of the parser has not read; returns rows by table.

    Each distinct text is read once and for good (silver.memo_readings), then joined back to its rows. Events are written
    before facts: a memo counts as done when its facts are there.

    Args:
        spread_from: from so many unread texts on Spark's workers read them, below this process does.
        redactor: masks texts that a column is declared for and the parser has not masked.
    """
    with tables.run("refine.memos", [SOURCE], [FACTS, EVENTS, READINGS]) as rows:
        pending = kept(
            tables.sql(f"""
            SELECT b.*, f.txn_id IS NOT NULL AS is_again FROM {tables.view(SOURCE)} b
            LEFT JOIN {tables.view(FACTS)} f ON f.txn_id = b.txn_id
            WHERE f.txn_id IS NULL OR f.content_hash <> b.content_hash OR f.parser_version <> '{parser.version}'
        """)
        )
        counts = pending.selectExpr("count(*) AS waiting", "count_if(is_again) AS again").collect()[0]
        if counts["waiting"] == 0:
            return rows
        pending.createOrReplaceTempView("memo_pending")
        rows[READINGS] = read_texts(tables, "memo_pending", parser, pseudonymizer, spread_from=spread_from)
        kinds = {"customer_no": "customer", "account_no": "account"}
        pseudonym_view(tables, "memo_names", pending, kinds, pseudonymizer)
        _register_facts(tables, parser.version)
        rows[EVENTS] = tables.merge_frame(EVENTS, tables.sql(f"{_TRANSACTIONS} UNION ALL {_LIFE_EVENTS}"))
        if counts["again"]:
            rows[EVENTS] += _drop_withdrawn_life_events(tables)
        rows[FACTS] = tables.merge_frame(
            FACTS, protect_frame(tables, FACTS, tables.sql("SELECT * FROM memo_rows"), pseudonymizer, redactor, DONE)
        )
        return rows


def _register_facts(tables: DeltaTables, version: str) -> None:
    columns = ", ".join(f"m.{name}" for name in FACT_COLUMNS)
    kept(
        tables.sql(f"""
        SELECT p.txn_id, a.pseudonym AS account, c.pseudonym AS customer_key, {columns}, m.text_key,
               m.parser_version, p.content_hash, p.posted_ms,
               p.amount, p.direction, p.method, p.balance, p.provenance, p.is_again
        FROM memo_pending p
        JOIN {TEXTS} t ON t.memo_text = coalesce(p.memo, '')
        JOIN {tables.view(READINGS)} m ON m.text_key = t.text_key AND m.parser_version = '{version}'
        LEFT JOIN memo_names a ON a.kind = 'account' AND a.raw = p.account_no
        LEFT JOIN memo_names c ON c.kind = 'customer' AND c.raw = p.customer_no
    """)
    ).createOrReplaceTempView("memo_rows")


def _drop_withdrawn_life_events(tables: DeltaTables) -> int:
    """Remove life events that an earlier version saw in a memo and this one does not."""
    again = tables.sql(
        "SELECT concat('txn-', txn_id, '-life') AS event_id FROM memo_rows WHERE is_again AND life_event IS NULL"
    )
    return tables.remove(EVENTS, again)


_ENVELOPE = """'transaction' AS channel, posted_ms AS event_time_ms, posted_ms AS received_time_ms, customer_key,
    array_compact(array(account)) AS ids, CAST(array() AS array<string>) AS consent_purposes, provenance"""

_TRANSACTIONS = f"""
    SELECT concat('txn-', txn_id) AS event_id, 'transaction.posted' AS type, to_json(named_struct(
        'account_id', account, 'amount', amount, 'direction', direction, 'method', method, 'category', category,
        'counterparty', counterparty, 'counterparty_kind', counterparty_kind, 'brand', brand, 'balance', balance
    )) AS properties, {_ENVELOPE} FROM memo_rows"""

_LIFE_EVENTS = f"""
    SELECT concat('txn-', txn_id, '-life') AS event_id, 'life_event.detected' AS type, to_json(named_struct(
        'life_event', life_event, 'source', 'memo', 'sentence', redacted_memo, 'confidence', confidence
    )) AS properties, {_ENVELOPE} FROM memo_rows WHERE life_event IS NOT NULL"""
