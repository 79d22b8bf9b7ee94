"""What every adapter of ``hub.ports.EventLog`` promises."""

from __future__ import annotations

import json
import random
import secrets
import subprocess
import sys
import threading
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from hub.errors import Misconfigured, Permanent
from hub.ids import partition_of
from hub.ports import TICK_ID, EventLog
from hub.records import LogEntry, LogRecord
from tests.contracts.appender import open_log
from tests.servers.kafka import KafkaServer
from tests.servers.session import CHECKOUT

PARTITIONS = 3
TOPIC = "events"


class Place:
    """An empty log's address; ``open`` gives a new client of it each time."""

    def __init__(self, where: dict[str, Any]) -> None:
        self.where = where
        self._opened: list[Any] = []

    def open(self, **changes: Any) -> EventLog:
        log = open_log({**self.where, **changes})
        self._opened.append(log)
        return log

    def close(self) -> None:
        for log in self._opened:
            log.close()

    def appender(self, **order: Any) -> subprocess.Popen[str]:
        settings = {"log": self.where, "name": "p", "batch": 10, "count": 100, "keys": 5, "start_ms": 0, "step_ms": 1}
        return subprocess.Popen(
            [sys.executable, "-m", "tests.contracts.appender", json.dumps({**settings, **order})],
            stdout=subprocess.PIPE,
            text=True,
            cwd=CHECKOUT,
        )


