"""Whose id it is: against the naive answer on random graphs, and where people share things."""

from __future__ import annotations

import random

import pytest

from hub.clock import SettableClock
from hub.ids import Pseudonymizer
from lakehouse.behavior import unify
from lakehouse.delta_tables import DeltaTables
from lakehouse.refine import refine_logs
from tests.lakehouse import oracle
from tests.lakehouse.parts import log_row

pytestmark = pytest.mark.spark
AT_MS = 1_790_000_000_000


def _edge(left: str, right: str, source: str = "login") -> dict[str, object]:
    return {"left": left, "right": right, "source": source, "valid_from_ms": AT_MS, "evidence": "test"}


def _resolve(tables: DeltaTables, edges: list[dict[str, object]]) -> dict[str, str | None]:
    tables.merge("silver.identity_edges", edges)
    unify(tables)
    return {row["id"]: row["customer_key"] for row in tables.read("gold.identities")}


def test_a_random_graph_resolves_as_the_naive_answer_says(tables: DeltaTables) -> None:
    rng = random.Random(11)
    names = [f"cus_{n}" for n in range(8)] + [f"{kind}_{n}" for kind in ("ano", "pho", "acc") for n in range(25)]
    edges = dict.fromkeys((*sorted(rng.sample(names, 2)), rng.choice(("master", "login", "call"))) for _ in range(90))
    answer = _resolve(tables, [_edge(*edge) for edge in edges])
    assert answer == oracle.identities(edges)
    assert None in answer.values()
    assert any(row["distance"] > 2 for row in tables.read("gold.identities"))


def test_a_kiosk_belongs_to_nobody_and_passes_nothing_on(tables: DeltaTables) -> None:
    edges = [_edge("ano_kiosk", f"cus_{n}") for n in range(5)] + [_edge("ano_kiosk", "pho_1"), _edge("pho_2", "cus_1")]
    assert _resolve(tables, edges) == {"ano_kiosk": None, "pho_2": "cus_1"}
    [row] = tables.read("gold.identities", where="status = 'ambiguous'")
    assert (row["id"], row["candidates"]) == ("ano_kiosk", 5)


def test_the_banks_own_record_outranks_a_call_from_a_relatives_phone(tables: DeltaTables) -> None:
    edges = [_edge("pho_1", "cus_father", "master"), _edge("pho_1", "cus_mother", "call")]
    assert _resolve(tables, edges) == {"pho_1": "cus_father"}


def test_an_edge_that_was_taken_back_no_longer_counts(tables: DeltaTables) -> None:
    assert _resolve(tables, [_edge("ano_1", "cus_1"), _edge("ano_2", "cus_1")]) == {"ano_1": "cus_1", "ano_2": "cus_1"}
    gone = _edge("ano_1", "cus_1") | {"valid_to_ms": AT_MS + 1}
    assert isinstance(tables.clock, SettableClock)
    assert _resolve(tables, [gone]) == {"ano_2": "cus_1"}


def test_on_a_shared_browser_a_session_with_one_login_is_that_customers(
    tables: DeltaTables, pseudonyms: Pseudonymizer
) -> None:
    rows = []
    for number, (session, customer) in enumerate((("s1", "C1"), ("s2", "C2"), ("s3", None))):
        place, properties = number * 10, {"session_id": session, "product_id": "P1"}
        rows.append(log_row(place, "product.viewed", AT_MS, anonymous_id="tablet", properties=properties))
        if customer:
            rows.append(
                log_row(
                    place + 1,
                    "customer.identified",
                    AT_MS,
                    anonymous_id="tablet",
                    customer_no=customer,
                    properties=properties,
                )
            )
    tables.merge("bronze.log_lines", rows)
    refine_logs(tables, pseudonyms)
    unify(tables)
    owners = {row["event_id"]: row["customer_key"] for row in tables.read("gold.customer_behavior")}
    first, second = pseudonyms.customer("C1"), pseudonyms.customer("C2")
    assert owners == {"m0": first, "m1": first, "m10": second, "m11": second, "m20": None}
