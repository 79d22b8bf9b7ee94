"""The spool sorts what does not fit in memory to the same bytes as what does."""

from __future__ import annotations

import tracemalloc
from datetime import date
from pathlib import Path
from random import Random

import pytest

from demo.bank import run_customers
from demo.calls import CallCentre
from demo.ledger import Ledger
from demo.period import Period
from demo.spool import DaySpool


def _write(folder: Path, max_bytes: int, rows: int = 4_000, merge_at_once: int = 100) -> list[bytes]:
    random = Random(5)
    held = DaySpool(folder / "scratch", 3, max_bytes, merge_at_once)
    for number in range(rows):
        at_ms = random.randrange(1_000)
        held.add(number % 3, at_ms, f"{at_ms:04d} row {number}".encode())
    paths = [folder / f"{day}.txt" for day in range(3)]
    held.write(paths, b"header\n")
    assert not (folder / "scratch").exists()
    return [path.read_bytes() for path in paths]


@pytest.mark.parametrize("max_bytes", [50_000, 2_000])
def test_runs_on_disk_merge_to_what_memory_sorts(tmp_path: Path, max_bytes: int) -> None:
    for name in ("all", "runs"):
        (tmp_path / name).mkdir()
    assert _write(tmp_path / "all", 1 << 30) == _write(tmp_path / "runs", max_bytes)


def test_many_runs_are_merged_in_groups(tmp_path: Path) -> None:
    for name in ("all", "runs"):
        (tmp_path / name).mkdir()
    assert _write(tmp_path / "all", 1 << 30) == _write(tmp_path / "runs", 3_000, merge_at_once=4)


def test_each_file_is_in_order_of_time(tmp_path: Path) -> None:
    for content in _write(tmp_path, 10_000):
        lines = content.splitlines()
        assert lines[0] == b"header"
        assert lines[1:] == sorted(lines[1:], key=lambda line: int(line[:4]))


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_customers(tmp_path: Path) -> None:
    period = Period(date(2026, 10, 31), 5)

    def peak(customers: int) -> int:
        tracemalloc.start()
        with Ledger(tmp_path / "s", tmp_path / "t", period, spool_bytes=1 << 16) as ledger:
            centre = CallCentre(tmp_path / "s", tmp_path / "t", period, 7, with_audio=False)
            run_customers(ledger, centre, period, 7, customers, 0, lambda stage, done, total: None)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(50)
    assert peak(2_000) < 1.25 * peak(500)
