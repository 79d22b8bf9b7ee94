"""Memos, master data and call manifests: CSV as banks write it."""

from __future__ import annotations

import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.clock import parse_ms
from hub.errors import Permanent
from hub.records import MasterRow, Memo
from ingest.formats import master_csv, memo_csv
from ingest.formats.fields import integer
from ingest.formats.source import Refused, Source

SOURCE = Source(dataset="memos", object="o")
HEADER = "txn_id,account_no,customer_no,posted_at,amount,currency,direction,method,memo,balance"
ROW = "T1,110-1,C1,2026-10-01T09:00:00+09:00,4500,KRW,out,card,스타벅스강남2호점,100000"


def memos(*lines: str, header: str = HEADER, encoding: str = "utf-8", end: str = "\n") -> list[Memo | Refused]:
    raw = end.join([header, *lines]).encode(encoding) + end.encode()
    source = Source(dataset="memos", object="o", encoding=encoding)
    return list(memo_csv.read(io.BytesIO(raw), source))


def changed(**cells: str) -> str:
    row = dict(zip(HEADER.split(","), ROW.split(","), strict=True)) | cells
    return ",".join(row.values())


def told(items: list[Memo | Refused]) -> list[str]:
    return [item.reason if isinstance(item, Refused) else item.txn_id for item in items]


def test_a_row_becomes_a_memo_with_its_place() -> None:
    (memo,) = memos(ROW)
    assert isinstance(memo, Memo)
    assert memo.posted_ms == parse_ms("2026-10-01T00:00:00Z")
    assert (memo.amount, memo.balance, memo.memo) == (4500, 100000, "스타벅스강남2호점")
    assert memo.provenance.offset == len(HEADER) + 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("T1,110-1,C1", "missing_column"),
        (ROW + ",more", "extra_cells"),
        (changed(memo="쉼표, 하나"), "extra_cells"),
        (changed(txn_id=""), "missing_value"),
        (changed(account_no=" "), "missing_value"),
        (changed(posted_at=""), "bad_time"),
        (changed(posted_at="0001-01-01"), "time_out_of_range"),
        (changed(amount="NaN"), "bad_number"),
        (changed(amount="inf"), "bad_number"),
        (changed(amount="12.5"), "bad_number"),
        (changed(amount="１２"), "bad_number"),
        (changed(amount=""), "bad_number"),
        (changed(amount="-5"), "number_out_of_range"),
        (changed(amount="9" * 30), "number_out_of_range"),
        (changed(amount="9" * 50), "bad_number"),
        (changed(balance="much"), "bad_number"),
        (changed(direction="sideways"), "bad_value"),
        (changed(currency="WON!"), "bad_value"),
        (changed(memo='"never closed'), "open_quote"),
        (changed(memo='"a"b'), "bad_csv"),
        (changed(memo="a\x00b"), "nul_byte"),
        (changed(memo="x" * 10_001), "memo_too_long"),
        (changed(memo="x" * 200_000), "bad_csv"),
    ],
)
def test_a_row_that_is_no_memo_is_refused_and_its_neighbours_are_not(line: str, reason: str) -> None:
    assert told(memos(changed(txn_id="A"), line, changed(txn_id="B"))) == ["A", reason, "B"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"amount": '"1,234,500"'}, {"amount": 1_234_500}),
        ({"amount": "4500.00"}, {"amount": 4_500}),
        ({"amount": "0"}, {"amount": 0}),
        ({"balance": ""}, {"balance": None}),
        ({"balance": "-300"}, {"balance": -300}),
        ({"customer_no": ""}, {"customer_no": None}),
        ({"currency": "usd"}, {"currency": "USD"}),
        ({"method": ""}, {"method": "unknown"}),
        ({"posted_at": "2026-10-01 09:00:00"}, {"posted_ms": parse_ms("2026-10-01T00:00:00Z")}),
        ({"memo": ""}, {"memo": ""}),
        ({"memo": '"두 줄\n메모"'}, {"memo": "두 줄\n메모"}),
        ({"memo": '12" TV'}, {"memo": '12" TV'}),
        ({"memo": '"말 ""인용"" 끝"'}, {"memo": '말 "인용" 끝'}),
        ({"direction": " OUT "}, {"direction": "out"}),
    ],
)
def test_what_banks_write_differently_is_understood(cells: dict[str, str], expected: dict[str, object]) -> None:
    (memo,) = memos(changed(**cells))
    assert isinstance(memo, Memo), memo
    assert {name: getattr(memo, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (HEADER.replace("memo", "note"), "missing_header_column"),
        (HEADER + ",amount", "duplicate_header"),
        (HEADER + ", AMOUNT ", "duplicate_header"),
        ("\x00" + HEADER, "bad_header"),
    ],
)
def test_a_header_that_is_none_refuses_the_file(header: str, reason: str) -> None:
    (refused,) = memos(ROW, ROW, header=header)
    assert isinstance(refused, Refused)
    assert refused.is_whole_file
    assert refused.reason == reason


def test_columns_may_stand_in_any_order_with_others_between() -> None:
    header = "extra,memo,direction,amount,posted_at,customer_no,account_no,txn_id,other"
    (memo,) = memos("x,월세,out,500000,2026-10-01,C1,110-1,T9,y", header=header)
    assert isinstance(memo, Memo)
    assert (memo.txn_id, memo.memo, memo.currency) == ("T9", "월세", "KRW")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "euc-kr"])
