# ruff: noqa: S608 - the SQL is made of declared names
"""Memos to facts and events: each distinct text is read once, however often it was posted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa

from hub.ids import Pseudonymizer
from hub.ports import MemoParser
from hub.records import MemoFacts
from lakehouse.pseudonyms import pseudonym_view
from lakehouse.session import kept

if TYPE_CHECKING:
    from lakehouse.delta_tables import DeltaTables

SOURCE, FACTS, EVENTS = "bronze.memos", "silver.memo_facts", "silver.events"
BATCH_TEXTS = 5_000

_PARSED = pa.schema(
    [
        ("memo_text", pa.string()),
        ("category", pa.string()),
        ("counterparty", pa.string()),
        ("counterparty_kind", pa.string()),
        ("brand", pa.string()),
        ("branch", pa.string()),
        ("life_event", pa.string()),
        ("is_recurring", pa.bool_()),
        ("confidence", pa.float64()),
        ("decided_by", pa.string()),
        ("redacted_memo", pa.string()),
    ]
)


def refine_memos(tables: DeltaTables, parser: MemoParser, pseudonymizer: Pseudonymizer) -> dict[str, int]:
    """Read memos that this version of the parser has not read; returns rows by table.

    Events are written before facts: a memo counts as done when its facts are there.
    """
    with tables.run("refine.memos", [SOURCE], [FACTS, EVENTS]) as rows:
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
        _register_parsed(tables, parser)
        kinds = {"customer_no": "customer", "account_no": "account"}
        pseudonym_view(tables, "memo_names", pending, kinds, pseudonymizer)
        _register_facts(tables, parser.version)
        rows[EVENTS] = tables.merge_frame(EVENTS, tables.sql(f"{_TRANSACTIONS} UNION ALL {_LIFE_EVENTS}"))
        if counts["again"]:
            rows[EVENTS] += _drop_withdrawn_life_events(tables)
        rows[FACTS] = tables.merge_frame(FACTS, tables.sql("SELECT * FROM memo_rows"))
        return rows


def _register_parsed(tables: DeltaTables, parser: MemoParser) -> None:
    texts = tables.sql("SELECT DISTINCT memo FROM memo_pending").toArrow().column("memo").to_pylist()
    batches = [_parsed_batch(texts[start : start + BATCH_TEXTS], parser) for start in range(0, len(texts), BATCH_TEXTS)]
    tables.session().createDataFrame(pa.concat_tables(batches)).createOrReplaceTempView("memo_parsed")


def _parsed_batch(texts: Sequence[str | None], parser: MemoParser) -> pa.Table:
    facts: list[MemoFacts] = parser.parse([text or "" for text in texts])
    rows = [{"memo_text": text, **msgspec.to_builtins(fact)} for text, fact in zip(texts, facts, strict=True)]
    return pa.Table.from_pylist(rows, schema=_PARSED)


def _register_facts(tables: DeltaTables, version: str) -> None:
    kept(
        tables.sql(f"""
        SELECT p.txn_id, a.pseudonym AS account, c.pseudonym AS customer_key, m.category, m.counterparty,
               m.counterparty_kind, m.brand, m.branch, m.life_event, m.is_recurring, m.confidence, m.decided_by,
               m.redacted_memo, '{version}' AS parser_version, p.content_hash, p.posted_ms,
               p.amount, p.direction, p.method, p.balance, p.provenance, p.is_again
        FROM memo_pending p
        JOIN memo_parsed m ON m.memo_text <=> p.memo
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
