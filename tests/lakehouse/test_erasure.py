"""A customer is erased from everything that is declared, and nobody else is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hub.ids import Pseudonymizer
from ingest.object_store.directory import DirectoryObjectStore
from lakehouse.delta_tables import DeltaTables
from lakehouse.erasure import Person, condition, count_rows, erase_objects, erase_rows, find_person, holding_tables
from lakehouse.tables import TABLES
from lakehouse.tables.declaration import Table, personal

NOBODY = Person(customer_nos=(), keys=())


@pytest.mark.parametrize("table", holding_tables(), ids=lambda table: table.name)
def test_every_table_with_personal_data_says_whose_its_rows_are(table: Table) -> None:
    assert condition(table, NOBODY)


def test_a_table_that_cannot_tell_whose_its_rows_are_is_noticed() -> None:
    assert (
        condition(Table(name="silver.new", description="", columns=(personal("text", ""),), identity=()), NOBODY)
        is None
    )


def test_a_quote_in_an_identifier_stays_within_it() -> None:
    person = Person(customer_nos=("x') OR ('1'='1",), keys=("cus_1",))
    assert r"'x\') OR (\'1\'=\'1'" in str(condition(TABLES["bronze.memos"], person))


def test_tables_that_tell_who_others_belong_to_go_last() -> None:
    names = [table.name for table in holding_tables()]
    assert names[-1] == "bronze.master_rows"
    assert names.index("silver.memo_readings") < names.index("silver.memo_facts")
    assert names.index("gold.receipts") < names.index("gold.decisions")


def _rows_of(number: str, phone: str, names: Pseudonymizer) -> dict[str, list[dict[str, Any]]]:
    key, pho, acc = names.customer(number), names.phone(phone), names.account(f"110-{number}")
    call = {"call_id": f"call-{number}", "content_hash": f"{number}hash", "started_ms": 0}
    text_key = names.pseudonym("memo", f"memo of {number}")
    return {
        "bronze.master_rows": [
            {"table": "customers", "key": number, "values": {"customer_no": number, "phone": phone}},
            {"table": "accounts", "key": f"110-{number}", "values": {"account_no": f"110-{number}", "customer_no": number}},
        ],
        "bronze.calls": [call | {"object_key": f"raw/{number}.wav", "customer_no": number, "phone": phone}],
        "bronze.memos": [
            {"txn_id": f"t{number}", "account_no": f"110-{number}", "customer_no": number, "posted_ms": 0, "amount": 1, "direction": "in", "memo": "m"},
        ],
        "bronze.log_lines": [
            {"message_id": f"m{number}", "type": "t", "event_time_ms": 0, "customer_no": number, "anonymous_id": f"a{number}"},
            {"message_id": f"n{number}", "type": "t", "event_time_ms": 0, "anonymous_id": f"a{number}"},
        ],
        "silver.calls": [call | {"customer_key": key, "ids": [pho], "status": "transcribed", "object_key": f"raw/{number}.wav"}],
        "silver.transcripts": [call | {"turn_id": 0, "text": "네", "start_ms": 0, "end_ms": 1}],
        "silver.call_facts": [{"call_id": f"call-{number}", "fact_no": 0, "started_ms": 0, "customer_key": key}],
        "silver.call_analytics": [call | {"document": {}, "redacted_audio": f"redacted/{number}"}],
        "silver.memo_facts": [{"txn_id": f"t{number}", "account": acc, "customer_key": key, "text_key": text_key, "posted_ms": 0}],
        "silver.memo_readings": [{"text_key": text_key, "parser_version": "1"}],
        "silver.events": [
            {"event_id": f"e{number}", "type": "t", "event_time_ms": 0, "customer_key": key, "ids": [acc]},
            {"event_id": f"f{number}", "type": "t", "event_time_ms": 0, "ids": [names.anonymous(f"a{number}")]},
        ],
        "silver.identity_edges": [{"left": pho, "right": key, "source": "call", "valid_from_ms": 0}],
        "silver.customers": [{"customer_key": key}],
        "gold.identities": [
            {"id": pho, "customer_key": key, "status": "resolved"},
            {"id": names.anonymous(f"a{number}"), "customer_key": key, "status": "resolved"},
        ],
        "gold.decisions": [{"decision_id": f"d{number}", "customer_key": key, "decided_ms": 0}],
        "gold.receipts": [{"decision_id": f"d{number}", "handed_over_ms": 0}],
    }  # fmt: skip


@pytest.mark.spark
def test_one_customer_goes_from_every_table_and_the_vault_and_the_other_stays(
    tables: DeltaTables, pseudonyms: Pseudonymizer, tmp_path: Path
) -> None:
    objects = DirectoryObjectStore(tmp_path / "objects")
    mine, theirs = _rows_of("C1", "010-1111-1111", pseudonyms), _rows_of("C2", "010-2222-2222", pseudonyms)
    for name, rows in mine.items():
        tables.merge(name, rows + theirs[name])
    for number in ("C1", "C2"):
        keys = (
            f"raw/{number}.wav",
            f"transcripts/{number}/{number}hash/m.json",
            f"redacted/calls/{number}/{number}hash/x.wav",
        )
        for key in keys:
            objects.put(key, b"sound")

    before = find_person(tables, pseudonyms, "C1")
    assert find_person(tables, pseudonyms, pseudonyms.customer("C1")) == before
    assert erase_objects(objects, before) == 3
    counted = count_rows(tables, before)
    assert erase_rows(tables, before) == counted == {name: len(rows) for name, rows in mine.items()}

    for name, rows in theirs.items():
        assert tables.row_count(name) == len(rows) or len(list(tables.read(name))) == len(rows), name
    assert sorted(info.key for info in objects.list("")) == [
        "raw/C2.wav", "redacted/calls/C2/C2hash/x.wav", "transcripts/C2/C2hash/m.json",
    ]  # fmt: skip
    again = find_person(tables, pseudonyms, "C1")
    assert (erase_objects(objects, again), erase_rows(tables, again)) == (0, {})