@pytest.fixture(params=["sqlite", pytest.param("kafka", marks=pytest.mark.servers)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    where: dict[str, Any] = {"kind": request.param, "partitions": PARTITIONS}
    if request.param == "sqlite":
        where["path"] = str(tmp_path / "events.db")
    else:
        kafka: KafkaServer = request.getfixturevalue("kafka")
        where |= {"bootstrap_servers": kafka.bootstrap_servers, "prefix": f"t{secrets.token_hex(4)}."}
    place = Place(where)
    yield place
    place.close()


@pytest.fixture
def log(place: Place) -> EventLog:
    return place.open()


def entry(number: int, key: str = "cus_1", time_ms: int | None = None, **fields: Any) -> LogEntry:
    given = {"id": f"id-{number}", "value": f"value {number}".encode(), **fields}
    return LogEntry(key=key, time_ms=1_000 + number if time_ms is None else time_ms, **given)


def read_all(log: EventLog, partition: int, step: int = 1_000) -> list[LogRecord]:
    records: list[LogRecord] = []
    while page := log.read(TOPIC, partition, records[-1].offset + 1 if records else 0, step):
        records += page
    return records


def everything(log: EventLog) -> list[LogRecord]:
    return [record for partition in range(PARTITIONS) for record in read_all(log, partition)]


def test_an_unknown_topic_is_an_empty_log(log: EventLog):
    assert log.end_offsets(TOPIC) == [0] * PARTITIONS
    assert log.read(TOPIC, 0, 0, 10) == []


def test_a_record_comes_back_whole(log: EventLog):
    given = LogEntry(id="한글-id", key="고객 1", value=bytes(range(256)), time_ms=1_793_000_000_123)
    assert log.append(TOPIC, [given]) == 1
    partition = partition_of(given.key, PARTITIONS)
    assert read_all(log, partition) == [
        LogRecord(
            topic=TOPIC,
            partition=partition,
            offset=0,
            id=given.id,
            key=given.key,
            value=given.value,
            time_ms=given.time_ms,
        )
    ]


def test_a_key_keeps_its_partition_and_its_order(log: EventLog):
    given = [entry(number, key=f"cus_{number % 20}") for number in range(600)]
    for first in range(0, 600, 97):
        log.append(TOPIC, given[first : first + 97])
    found = everything(log)
    assert len(found) == 600
    for key in {item.key for item in given}:
        ordered = [record for record in found if record.key == key]
        assert [record.id for record in ordered] == [item.id for item in given if item.key == key]
        assert {record.partition for record in ordered} == {partition_of(key, PARTITIONS)}


def test_reading_begins_at_the_offset_and_ends_at_the_limit(log: EventLog):
    log.append(TOPIC, [entry(number) for number in range(50)])
    partition = partition_of("cus_1", PARTITIONS)
    page = log.read(TOPIC, partition, 20, 7)
    assert [record.offset for record in page] == list(range(20, 27))
    assert [record.id for record in log.read(TOPIC, partition, 27, 3)] == ["id-27", "id-28", "id-29"]
    assert [record.id for record in log.read(TOPIC, partition, 3, 2)] == ["id-3", "id-4"]
    assert log.read(TOPIC, partition, 50, 10) == []
    assert log.read(TOPIC, partition, 5_000, 10) == []
    assert log.read(TOPIC, partition, 0, 0) == []


def test_a_reader_at_the_end_sees_what_comes_next(place: Place, log: EventLog):
    reader = place.open()
    partition = partition_of("cus_1", PARTITIONS)
    for number in range(20):
        assert reader.read(TOPIC, partition, number, 10) == []
        log.append(TOPIC, [entry(number)])
        assert [record.id for record in reader.read(TOPIC, partition, number, 10)] == [f"id-{number}"]


def test_end_offsets_count_what_was_written(log: EventLog):
    log.append(TOPIC, [entry(number, key=f"cus_{number}") for number in range(90)])
    ends = log.end_offsets(TOPIC)
    assert sum(ends) == 90
    assert ends == [len(read_all(log, partition)) for partition in range(PARTITIONS)]
    assert log.end_offsets("other") == [0] * PARTITIONS


def test_what_was_appended_is_there_after_reopening(place: Place):
    first = place.open()
    first.append(TOPIC, [entry(number) for number in range(10)])
    place.close()
    second = place.open()
    second.append(TOPIC, [entry(10)])
    assert [record.id for record in everything(second)] == [f"id-{number}" for number in range(11)]


def test_repeated_ids_are_few_and_readers_can_drop_them(log: EventLog):
    log.append(TOPIC, [entry(number) for number in range(10)])
    log.append(TOPIC, [entry(number) for number in range(5, 15)])
    ids = [record.id for record in everything(log)]
    assert list(dict.fromkeys(ids)) == [f"id-{number}" for number in range(15)]


def test_time_never_decreases_in_a_partition(log: EventLog):
    times = [500, 700, 600, 100, 700, 900, 50]
    log.append(TOPIC, [entry(number, time_ms=time_ms) for number, time_ms in enumerate(times)])
    log.append(TOPIC, [entry(99, time_ms=1)])
    partition = partition_of("cus_1", PARTITIONS)
    assert [record.time_ms for record in read_all(log, partition)] == [500, 700, 700, 700, 700, 900, 900, 900]


def test_every_reader_sees_the_same_times_wherever_it_begins(place: Place, log: EventLog):
    chance = random.Random(5)
    log.append(TOPIC, [entry(number, time_ms=chance.randrange(10**12)) for number in range(200)])
    partition = partition_of("cus_1", PARTITIONS)
    whole = read_all(log, partition)
    for offset in (0, 1, 7, 50, 123, 199):
        assert place.open().read(TOPIC, partition, offset, 5) == whole[offset : offset + 5]
    assert log.read(TOPIC, partition, 3, 5) == whole[3:8], "going back gives the same times too"


def test_the_first_record_at_a_time_is_found_by_the_clock_of_the_partition(log: EventLog):
    times = [5_000, 7_000, 6_000, 7_000, 9_000]
    log.append(TOPIC, [entry(n, key="k", time_ms=time_ms) for n, time_ms in enumerate(times)])
    place = partition_of("k", PARTITIONS)
    asked = (-1, 0, 5_000, 5_001, 7_000, 7_001, 9_000, 9_001)
    assert [log.offset_at(TOPIC, place, time_ms) for time_ms in asked] == [0, 0, 0, 1, 1, 4, 4, 5]
    assert log.offset_at(TOPIC, (place + 1) % PARTITIONS, 5_000) == 0


def test_a_tick_moves_an_idle_partition(log: EventLog):
    log.append(TOPIC, [entry(1)])
    partition = partition_of("cus_1", PARTITIONS)
    log.tick(TOPIC, partition, 9_000)
    log.append(TOPIC, [entry(2, time_ms=8_000)])
    tick = read_all(log, partition)[1]
    assert (tick.id, tick.key, tick.value, tick.time_ms, tick.offset) == (TICK_ID, "", b"", 9_000, 1)
    assert [record.time_ms for record in read_all(log, partition)] == [1_001, 9_000, 9_000]


def test_ticks_are_never_taken_for_repeats(log: EventLog):
    for time_ms in (10, 20, 30):
        log.tick(TOPIC, 1, time_ms)
    assert [record.time_ms for record in read_all(log, 1)] == [10, 20, 30]


def test_a_tick_that_moves_nothing_is_not_written(log: EventLog):
    for time_ms in (30, 30, 20):
        log.tick(TOPIC, 1, time_ms)
    assert log.end_offsets(TOPIC) == [0, 1, 0]


def test_the_id_of_ticks_is_reserved(log: EventLog):
    with pytest.raises(Permanent, match="tick"):
        log.append(TOPIC, [entry(1), entry(2, id=TICK_ID)])
    assert everything(log) == []


def test_appending_nothing_does_nothing(log: EventLog):
    assert log.append(TOPIC, []) == 0
    assert everything(log) == []


@pytest.mark.parametrize("partition", [-1, PARTITIONS])
def test_a_partition_that_is_not_there_is_refused(log: EventLog, partition: int):
    with pytest.raises(Permanent) as refusal:
        log.read(TOPIC, partition, 0, 1)
    assert refusal.value.reason == "unknown_partition"
    with pytest.raises(Permanent):
        log.tick(TOPIC, partition, 1)


def test_another_number_of_partitions_is_a_wrong_setting(place: Place, log: EventLog):
    log.append(TOPIC, [entry(1)])
    with pytest.raises(Misconfigured, match="HUB_EVENT_LOG__PARTITIONS"):
        place.open(partitions=PARTITIONS + 1).end_offsets(TOPIC)


def test_a_large_value_and_a_large_batch_are_taken(log: EventLog):
    log.append(TOPIC, [entry(0, value=b"x" * 700_000), *(entry(number) for number in range(1, 5_000))])
    found = everything(log)
    assert len(found) == 5_000
    assert max(len(record.value) for record in found) == 700_000


def test_threads_share_one_log(log: EventLog):
    def append(name: str) -> None:
        for number in range(40):
            log.append(TOPIC, [entry(number, key=name, id=f"{name}-{number}")])
            log.read(TOPIC, number % PARTITIONS, 0, 10)

    threads = [threading.Thread(target=append, args=(f"thread_{name}",)) for name in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = everything(log)
    assert len(found) == 240
    for name in range(6):
        mine = [record.id for record in found if record.key == f"thread_{name}"]
        assert mine == [f"thread_{name}-{number}" for number in range(40)]


@pytest.mark.slow
def test_many_processes_append_at_once(place: Place):
    starts = (0, 5_000, 2_500)
    appenders = [place.appender(name=f"p{rank}", count=600, start_ms=start) for rank, start in enumerate(starts)]
    acknowledged = [process.communicate(timeout=120)[0].split() for process in appenders]
    assert [process.returncode for process in appenders] == [0, 0, 0]
    found = everything(place.open())
    assert sorted(record.id for record in found) == sorted(chain.from_iterable(acknowledged))
    for rank in range(3):
        for key in range(5):
            mine = [int(record.value) for record in found if record.key == f"p{rank}-{key}"]
            assert mine == sorted(mine), "one appender's order holds within a key"
    for partition in range(PARTITIONS):
        times = [record.time_ms for record in read_all(place.open(), partition, step=37)]
        assert times == sorted(times)


@pytest.mark.slow
def test_an_appender_that_is_killed_loses_nothing_acknowledged(place: Place):
    appender = place.appender(count=1_000_000, batch=7)
    assert appender.stdout is not None
    acknowledged = [appender.stdout.readline().strip() for _ in range(700)]
    appender.kill()
    acknowledged += appender.stdout.read().split("\n")[:-1]
    appender.wait()
    appender.stdout.close()
    kept = [record.id for record in everything(place.open())]
    assert len(kept) == len(set(kept))
    assert set(acknowledged) <= set(kept)
    place.open().append(TOPIC, [entry(1, id="after")])
    assert "after" in {record.id for record in everything(place.open())}
