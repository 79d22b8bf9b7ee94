"""The pseudonym key rotates: old pseudonyms are found until they are written anew."""

from __future__ import annotations

import pytest

from hub.ids import Pseudonymizer
from lakehouse.delta_tables import DeltaTables
from lakehouse.rekeying import rekey_tables, rekeyed

OLD, NEW = b"k" * 32, b"n" * 32


def test_the_mapping_names_old_and_new_and_the_key() -> None:
    ring = Pseudonymizer(NEW, key_id="2026", previous={"2025": OLD})
    mapping = rekeyed(ring, [("customer", "C1"), ("phone", "010-1234-5678"), ("customer", "C1")])
    assert mapping.to_pylist() == [
        {"old": Pseudonymizer(OLD).customer("C1"), "new": ring.customer("C1"), "old_key_id": "2025"},
        {"old": Pseudonymizer(OLD).phone("01012345678"), "new": ring.phone("+82 10 1234 5678"), "old_key_id": "2025"},
    ]


@pytest.mark.spark
def test_tables_are_written_anew_once(tables: DeltaTables) -> None:
    before, after = Pseudonymizer(OLD), Pseudonymizer(NEW, key_id="2", previous={"1": OLD})
    edge = {"left": before.phone("0101"), "right": before.customer("C1"), "source": "call", "valid_from_ms": 1}
    tables.merge("silver.identity_edges", [edge | {"evidence": "e"}])
    call = {"call_id": "c1", "content_hash": "h", "started_ms": 0, "customer_key": before.customer("C1")}
    tables.merge("silver.calls", [call | {"ids": [before.phone("0101"), "pho_of_nobody"], "status": "transcribed"}])
    mapping = rekeyed(after, [("customer", "C1"), ("phone", "0101")])
    assert rekey_tables(tables, mapping) == {"silver.identity_edges": 2, "silver.calls": 2}
    [edge] = tables.read("silver.identity_edges", ["left", "right"])
    assert edge == {"left": after.phone("0101"), "right": after.customer("C1")}
    [call] = tables.read("silver.calls", ["customer_key", "ids"])
    assert call == {"customer_key": after.customer("C1"), "ids": [after.phone("0101"), "pho_of_nobody"]}
    assert rekey_tables(tables, mapping) == {}
