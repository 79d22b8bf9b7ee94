"""What may stand in a column is read from its declaration, and a column that does not say is refused."""

from __future__ import annotations

import pytest

from hub.errors import Misconfigured
from hub.ids import Pseudonymizer
from hub.records import DataClass, Finding
from lakehouse.delta_tables import DeltaTables
from lakehouse.protecting import left_to_protect, protect_frame, protect_rows
from lakehouse.refine.calls import EDITED
from lakehouse.refine.memos import DONE
from lakehouse.tables import TABLES, table_named
from lakehouse.tables.declaration import Table, key, personal, raw
from lakehouse.tables.protection import Protection, protect, protection_of


def _table(name: str, column: object) -> Table:
    return Table(name=name, description="", columns=(column,), identity=("id",))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_declared_column_says_how_values_stand_in_it(name: str) -> None:
    found = {protection_of(TABLES[name], column) for column in TABLES[name].columns}
    assert Protection.RAW not in found or TABLES[name].zone == "bronze"


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        (personal("shoe_size", ""), "no_protection_rule"),
        (raw("customer_no", ""), "sensitive_column"),
        (key("phone", ""), "no_class"),
        (key("memo", "", DataClass.PUBLIC), "no_class"),
    ],
    ids=["personal without a rule", "sensitive above bronze", "a phone as internal", "a memo as public"],
)
def test_a_new_column_without_a_rule_is_refused(column: object, reason: str) -> None:
    table = _table("silver.new", column)
    with pytest.raises(Misconfigured) as refused:
        protection_of(table, table.columns[0])
    assert refused.value.reason == reason


def test_the_vault_keeps_what_came() -> None:
    table = _table("bronze.new", raw("phone", ""))
    assert protection_of(table, table.columns[0]) is Protection.RAW


class _FourDigits:
    def find(self, text: str, language: str) -> list[Finding]:
        return []

    def redact(self, text: str, language: str) -> str:
        return text.replace("010-1234-5678", "[PHONE]")


def test_a_row_enters_silver_with_pseudonyms_and_masked_text(pseudonyms: Pseudonymizer) -> None:
    row = {"txn_id": "t1", "account": "110-234-567890", "customer_key": "C1", "redacted_memo": "010-1234-5678 월세"}
    made = protect(table_named("silver.memo_facts"), row, pseudonyms, _FourDigits(), "ko")
    assert made == {
        "txn_id": "t1",
        "account": pseudonyms.account("110-234-567890"),
        "customer_key": pseudonyms.customer("C1"),
        "redacted_memo": "[PHONE] 월세",
    }
    assert protect(table_named("silver.memo_facts"), made, pseudonyms, _FourDigits(), "ko") == made


STEPS = [
    ("silver.transcripts", EDITED),
    ("silver.call_facts", EDITED),
    ("silver.call_analytics", EDITED),
    ("silver.memo_facts", DONE),
    ("silver.events", {"customer_key"}),
    ("silver.customers", {"customer_key"}),
    ("silver.holdings", {"customer_key"}),
]


@pytest.mark.parametrize(("table", "done"), STEPS, ids=[name for name, _ in STEPS])
def test_what_steps_deal_with_themselves_costs_nothing_more(table: str, done: set[str]) -> None:
    declared = table_named(table)
    assert left_to_protect(declared, declared.column_names, done) == []


def test_a_column_that_is_only_declared_is_protected_in_rows(pseudonyms: Pseudonymizer) -> None:
    row = {"call_id": "c", "text": "010-1234-5678", "verbatim": "010-1234-5678"}
    rows = protect_rows("silver.transcripts", [row], pseudonyms, _FourDigits(), "ko", EDITED - {"verbatim"})
    assert rows == [row | {"verbatim": "[PHONE]"}]


@pytest.mark.spark
def test_a_column_that_is_only_declared_is_protected_in_frames(tables: DeltaTables, pseudonyms: Pseudonymizer) -> None:
    frame = tables.sql("""
        SELECT 't1' AS txn_id, '110-2' AS account, '010-1234-5678 월세' AS redacted_memo
        UNION ALL SELECT 't2', NULL, '관리비' UNION ALL SELECT 't3', '110-2', NULL
    """)
    made = protect_frame(
        tables, "silver.memo_facts", frame, pseudonyms, _FourDigits(), DONE - {"account", "redacted_memo"}
    )
    assert sorted(tuple(row) for row in made.collect()) == [
        ("t1", pseudonyms.account("110-2"), "[PHONE] 월세"),
        ("t2", None, "관리비"),
        ("t3", pseudonyms.account("110-2"), None),
    ]
    with pytest.raises(Misconfigured) as refused:
        protect_frame(tables, "silver.memo_facts", frame, pseudonyms, None, ())
    assert refused.value.reason == "no_redactor"
