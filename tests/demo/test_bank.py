"""The bank as a whole: the same to the byte, of the size it says, with exactly four broken records."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from demo.bank import generate
from hub.errors import Misconfigured

from .conftest import Bank


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_arguments_write_the_same_bytes_recordings_included(talking_bank: Bank, tmp_path: Path) -> None:
    generate(tmp_path / "source", tmp_path / "truth", customers=50, days=30)
    assert _digests(tmp_path / "source") == _digests(talking_bank.source)
    assert _digests(tmp_path / "truth") == _digests(talking_bank.truth)


def test_running_again_over_an_older_larger_bank_leaves_nothing_of_it(tmp_path: Path) -> None:
    for customers, days in ((60, 12), (50, 10)):
        generate(tmp_path / "a", tmp_path / "at", customers=customers, days=days, audio=False)
    generate(tmp_path / "b", tmp_path / "bt", customers=50, days=10, audio=False)
    assert _digests(tmp_path / "a") == _digests(tmp_path / "b")
    assert _digests(tmp_path / "at") == _digests(tmp_path / "bt")


def test_another_seed_is_another_bank(bank: Bank, tmp_path: Path) -> None:
    generate(tmp_path / "s", tmp_path / "t", customers=50, days=10, seed=8, audio=False)
    names = [line.split(",")[1] for line in (tmp_path / "s/master/customers.csv").read_text().splitlines()[1:]]
    assert names != [row["name"] for row in bank.master("customers")[:50]]


def test_a_larger_bank_begins_with_the_same_customers(bank: Bank, tmp_path: Path) -> None:
    generate(tmp_path / "s", tmp_path / "t", customers=100, days=45, audio=False)
    first = [line.split(",")[0:2] for line in (tmp_path / "s/master/customers.csv").read_text().splitlines()[1:]]
    assert first == [[row["customer_no"], row["name"]] for row in bank.master("customers")[:100]]


def test_the_summary_counts_what_is_in_the_files(bank: Bank) -> None:
    summary, clicks = bank.summary, bank.clicks()
    for table in ("customers", "accounts", "products", "holdings", "merchants", "consents", "consultants"):
        assert len(bank.master(table)) == getattr(summary, table), table
    assert len(bank.memos()) == summary.memos == len(bank.true("memos"))
    well_formed = [c for c in clicks if "anonymousId" in c or "userId" in c]
    assert len(well_formed) == summary.web_lines
    assert len(well_formed) - len({c["messageId"] for c in well_formed}) == summary.web_repeats > 0
    assert len(bank.core()) == summary.core_lines
    assert len(bank.calls()) == summary.calls == 40
    bought = {c["messageId"] for c in clicks if c["event"] == "product.subscribed"}
    bought |= {e["id"] for e in bank.core() if e["type"] == "product.subscribed"}
    assert len(bought) == summary.subscriptions >= 100


def test_every_day_has_its_three_files_in_order_of_time(bank: Bank) -> None:
    for kind, suffix in (("memos/memos", "csv"), ("logs/web", "jsonl"), ("logs/core", "jsonl")):
        assert len(list(bank.source.glob(f"{kind}-*.{suffix}"))) == 45
    received = [c["receivedAt"] for c in bank.clicks() if c["messageId"][:3] != "bad"]
    assert received == sorted(received)
    posted = [m["posted_at"] for m in bank.memos()]
    assert posted == sorted(posted)
    assert posted[0] >= "2026-09-17" and posted[-1] < "2026-11-01"


def test_exactly_four_records_are_broken_and_each_is_named(bank: Bank) -> None:
    broken = {b.kind: bank.source / b.file for b in bank.summary.broken}
    assert set(broken) == {"corrupt_recording", "not_utf8_log_line", "memo_row_missing_column", "event_without_id"}
    assert all(path.exists() for path in broken.values())
    undecodable = nameless = short = 0
    for path in (bank.source / "logs").glob("*.jsonl"):
        for raw in path.read_bytes().splitlines():
            try:
                line = raw.decode("utf-8")
            except UnicodeDecodeError:
                undecodable += 1
                continue
            nameless += not any(name in line for name in ('"userId"', '"anonymousId"', '"customer_no"'))
    for path in (bank.source / "memos").glob("*.csv"):
        short += sum(line.count(",") != 9 for line in path.read_text(encoding="utf-8").splitlines())
    assert (undecodable, nameless, short) == (1, 1, 1)


@pytest.mark.parametrize(("customers", "days"), [(0, 45), (50, 0)])
def test_an_empty_bank_is_refused(tmp_path: Path, customers: int, days: int) -> None:
    with pytest.raises(Misconfigured, match="at least one"):
        generate(tmp_path / "s", tmp_path / "t", customers=customers, days=days, audio=False)


@pytest.mark.parametrize(("customers", "days"), [(1, 1), (7, 3), (51, 20)])
def test_odd_sizes_work(tmp_path: Path, customers: int, days: int) -> None:
    summary = generate(tmp_path / "s", tmp_path / "t", customers=customers, days=days, audio=False)
    assert summary.customers == customers
    assert len(list((tmp_path / "s" / "memos").iterdir())) == days


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    generate(
        tmp_path / "s", tmp_path / "t", customers=60, days=5, audio=False,
        on_progress=lambda stage, done, total: seen.append((stage, done, total)),
    )  # fmt: skip
    assert ("customers", 60, 60) in seen
    assert seen[-1] == ("files", 1, 1)
