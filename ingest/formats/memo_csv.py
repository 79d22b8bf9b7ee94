"""Posted transactions with their memo: one CSV row each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from hub.errors import Permanent
from hub.ids import content_id
from hub.records import Memo
from ingest.formats.csv_rows import Row, read_rows
from ingest.formats.fields import identifier, integer, moment, one_of, required
from ingest.formats.lines import Line
from ingest.formats.source import Refused, Source

COLUMNS = ("txn_id", "account_no", "customer_no", "posted_at", "amount", "direction", "memo")
DIRECTIONS = ("in", "out")
MAX_MEMO = 10_000
_CURRENCY = re.compile(r"[A-Z]{3}")
_METHOD = re.compile(r"[a-z0-9_.-]{1,40}")


def read(stream: BinaryIO, source: Source) -> Iterator[Memo | Refused]:
    """Yield a Memo or a refusal for every row; currency, method and balance may be missing."""

    def parse(row: Row, line: Line) -> Memo:
        return _memo(row, line, source)

    return read_rows(stream, source, COLUMNS, parse)


def _memo(row: Row, line: Line, source: Source) -> Memo:
    txn_id = required(row, "txn_id")
    if len(row["memo"]) > MAX_MEMO:
        raise Permanent(f"memo is longer than {MAX_MEMO} characters.", reason="memo_too_long")
    return Memo(
        txn_id=txn_id,
        account_no=required(row, "account_no"),
        customer_no=identifier(row["customer_no"], "customer_no"),
        posted_ms=moment(row["posted_at"], "posted_at", source),
        amount=integer(row["amount"], "amount", least=0),
        currency=_word(row.get("currency", "").strip().upper() or "KRW", "currency", _CURRENCY),
        direction=one_of(row["direction"], "direction", DIRECTIONS),
        method=_word(row.get("method", "").strip().lower() or "unknown", "method", _METHOD),
        memo=row["memo"],
        balance=integer(row["balance"], "balance") if row.get("balance", "").strip() else None,
        content_hash=content_id("memo", msgspec.json.encode(row, order="sorted")),
        provenance=source.at(line.offset),
    )


def _word(value: str, name: str, shape: re.Pattern[str]) -> str:
    if not shape.fullmatch(value):
        raise Permanent(f"{name} is not written as expected.", reason="bad_value")
    return value
