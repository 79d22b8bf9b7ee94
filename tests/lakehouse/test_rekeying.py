"""The pseudonym key rotates: old pseudonyms are found until they are written anew."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest

from hub.ids import Pseudonymizer
from lakehouse.delta_tables import DeltaTables
from lakehouse.rekeying import RekeyedColumn, raw_identifiers, rekey_tables, rekeyed

OLD, NEW = b"k" * 32, b"n" * 32


def test_the_mapping_names_old_and_new_and_the_key() -> None:
    ring = Pseudonymizer(NEW, key_id="2026", previous={"2025": OLD})
    mapping = rekeyed(ring, [("customer", "C1"), ("phone", "010-1234-5678"), ("customer", "C1")])
    assert mapping.to_pylist() == [
        {"old": Pseudonymizer(OLD).customer("C1"), "new": ring.customer("C1"), "old_key_id": "2025"},
        {"old": Pseudonymizer(OLD).phone("01012345678"), "new": ring.phone("+82 10 1234 5678"), "old_key_id": "2025"},
    ]


def _changed(tables: DeltaTables, mapping: pa.Table) -> dict[str, int]:
    return {f"{done.table}.{done.column}": done.rows for done in rekey_tables(tables, mapping)}


@pytest.mark.spark
def test_tables_are_written_anew_once(tables: DeltaTables) -> None:
    before, after = Pseudonymizer(OLD), Pseudonymizer(NEW, key_id="2", previous={"1": OLD})
    edge = {"left": before.phone("0101"), "right": before.customer("C1"), "source": "call", "valid_from_ms": 1}
    tables.merge("silver.identity_edges", [edge | {"evidence": "e"}])
    call = {"call_id": "c1", "content_hash": "h", "started_ms": 0, "customer_key": before.customer("C1")}
    tables.merge("silver.calls", [call | {"ids": [before.phone("0101"), "pho_of_nobody"], "status": "transcribed"}])
    said = {"account_id": before.account("110-1"), "to": before.account("999"), "amount": 5}
    event = {"event_id": "e1", "type": "transaction.posted", "event_time_ms": 0, "customer_key": before.customer("C1")}
    tables.merge("silver.events", [event | {"properties": said}])
    mapping = rekeyed(after, [("customer", "C1"), ("phone", "0101"), ("account", "1101")])
    assert _changed(tables, mapping) == {
        "silver.identity_edges.left": 1,
        "silver.identity_edges.right": 1,
        "silver.calls.customer_key": 1,
        "silver.calls.ids": 1,
        "silver.events.customer_key": 1,
        "silver.events.properties": 1,
    }
    [edge] = tables.read("silver.identity_edges", ["left", "right"])
    assert edge == {"left": after.phone("0101"), "right": after.customer("C1")}
    [call] = tables.read("silver.calls", ["customer_key", "ids"])
    assert call == {"customer_key": after.customer("C1"), "ids": [after.phone("0101"), "pho_of_nobody"]}
    [event] = tables.read("silver.events", ["properties"])
    assert json.loads(event["properties"]) == said | {"account_id": after.account("1101")}
    assert _changed(tables, mapping) == {}


class _Cut(Exception):
    """The process was killed here."""


@pytest.mark.spark
def test_what_was_cut_off_is_finished_and_rows_of_the_new_key_stay(tables: DeltaTables) -> None:
    before, after = Pseudonymizer(OLD), Pseudonymizer(NEW, key_id="2", previous={"1": OLD})
    old, new = before.customer("C1"), after.customer("C1")
    tables.merge(
        "silver.customers", [{"customer_key": old, "region": "Seoul"}, {"customer_key": new, "region": "Busan"}]
    )
    tables.merge(
        "silver.calls",
        [{"call_id": "c1", "content_hash": "h", "started_ms": 0, "customer_key": old, "status": "refused"}],
    )
    mapping = rekeyed(after, [("customer", "C1")])

    def cut(_: RekeyedColumn) -> None:
        raise _Cut

    with pytest.raises(_Cut):
        rekey_tables(tables, mapping, cut)
    rekey_tables(tables, mapping)
    assert [row["customer_key"] for row in tables.read("silver.calls", ["customer_key"])] == [new]
    assert list(tables.read("silver.customers", ["customer_key", "region"])) == [
        {"customer_key": new, "region": "Busan"}
    ]


@pytest.mark.spark
def test_every_identifier_of_the_vault_is_known(tables: DeltaTables) -> None:
    tables.merge(
        "bronze.calls", [{"call_id": "c1", "content_hash": "h", "started_ms": 0, "customer_no": "C1", "phone": "010-1"}]
    )
    tables.merge(
        "bronze.master_rows", [{"table": "customers", "key": "C2", "values": {"phone": "010-2", "customer_no": "C2"}}]
    )
    line = {
        "message_id": "m",
        "type": "t",
        "event_time_ms": 0,
        "anonymous_id": "a1",
        "properties": '{"account_no": "110-9"}',
    }
    tables.merge("bronze.log_lines", [line])
    assert set(raw_identifiers(tables)) == {
        ("customer", "C1"), ("phone", "010-1"), ("customer", "C2"), ("phone", "010-2"), ("anonymous", "a1"), ("account", "110-9"),
    }  # fmt: skip