def test_files_of_other_systems_read_alike(encoding: str, end: str) -> None:
    raw = (end.join([HEADER.upper(), ROW, "", ROW]) + end).encode(encoding)
    source = Source(dataset="memos", encoding="utf-8" if encoding == "utf-8-sig" else encoding)
    items = list(memo_csv.read(io.BytesIO(gzip.compress(raw)), source))
    assert [item.memo for item in items if isinstance(item, Memo)] == ["스타벅스강남2호점"] * 2


def test_a_line_in_another_encoding_is_refused_alone() -> None:
    raw = "\n".join([HEADER, ROW, ROW]).encode() + b"\n" + ROW.encode("cp949") + b"\n" + ROW.encode() + b"\n"
    assert told(list(memo_csv.read(io.BytesIO(raw), SOURCE))) == ["T1", "T1", "not_utf8", "T1"]


def test_a_quote_never_closed_costs_its_own_line_only() -> None:
    lines = [changed(txn_id=f"T{number}") for number in range(200)]
    lines[3] = changed(txn_id="bad", memo='"never')
    lines[120] = changed(txn_id="bad", memo='"never')
    expected = [f"T{number}" for number in range(200)]
    expected[3] = expected[120] = "open_quote"
    assert told(memos(*lines)) == expected


def test_a_quote_closed_by_another_row_s_quote_swallows_neither() -> None:
    lines = [changed(txn_id="A", memo='"open'), changed(txn_id="B", memo='"whole"'), changed(txn_id="C")]
    assert told(memos(*lines)) == ["open_quote", "B", "C"]


def test_a_row_cut_off_at_the_end_says_so() -> None:
    raw = f"{HEADER}\n{ROW}\n{ROW[:30]}".encode()
    assert told(list(memo_csv.read(io.BytesIO(raw), SOURCE))) == ["T1", "truncated_line"]


def test_a_file_without_any_row_is_no_error() -> None:
    assert memos() == []
    assert list(memo_csv.read(io.BytesIO(b""), SOURCE)) == []


cells = st.text(alphabet=st.characters(blacklist_characters="\n\x00", blacklist_categories=("Cs",)), max_size=20)
rows = st.lists(st.lists(cells, min_size=1, max_size=12).map(",".join) | st.just(ROW), max_size=8)


@given(rows)
def test_every_row_is_accepted_or_refused_whatever_it_holds(lines: list[str]) -> None:
    items = memos(*lines)
    physical = [line for line in lines if line.encode().removesuffix(b"\r").strip()]
    inside = sum(item.memo.count("\n") for item in items if isinstance(item, Memo))
    assert len(items) + inside <= len(physical)
    if not any('"' in line for line in lines):
        assert len(items) == len(physical)


@given(st.binary(max_size=600))
def test_any_bytes_at_all_do_no_harm(raw: bytes) -> None:
    list(memo_csv.read(io.BytesIO(raw), SOURCE))
    list(memo_csv.read(io.BytesIO(f"{HEADER}\n{ROW}\n".encode() + raw), SOURCE))


@given(st.text(max_size=50) | st.integers() | st.floats() | st.booleans() | st.none())
def test_a_number_is_read_or_refused(value: object) -> None:
    try:
        assert isinstance(integer(value, "n"), int)
    except Permanent as error:
        assert error.reason in ("bad_number", "number_out_of_range")


# --- master data --------------------------------------------------------------------------------------------

CUSTOMERS = "customer_no,name,sex,birth_date,joined_on"


def master(table: str, *lines: str) -> list[MasterRow | Refused]:
    return list(master_csv.read(io.BytesIO("\n".join(lines).encode() + b"\n"), SOURCE, table))


def test_a_master_row_is_kept_as_text_under_its_key() -> None:
    (row,) = master("customers", CUSTOMERS + ",favourite", "C1, 김철수 ,M,1990-02-28,2020-01-01,녹차")
    assert isinstance(row, MasterRow)
    assert (row.table, row.key) == ("customers", "C1")
    assert row.values["name"] == "김철수"
    assert row.values["favourite"] == "녹차"


def test_a_consent_is_known_by_customer_purpose_and_time() -> None:
    header = "customer_no,purpose,granted_at,withdrawn_at"
    granted = "C1,profiling,2026-01-01T00:00:00+09:00,"
    (first,) = master("consents", header, granted)
    (second,) = master("consents", header, granted + "2026-05-01T00:00:00+09:00")
    assert isinstance(first, MasterRow)
    assert isinstance(second, MasterRow)
    assert first.key == second.key == "C1|profiling|2026-01-01T00:00:00+09:00"
    assert first.content_hash != second.content_hash


@pytest.mark.parametrize(
    ("table", "lines", "reason"),
    [
        ("customers", (CUSTOMERS, ",김,M,1990-01-01,2020-01-01"), "missing_value"),
        ("customers", (CUSTOMERS, "C1,김,M,1990-02-30,2020-01-01"), "bad_date"),
        ("customers", (CUSTOMERS, "C1,김,M,0190-02-20,2020-01-01"), "time_out_of_range"),
        ("customers", (CUSTOMERS, "C1,김"), "missing_column"),
        ("accounts", ("account_no,customer_no,credit_limit", "1,C1,lots"), "bad_number"),
        ("holdings", ("holding_id,customer_no,product_id", "1,,P1"), "missing_value"),
        ("consents", ("customer_no,purpose,granted_at", "C1,service,soon"), "bad_time"),
        ("customers", ("name,sex", "김,M"), "missing_header_column"),
        ("secrets", ("a,b", "1,2"), "unknown_table"),
    ],
)
def test_master_rows_that_cannot_be_are_refused(table: str, lines: tuple[str, ...], reason: str) -> None:
    (refused,) = master(table, *lines)
    assert isinstance(refused, Refused)
    assert refused.reason == reason
