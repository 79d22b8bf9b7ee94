"""Event log and online store: rows a second and read latency of the embedded defaults and, where given, of the servers.

``BENCH_KAFKA=host:port`` and ``BENCH_REDIS=redis://…`` add the cluster's adapters to the same run.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.machine import figure
from hub.ports import EventLog, OnlineStore
from hub.records import FeatureRow, LogEntry, Scalar
from ingest.event_log.kafka import KafkaEventLog
from ingest.event_log.sqlite import SqliteEventLog
from lakehouse.online.lmdb_store import LmdbOnlineStore
from lakehouse.online.redis_store import RedisOnlineStore

EVENTS, CUSTOMERS = 20_000, 5_000


def main() -> None:
    """Measure every adapter that can be reached."""
    with tempfile.TemporaryDirectory() as folder:
        logs: dict[str, EventLog] = {"sqlite": SqliteEventLog(Path(folder) / "events.db", 4)}
        stores: dict[str, OnlineStore] = {"lmdb": LmdbOnlineStore(Path(folder) / "online", 512)}
        if kafka := os.environ.get("BENCH_KAFKA"):
            logs["kafka"] = KafkaEventLog(kafka, f"bench-{time.time_ns()}.", 4)
        if redis := os.environ.get("BENCH_REDIS"):
            stores["redis"] = RedisOnlineStore(redis)
        for name, log in logs.items():
            for batch in (1, 50, 500):
                _append(name, log, batch)
        for name, store in stores.items():
            _serve(name, store)


def _append(name: str, log: EventLog, batch: int) -> None:
    count = EVENTS if batch > 1 else EVENTS // 10
    entries = [LogEntry(id=f"{batch}-{i}", key=f"cus_{i % 997}", value=b"x" * 450, time_ms=i) for i in range(count)]

    def append_all() -> None:
        for start in range(0, count, batch):
            log.append("bench", entries[start : start + batch])

    seconds = _timed(append_all)
    figure(f"{name}: durable appends, batches of {batch}", count / seconds, "events/s")


def _serve(name: str, store: OnlineStore) -> None:
    values: dict[str, Scalar] = {f"feature_{i}": float(i) for i in range(12)}
    rows = [FeatureRow(view="profile", customer_key=f"cus_{i}", event_time_ms=time.time_ns() // 1_000_000, created_ms=1, values=values) for i in range(CUSTOMERS)]  # fmt: skip
    figure(f"{name}: feature rows written", CUSTOMERS / _timed(lambda: store.write(rows)), "rows/s")
    taken = sorted(_timed(partial(store.read, "profile", [f"cus_{i}"])) for i in range(CUSTOMERS))
    figure(f"{name}: one customer read, median", taken[len(taken) // 2] * 1e6, "microseconds")
    figure(f"{name}: one customer read, 99th percentile", taken[len(taken) * 99 // 100] * 1e6, "microseconds")


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
