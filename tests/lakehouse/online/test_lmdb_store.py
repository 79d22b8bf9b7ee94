"""The LMDB online store: full, forked, opened twice."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest

from hub.errors import Misconfigured
from hub.records import FeatureRow
from lakehouse.online.lmdb_store import LmdbOnlineStore


def _row(number: int, text: str = "") -> FeatureRow:
    return FeatureRow(view="v", customer_key=f"cus_{number}", event_time_ms=1, created_ms=1, values={"text": text})


def test_a_full_store_names_the_setting_and_keeps_what_it_has(tmp_path: Path):
    store = LmdbOnlineStore(tmp_path / "online", map_size_mb=1)
    store.write([_row(1)])
    with pytest.raises(Misconfigured, match="HUB_ONLINE_STORE__MAP_SIZE_MB"):
        store.write([_row(number, "x" * 1_000) for number in range(2, 3_000)])
    assert store.read("v", ["cus_1", "cus_2"]) == [_row(1), None]


def test_a_larger_size_takes_effect_when_reopened(tmp_path: Path):
    store = LmdbOnlineStore(tmp_path / "online", map_size_mb=1)
    with pytest.raises(Misconfigured):
        store.write([_row(number, "x" * 1_000) for number in range(1_500)])
    del store
    assert LmdbOnlineStore(tmp_path / "online", 16).write(_row(n, "x" * 1_000) for n in range(1_500)) == 1_500


def test_two_stores_on_one_path_in_one_process_share_the_file(tmp_path: Path):
    first, second = (LmdbOnlineStore(tmp_path / "online", 16) for _ in range(2))
    first.write([_row(1)])
    del first
    assert second.read("v", ["cus_1"]) == [_row(1)]


def _write_in_child(store: LmdbOnlineStore) -> None:
    assert store.read("v", ["cus_1"]) == [_row(1)]
    assert store.write([_row(2)]) == 1
    assert store._file.owner == os.getpid(), "what it inherited is not used"


def test_a_forked_child_goes_on_with_a_file_of_its_own(tmp_path: Path):
    store = LmdbOnlineStore(tmp_path / "online", 16)
    store.write([_row(1)])
    child = multiprocessing.get_context("fork").Process(target=_write_in_child, args=(store,))
    child.start()
    child.join(20)
    assert child.exitcode == 0
    assert store.write([_row(3)]) == 1
    assert store.read("v", ["cus_1", "cus_2", "cus_3"]) == [_row(1), _row(2), _row(3)]


def test_a_folder_that_cannot_be_made_is_a_wrong_setting(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Misconfigured, match="HUB_HOME"):
        LmdbOnlineStore(tmp_path / "file" / "online", 16)
    with pytest.raises(Misconfigured, match="HUB_HOME"):
        LmdbOnlineStore(tmp_path / "file", 16)
