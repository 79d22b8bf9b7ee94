# ruff: noqa: S608 - the SQL is made of declared names
"""Whose id is it: identity edges to ``gold.identities``.

Customers are known; the question is which customer each anonymous id, telephone and account belongs to. Labels spread
outwards from customers, one edge a round. An id takes the customer of its best nearest neighbours; where those name
several customers (a branch kiosk, a shared telephone) it is ambiguous: it belongs to nobody and passes nothing on. So
two customers never merge, and the answer does not depend on the order of the edges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakehouse.identity_edges import EDGES, LOGIN, MASTER
from lakehouse.session import kept

if TYPE_CHECKING:
    from pyspark.sql.connect.dataframe import DataFrame

    from lakehouse.delta_tables import DeltaTables

IDENTITIES = "gold.identities"
MAX_ROUNDS = 50
# The bank's own records outrank a login, a login outranks what a caller's number suggests.
_RANK = f"CASE source WHEN '{MASTER}' THEN 0 WHEN '{LOGIN}' THEN 1 ELSE 2 END"


def resolve_identities(tables: DeltaTables) -> int:
    """Bring ``gold.identities`` in line with the edges that hold now; returns how many ids changed."""
    labels = propagate(tables, valid_edges(tables))
    labels.createOrReplaceTempView("identity_labels")
    changed = tables.merge_frame(IDENTITIES, labels)
    if tables.row_count(IDENTITIES) == labels.count():
        return changed
    gone = tables.sql(f"SELECT id FROM {tables.view(IDENTITIES)} LEFT ANTI JOIN identity_labels USING (id)")
    return changed + tables.remove(IDENTITIES, gone)


def valid_edges(tables: DeltaTables) -> DataFrame:
    """Return both directions (source id, target id, rank) of the edges that were not taken back."""
    return tables.sql(f"""
        SELECT a AS here, b AS there, min({_RANK}) AS rank
        FROM (SELECT `left`, `right`, source FROM {tables.view(EDGES)}
              WHERE valid_to_ms IS NULL OR valid_to_ms > {tables.clock.now_ms()}) e
        LATERAL VIEW inline(array(named_struct("a", `left`, "b", `right`), named_struct("a", `right`, "b", `left`))) s AS a, b
        GROUP BY a, b
    """)


def propagate(tables: DeltaTables, edges: DataFrame) -> DataFrame:
    """Return (id, customer_key, status, distance, candidates) of every id that some customer reaches."""
    kept(edges).createOrReplaceTempView("identity_edges_now")
    known = _customers(tables)
    known.createOrReplaceTempView("identity_known")
    for distance in range(1, MAX_ROUNDS + 1):
        reached = kept(tables.sql(_next_round(distance)))
        if reached.isEmpty():
            break
        known = known.unionByName(reached)
        known.createOrReplaceTempView("identity_known")
    return kept(known.where("distance > 0"))


def _customers(tables: DeltaTables) -> DataFrame:
    return kept(
        tables.sql("""
        SELECT DISTINCT here AS id, here AS customer_key, 'resolved' AS status,
               CAST(0 AS BIGINT) AS distance, CAST(1 AS BIGINT) AS candidates
        FROM identity_edges_now WHERE here LIKE 'cus\\\\_%'
    """)
    )


def _next_round(distance: int) -> str:
    """Return the ids one edge further out; only neighbours over their best-ranked edges have a say."""
    return f"""
        WITH said AS (
            SELECT e.there AS id, k.customer_key, e.rank, min(e.rank) OVER (PARTITION BY e.there) AS best
            FROM identity_edges_now e JOIN identity_known k ON k.id = e.here
            LEFT ANTI JOIN identity_known d ON d.id = e.there
            WHERE k.status = 'resolved' AND k.distance = {distance - 1}
        )
        SELECT id, CASE WHEN count(DISTINCT customer_key) = 1 THEN min(customer_key) END AS customer_key,
               CASE WHEN count(DISTINCT customer_key) = 1 THEN 'resolved' ELSE 'ambiguous' END AS status,
               CAST({distance} AS BIGINT) AS distance, count(DISTINCT customer_key) AS candidates
        FROM said WHERE rank = best GROUP BY id
    """
