"""The declarations themselves: no driver needed."""

from __future__ import annotations

import pytest

from hub.records import DataClass
from lakehouse.features import feature_specs
from lakehouse.features.customer_activity import FEATURES as ACTIVITY
from lakehouse.features.declaration import version_of
from lakehouse.property_policy import IDENTIFYING_NAMES
from lakehouse.tables import TABLES
from lakehouse.tables.declaration import ZONES, Table
from lakehouse.tables.documentation import tables_page
from lakehouse.tables.schema import arrow_schema, create_ddl

ABOVE_BRONZE = [table for table in TABLES.values() if table.zone != "bronze"]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_declaration_is_whole(table: Table) -> None:
    names = set(table.column_names)
    assert table.zone in ZONES
    assert len(names) == len(table.columns)
    assert names.issuperset({*table.identity, *table.same_when, *table.cluster_by, *filter(None, [table.day_of])})
    assert all(column.description for column in table.columns)
    assert ("event_date" in names) == (table.day_of is not None)


@pytest.mark.parametrize("table", ABOVE_BRONZE, ids=lambda table: table.name)
def test_no_raw_personal_column_lives_above_bronze(table: Table) -> None:
    raw = [column.name for column in table.columns if column.data_class is DataClass.SENSITIVE]
    named = set(table.column_names) & {*IDENTIFYING_NAMES, "raw", "anonymous_id"}
    assert raw == []
    assert named == set()


def test_the_rule_against_raw_columns_can_fail() -> None:
    memos = TABLES["bronze.memos"]
    assert [column.name for column in memos.columns if column.data_class is DataClass.SENSITIVE]


def test_ddl_schema_and_page_come_from_the_declaration() -> None:
    table = TABLES["silver.memo_facts"]
    ddl = create_ddl(table, "/lake/silver/memo_facts")
    assert "`txn_id` string NOT NULL" in ddl
    assert "CLUSTER BY (`event_date`, `category`)" in ddl
    assert arrow_schema(table).field("account").metadata[b"data_class"] == b"personal"
    page = tables_page()
    assert all(f"### {name}\n" in page for name in TABLES)
    assert "| redacted_memo | string | personal |" in page


def test_flat_feature_names_are_unique_over_views() -> None:
    names = [spec.name for spec in feature_specs()]
    assert len(names) == len(set(names))
    assert {"age", "loan_views_14d", "life_event_30d", "loan_propensity"} <= set(names)


def test_another_definition_is_another_version() -> None:
    changed = (ACTIVITY[0]._replace(days=8), *ACTIVITY[1:])
    assert version_of(ACTIVITY) != version_of(changed)
