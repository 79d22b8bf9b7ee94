"""The tables port on Delta: idempotent writes, reads by others, growing schemas."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from deltalake import DeltaTable

from hub.errors import Permanent
from hub.records import DataClass, Decision, Treatment
from lakehouse import delta_reader, delta_tables
from lakehouse.delta_tables import DeltaTables
from lakehouse.tables import TABLES
from lakehouse.tables.declaration import Column
from lakehouse.tables.schema import arrow_schema
from tests.lakehouse.parts import log_row, master_row

pytestmark = pytest.mark.spark
DAY_MS = 86_400_000
AT_MS = 1_790_000_000_000


def test_a_second_merge_of_the_same_rows_changes_nothing_not_even_the_version(tables: DeltaTables) -> None:
    rows = [log_row(number, "product.viewed", AT_MS, properties={"n": number}) for number in range(50)]
    assert tables.merge("bronze.log_lines", rows) == 50
    version = tables.version("bronze.log_lines")
    assert tables.merge("bronze.log_lines", rows) == 0
    assert tables.version("bronze.log_lines") == version
    assert tables.merge("bronze.log_lines", [*rows, log_row(50, "page", AT_MS)]) == 1


def test_an_append_only_table_keeps_the_first_row_of_an_identity(tables: DeltaTables) -> None:
    tables.merge("bronze.log_lines", [log_row(1, "first", AT_MS), log_row(1, "second", AT_MS)])
    assert tables.merge("bronze.log_lines", [log_row(1, "third", AT_MS)]) == 0
    assert [row["type"] for row in tables.read("bronze.log_lines")] == ["first"]


def test_a_mutable_table_takes_the_last_row_and_updates_only_what_changed(tables: DeltaTables) -> None:
    rows = [master_row("customers", str(number), name=f"n{number}") for number in range(5)]
    assert tables.merge("bronze.master_rows", [*rows, master_row("customers", "0", name="last")]) == 5
    assert tables.merge("bronze.master_rows", [*rows[1:], master_row("customers", "0", name="new")]) == 1
    names = {row["key"]: row["values"]["name"] for row in tables.read("bronze.master_rows")}
    assert names == {"0": "new", "1": "n1", "2": "n2", "3": "n3", "4": "n4"}


def test_two_writers_at_once_leave_each_row_once(tables: DeltaTables) -> None:
    tables.merge("bronze.log_lines", [log_row(0, "page", AT_MS)])
    rows = [log_row(number, "page", AT_MS) for number in range(30)]
    written: list[int] = []
    writers = [
        threading.Thread(target=lambda: written.append(tables.merge("bronze.log_lines", rows))) for _ in range(3)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sum(written) == 29
    assert sorted(row["message_id"] for row in tables.read("bronze.log_lines")) == sorted(f"m{n}" for n in range(30))


def test_a_day_is_local_and_other_readers_see_the_documented_schema(tables: DeltaTables) -> None:
    # 2026-09-21T15:30Z is already the 22nd in Seoul.
    tables.merge("bronze.log_lines", [log_row(1, "page", 1_790_004_600_000, properties={"a": [1]})])
    table = DeltaTable(tables.location("bronze.log_lines"))
    arrow = table.to_pyarrow_table()
    declared = arrow_schema(TABLES["bronze.log_lines"])
    assert arrow.schema.names == declared.names
    assert [field.type for field in arrow.schema] == [field.type for field in declared]
    [(day, properties)] = duckdb.sql("SELECT event_date, properties FROM arrow").fetchall()
    assert (str(day), properties) == ("2026-09-22", '{"a":[1]}')


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_table_opens_in_a_foreign_reader_after_an_update_and_a_delete(tables: DeltaTables, name: str) -> None:
    tables.frame(name)
    table = DeltaTable(tables.location(name))
    declared = arrow_schema(TABLES[name])
    assert pa.schema(table.to_pyarrow_table().schema).names == declared.names
    assert not table.protocol().reader_features


def test_a_removed_row_is_gone_for_every_reader(tables: DeltaTables) -> None:
    tables.merge("bronze.log_lines", [log_row(number, "page", AT_MS) for number in range(3)])
    assert tables.remove_rows("bronze.log_lines", [{"message_id": "m1"}, {"message_id": "m9"}]) == 1
    version = tables.version("bronze.log_lines")
    assert tables.remove_rows("bronze.log_lines", [{"message_id": "m1"}]) == 0
    assert tables.version("bronze.log_lines") == version
    assert {row["message_id"] for row in tables.read("bronze.log_lines")} == {"m0", "m2"}


def test_reading_takes_columns_and_a_condition_and_streams_nothing_for_a_missing_table(tables: DeltaTables) -> None:
    assert list(tables.read("gold.outcomes")) == []
    tables.merge("bronze.master_rows", [master_row("a", "1", x="y"), master_row("b", "2", x="z")])
    assert list(tables.read("bronze.master_rows", ["key", "values"], "\"table\" = 'b'")) == [
        {"key": "2", "values": {"x": "z"}}
    ]
    with pytest.raises(Permanent) as refused:
        list(tables.read("bronze.master_rows", where="no_such_column = 1"))
    assert refused.value.reason == "bad_query"


def test_the_list_of_tables_names_version_and_rows(tables: DeltaTables) -> None:
    tables.merge("bronze.log_lines", [log_row(number, "page", AT_MS) for number in range(7)])
    [info] = tables.list_tables()
    assert (info.name, info.zone, info.rows, info.version) == ("bronze.log_lines", "bronze", 7, 1)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"message_id": "m1", "surprise": 1}, "unknown_column"),
        ({"type": "page"}, "no_identity"),
        ({"message_id": "m1", "event_time_ms": "soon"}, "wrong_type"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_with_its_reason(
    tables: DeltaTables, row: dict[str, object], reason: str
) -> None:
    with pytest.raises(Permanent) as refused:
        tables.merge("bronze.log_lines", [row])
    assert refused.value.reason == reason


def test_a_row_that_breaks_a_constraint_is_refused_and_nothing_is_written(tables: DeltaTables) -> None:
    good = {"txn_id": "t1", "posted_ms": AT_MS, "amount": 1, "direction": "in", "content_hash": "h"}
    with pytest.raises(Permanent) as refused:
        tables.merge("bronze.memos", [good, good | {"txn_id": "t2", "amount": -1}])
    assert refused.value.reason == "constraint"
    assert list(tables.read("bronze.memos")) == []


def test_an_unknown_table_is_refused(tables: DeltaTables) -> None:
    with pytest.raises(Permanent) as refused:
        tables.merge("gold.nothing", [{}])
    assert refused.value.reason == "unknown_table"


def test_a_column_that_was_declared_since_is_added_and_old_rows_have_none(
    tables: DeltaTables, make_tables: Callable[[Path], DeltaTables], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables.merge("silver.products", [{"product_id": "p1", "rate": 3}])
    old = TABLES["silver.products"]
    grown = old._replace(columns=(*old.columns, Column("colour", "string", "Colour", DataClass.PUBLIC)))
    monkeypatch.setitem(TABLES, "silver.products", grown)
    later = make_tables(tmp_path)
    later.merge("silver.products", [{"product_id": "p2", "colour": "red"}])
    rows = {row["product_id"]: (row["rate"], row["colour"]) for row in later.read("silver.products")}
    assert rows == {"p1": (3.0, None), "p2": (None, "red")}


def test_records_are_taken_as_they_are(tables: DeltaTables) -> None:
    decision = Decision(
        decision_id="d1",
        scenario_id="s",
        scenario_version=1,
        customer_key="cus_1",
        decided_ms=AT_MS,
        trigger_event_id="e1",
        treatment=Treatment.TREATED,
        reason="",
        campaign="c",
        action={"kind": "coupon"},
        evidence=(),
        features=(),
        consent_purpose=None,
    )
    assert tables.merge("gold.decisions", [decision]) == 1
    [row] = tables.read("gold.decisions")
    assert (row["treatment"], row["action"], row["evidence"]) == ("treated", '{"kind":"coupon"}', "[]")


def test_the_modules_that_read_know_no_spark() -> None:
    assert not hasattr(delta_reader, "SparkSession")
    assert hasattr(delta_tables, "DeltaReader")
