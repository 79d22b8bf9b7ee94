# ruff: noqa: S608 - the SQL is made of declared names
"""Master data to silver: who customers are without what identifies them, what they hold, what they consented to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.ids import Pseudonymizer
from lakehouse.identity_edges import EDGES, MASTER, add_edges, retract_missing_edges
from lakehouse.protecting import protect_frame
from lakehouse.pseudonyms import pseudonym_view
from lakehouse.session import kept

if TYPE_CHECKING:
    from lakehouse.delta_tables import DeltaTables

SOURCE, JOB = "bronze.master_rows", "refine.master"
CUSTOMERS, HOLDINGS, PRODUCTS, EVENTS = "silver.customers", "silver.holdings", "silver.products", "silver.events"

_FIELDS = {
    "customers": "customer_no sex birth_date phone region occupation segment consultant_id joined_on",
    "accounts": "account_no customer_no opened_on",
    "products": "product_id name_ko name_en product_type rate owner",
    "holdings": "holding_id customer_no product_id opened_on matures_on amount",
    "consents": "customer_no purpose granted_at withdrawn_at",
}


def refine_master(tables: DeltaTables, pseudonymizer: Pseudonymizer) -> dict[str, int]:
    """Bring silver in line with the latest master data; returns rows changed by table."""
    outputs = [CUSTOMERS, HOLDINGS, PRODUCTS, EVENTS, EDGES]
    if not tables.has_moved(JOB, [SOURCE], CUSTOMERS):
        return dict.fromkeys(outputs, 0)
    with tables.run(JOB, [SOURCE], outputs) as rows:
        for name in _FIELDS:
            _register(tables, name)
        _register_names(tables, pseudonymizer)
        rows[PRODUCTS] = tables.merge_frame(PRODUCTS, tables.sql(_PRODUCTS))
        for table, query in ((CUSTOMERS, _CUSTOMERS), (HOLDINGS, _HOLDINGS)):
            frame = protect_frame(tables, table, tables.sql(query), pseudonymizer, None, ("customer_key",))
            rows[table] = tables.merge_frame(table, frame)
        rows[EVENTS] = tables.merge_frame(EVENTS, tables.sql(_consent_events(tables.offset_hours)))
        kept(tables.sql(_edges(tables.offset_hours))).createOrReplaceTempView("master_edges")
        rows[EDGES] = add_edges(tables, tables.sql("SELECT * FROM master_edges"))
        rows[EDGES] += retract_missing_edges(tables, MASTER, "master_edges", tables.clock.now_ms())
        return rows


def _register(tables: DeltaTables, name: str) -> None:
    """Register the master table as the view ``master_<name>``, empty text as NULL."""
    columns = ", ".join(f"nullif(trim(`values`['{field}']), '') AS {field}" for field in _FIELDS[name].split())
    tables.sql(
        f"SELECT {columns}, provenance FROM {tables.view(SOURCE)} WHERE `table` = '{name}'"
    ).createOrReplaceTempView(f"master_{name}")


def _register_names(tables: DeltaTables, pseudonymizer: Pseudonymizer) -> None:
    raw = tables.sql("""
        SELECT customer_no, phone, CAST(NULL AS string) AS account_no FROM master_customers
        UNION ALL SELECT customer_no, NULL, account_no FROM master_accounts
        UNION ALL SELECT customer_no, NULL, NULL FROM master_holdings
        UNION ALL SELECT customer_no, NULL, NULL FROM master_consents
    """)
    kinds = {"customer_no": "customer", "phone": "phone", "account_no": "account"}
    pseudonym_view(tables, "master_names", raw, kinds, pseudonymizer)


def _name(kind: str, column: str) -> str:
    return f"(SELECT raw AS {column}, pseudonym AS {kind} FROM master_names WHERE kind = '{kind}')"


def _ms(column: str, offset_hours: float) -> str:
    """Return the SQL of epoch milliseconds of an ISO 8601 text; one that names no offset is local."""
    moment = f"try_cast({column} AS timestamp)"
    shift = f"CASE WHEN {column} RLIKE 'T.*(Z|[+-][0-9]{{2}}:?[0-9]{{2}})$' THEN 0 ELSE {round(offset_hours * 3_600_000)} END"
    return f"(unix_millis({moment}) - {shift})"


_CUSTOMER = _name("customer", "customer_no")

_PRODUCTS = """
    SELECT product_id, name_ko, name_en, product_type, try_cast(rate AS double) AS rate, owner
    FROM master_products WHERE product_id IS NOT NULL"""

_CUSTOMERS = f"""
    SELECT n.customer AS customer_key, sex, CAST(trunc(try_cast(birth_date AS date), 'MM') AS date) AS birth_month,
           region, occupation, segment, try_cast(joined_on AS date) AS joined_on,
           consultant_id IS NOT NULL AS has_consultant, consultant_id,
           coalesce(g.consents, CAST(array() AS array<string>)) AS consents
    FROM master_customers c JOIN {_CUSTOMER} n USING (customer_no)
    LEFT JOIN (SELECT customer_no, sort_array(collect_set(purpose)) AS consents FROM master_consents
               WHERE withdrawn_at IS NULL GROUP BY customer_no) g USING (customer_no)"""

_HOLDINGS = f"""
    SELECT h.holding_id, n.customer AS customer_key, h.product_id, p.product_type,
           try_cast(h.opened_on AS date) AS opened_on, try_cast(h.matures_on AS date) AS matures_on,
           try_cast(h.amount AS bigint) AS amount
    FROM master_holdings h JOIN {_CUSTOMER} n USING (customer_no)
    LEFT JOIN master_products p ON p.product_id = h.product_id"""


def _consent_events(offset_hours: float) -> str:
    return f"""
    SELECT concat('consent-', sha1(concat_ws('|', customer, purpose, change, at_text))) AS event_id,
           concat('consent.', change) AS type, 'core' AS channel, at_ms AS event_time_ms, at_ms AS received_time_ms,
           customer AS customer_key, CAST(array() AS array<string>) AS ids,
           to_json(named_struct('purpose', purpose)) AS properties,
           CAST(array() AS array<string>) AS consent_purposes, provenance
    FROM (
        SELECT n.customer, purpose, provenance, 'granted' AS change, granted_at AS at_text,
               {_ms("granted_at", offset_hours)} AS at_ms
        FROM master_consents JOIN {_CUSTOMER} n USING (customer_no)
        UNION ALL
        SELECT n.customer, purpose, provenance, 'withdrawn', withdrawn_at, {_ms("withdrawn_at", offset_hours)}
        FROM master_consents JOIN {_CUSTOMER} n USING (customer_no)
    ) WHERE at_ms IS NOT NULL AND purpose IS NOT NULL"""


def _edges(offset_hours: float) -> str:
    return f"""
    SELECT p.phone AS `left`, n.customer AS `right`, '{MASTER}' AS source,
           coalesce({_ms("joined_on", offset_hours)}, 0) AS valid_from_ms, 'customers' AS evidence
    FROM master_customers c JOIN {_CUSTOMER} n USING (customer_no)
    JOIN (SELECT raw, pseudonym AS phone FROM master_names WHERE kind = 'phone') p ON p.raw = c.phone
    UNION ALL
    SELECT k.account, n.customer, '{MASTER}', coalesce({_ms("opened_on", offset_hours)}, 0), 'accounts'
    FROM master_accounts a JOIN {_CUSTOMER} n USING (customer_no)
    JOIN (SELECT raw, pseudonym AS account FROM master_names WHERE kind = 'account') k ON k.raw = a.account_no"""
