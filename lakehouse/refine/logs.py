# ruff: noqa: S608 - the SQL is made of declared names
"""Log lines to events: pseudonymous ids, only the properties that may leave the vault, logins as identity edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.ids import Pseudonymizer
from lakehouse.identity_edges import EDGES, LOGIN, add_edges
from lakehouse.property_policy import ACCOUNT_SQL, kept_sql
from lakehouse.protecting import protect_frame
from lakehouse.pseudonyms import pseudonym_view
from lakehouse.session import kept

if TYPE_CHECKING:
    from pyspark.sql.connect.dataframe import DataFrame

    from lakehouse.delta_tables import DeltaTables

SOURCE, TARGET = "bronze.log_lines", "silver.events"


def refine_logs(tables: DeltaTables, pseudonymizer: Pseudonymizer) -> dict[str, int]:
    """Turn log lines that are no events yet into events and identity edges; returns rows by table.

    Edges are written before events: a line counts as done when its event is there.
    """
    with tables.run("refine.logs", [SOURCE], [TARGET, EDGES]) as rows:
        pending = kept(
            tables.sql(f"""
            SELECT b.*, {ACCOUNT_SQL} AS account_raw FROM {tables.view(SOURCE)} b
            LEFT ANTI JOIN {tables.view(TARGET)} e ON e.event_id = b.message_id
        """)
        )
        if pending.isEmpty():
            return rows
        _register(tables, pending, pseudonymizer)
        logins = tables.sql(f"""
            SELECT anonymous AS `left`, customer_key AS `right`, '{LOGIN}' AS source,
                   event_time_ms AS valid_from_ms, event_id AS evidence
            FROM log_events WHERE anonymous IS NOT NULL AND customer_key IS NOT NULL
        """)
        rows[EDGES] = add_edges(tables, logins)
        events = tables.sql("SELECT * FROM log_events").drop("anonymous")
        rows[TARGET] = tables.merge_frame(
            TARGET, protect_frame(tables, TARGET, events, pseudonymizer, None, ("customer_key",))
        )
        return rows


def _register(tables: DeltaTables, pending: DataFrame, pseudonymizer: Pseudonymizer) -> None:
    pending.createOrReplaceTempView("log_pending")
    kinds = {"customer_no": "customer", "anonymous_id": "anonymous", "account_raw": "account"}
    names = pseudonym_view(tables, "log_names", pending, kinds, pseudonymizer)
    kept(
        tables.sql(f"""
        SELECT message_id AS event_id, type, channel, event_time_ms, received_time_ms,
               c.pseudonym AS customer_key, a.pseudonym AS anonymous,
               array_compact(array(a.pseudonym, k.account)) AS ids,
               {kept_sql("k.account")} AS properties, CAST(array() AS array<string>) AS consent_purposes, provenance
        FROM log_pending p
        LEFT JOIN {names} c ON c.kind = 'customer' AND c.raw = p.customer_no
        LEFT JOIN {names} a ON a.kind = 'anonymous' AND a.raw = p.anonymous_id
        LEFT JOIN (SELECT raw, CASE WHEN raw LIKE 'acc\\\\_%' THEN raw ELSE pseudonym END AS account
                   FROM {names} WHERE kind = 'account') k ON k.raw = p.account_raw
    """)
    ).createOrReplaceTempView("log_events")
