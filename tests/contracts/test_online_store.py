"""What every adapter of ``hub.ports.OnlineStore`` promises."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from hub.errors import Permanent
from hub.ports import OnlineStore
from hub.records import FeatureRow
from tests.contracts.feature_writer import feature_row, open_store
from tests.servers.redis import RedisServer
from tests.servers.session import CHECKOUT

VIEW = "customer_profile"


@pytest.fixture(params=["lmdb", pytest.param("redis", marks=pytest.mark.servers)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    if request.param == "lmdb":
        return {"kind": "lmdb", "path": str(tmp_path / "online"), "map_size_mb": 64}
    redis: RedisServer = request.getfixturevalue("redis_server")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return {"kind": "redis", "url": redis.empty_url(1 + int(worker) % 15)}


@pytest.fixture
def store(place: dict[str, Any]) -> OnlineStore:
    return open_store(place)


def test_a_customer_is_forgotten_and_others_stay(store: OnlineStore):
    store.write([feature_row(1, 1), feature_row(2, 1)])
    store.link({"ano_1": "cus_1", "ano_2": "cus_2"})
    assert store.forget([VIEW, "another_view"], ["cus_1"], ["ano_1"]) == 2
    assert [row is None for row in store.read(VIEW, ["cus_1", "cus_2"])] == [True, False]
    assert store.resolve(["ano_1", "ano_2"]) == [None, "cus_2"]
    assert store.forget([VIEW], ["cus_1"], ["ano_1"]) == 0


def test_nothing_is_known_at_first(store: OnlineStore):
    assert store.read(VIEW, ["cus_1", "cus_2"]) == [None, None]
    assert store.resolve(["ano_1"]) == [None]
    assert store.read(VIEW, []) == []
    assert store.resolve([]) == []


def test_a_row_comes_back_whole(store: OnlineStore):
    row = FeatureRow(
        view=VIEW,
        customer_key="cus_고객",
        event_time_ms=1_793_000_000_123,
        created_ms=1_793_000_000_999,
        values={"age": 41, "region": "서울", "rate": 0.1, "vip": True, "life_event": None, "debt": -(2**62)},
        version="7",
    )
    assert store.write([row]) == 1
    (found,) = store.read(VIEW, ["cus_고객"])
    assert found == row
    assert found is not None
    assert [type(value) for value in found.values.values()] == [int, str, float, bool, type(None), int]


def test_answers_come_in_the_order_of_the_questions(store: OnlineStore):
    store.write([feature_row(3, 30), feature_row(1, 10)])
    found = store.read(VIEW, ["cus_1", "cus_2", "cus_3", "cus_1"])
    assert [row and row.values["age"] for row in found] == [10, None, 30, 10]


def test_views_are_kept_apart(store: OnlineStore):
    store.write([feature_row(1, 10), feature_row(1, 20, view="customer_scores")])
    assert [row and row.event_time_ms for row in store.read(VIEW, ["cus_1"])] == [10]
    assert [row and row.event_time_ms for row in store.read("customer_scores", ["cus_1"])] == [20]


def test_an_older_row_never_replaces_a_newer_one(store: OnlineStore):
    assert store.write([feature_row(1, 20)]) == 1
    assert store.write([feature_row(1, 10, created_ms=99)]) == 0
    assert store.write([feature_row(1, 30)]) == 1
    assert store.read(VIEW, ["cus_1"]) == [feature_row(1, 30)]


@pytest.mark.parametrize("times", itertools.permutations([10, 20, 30, 40]))
def test_the_newest_row_wins_in_whatever_order_rows_arrive(store: OnlineStore, times: tuple[int, ...]):
    store.write([feature_row(1, times[0]), feature_row(1, times[1])])
    store.write([feature_row(1, times[2])])
    store.write([feature_row(1, times[3])])
    assert store.read(VIEW, ["cus_1"]) == [feature_row(1, 40)]


def test_at_the_same_time_the_later_made_row_wins(store: OnlineStore):
    assert store.write([feature_row(1, 20, created_ms=5)]) == 1
    assert store.write([feature_row(1, 20, created_ms=4)]) == 0
    assert store.write([feature_row(1, 20, created_ms=6)]) == 1
    assert store.read(VIEW, ["cus_1"]) == [feature_row(1, 20, created_ms=6)]


def test_writing_again_changes_nothing(store: OnlineStore):
    rows = [feature_row(number, 10) for number in range(10)]
    assert store.write(rows) == 10
    assert store.write(rows) == 0


def test_times_order_as_numbers_not_as_text(store: OnlineStore):
    store.write([feature_row(1, 999), feature_row(1, 1_000), feature_row(2, -5), feature_row(2, 3)])
    assert store.read(VIEW, ["cus_1", "cus_2"]) == [feature_row(1, 1_000), feature_row(2, 3)]


def test_many_rows_stream_through(store: OnlineStore):
    assert store.write(feature_row(number, 10) for number in range(20_000)) == 20_000
    keys = [f"cus_{number}" for number in range(0, 20_002, 7)]
    found = store.read(VIEW, keys)
    assert [row.customer_key if row else None for row in found] == [
        key if int(key[4:]) < 20_000 else None for key in keys
    ]


def test_ids_lead_to_their_customer(store: OnlineStore):
    store.link({"ano_1": "cus_1", "pho_1": "cus_1", "acc_9": "cus_9"})
    store.link({})
    assert store.resolve(["acc_9", "ano_1", "ano_2", "pho_1"]) == ["cus_9", "cus_1", None, "cus_1"]


def test_the_last_link_counts(store: OnlineStore):
    store.link({"ano_1": "cus_1"})
    store.link({"ano_1": "cus_2"})
    assert store.resolve(["ano_1"]) == ["cus_2"]


def test_a_link_and_a_row_of_the_same_name_do_not_meet(store: OnlineStore):
    store.link({"cus_1": "cus_2"})
    assert store.read(VIEW, ["cus_1"]) == [None]
    store.write([feature_row(1, 10)])
    assert store.resolve(["cus_1"]) == ["cus_2"]


@pytest.mark.parametrize("key", ["", "x" * 5_000, "한" * 400, "a\x1fb", "new\nline", "\x00"])
def test_any_text_is_a_key(store: OnlineStore, key: str):
    row = FeatureRow(view=VIEW, customer_key=key, event_time_ms=1, created_ms=1, values={})
    store.write([row])
    store.link({key: "cus_1"})
    assert store.read(VIEW, [key, key + "y"]) == [row, None]
    assert store.resolve([key, key + "y"]) == ["cus_1", None]


def test_a_value_that_cannot_be_kept_is_refused(store: OnlineStore):
    with pytest.raises(Permanent) as refusal:
        store.write([feature_row(1, 10, values={"age": 2**70})])
    assert refusal.value.reason == "bad_feature_value"
    assert store.read(VIEW, ["cus_1"]) == [None]


def test_another_client_sees_what_was_written(place: dict[str, Any], store: OnlineStore):
    store.write([feature_row(1, 10)])
    assert open_store(place).read(VIEW, ["cus_1"]) == [feature_row(1, 10)]


def test_threads_share_one_store(store: OnlineStore):
    def write(seed: int) -> None:
        for time_ms in range(seed, 60, 3):
            store.write([feature_row(number, time_ms) for number in range(20)])
            assert None not in store.read(VIEW, [f"cus_{number}" for number in range(20)])

    threads = [threading.Thread(target=write, args=(seed,)) for seed in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {row and row.event_time_ms for row in store.read(VIEW, [f"cus_{n}" for n in range(20)])} == {59}


@pytest.mark.slow
def test_many_processes_write_at_once(place: dict[str, Any]):
    orders = [json.dumps({"store": place, "customers": 40, "seed": seed}) for seed in range(3)]
    writers = [
        subprocess.Popen([sys.executable, "-m", "tests.contracts.feature_writer", order], cwd=CHECKOUT)
        for order in orders
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    store = open_store(place)
    assert store.read(VIEW, [f"cus_{n}" for n in range(40)]) == [feature_row(n, 49) for n in range(40)]
    assert store.resolve([f"ano_{seed}_{1_900}" for seed in range(3)]) == ["cus_1"] * 3
