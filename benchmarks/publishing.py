"""Publishing after the first time: what the tables gained since the last run, beside comparing everything with the log.

``BENCH_EVENTS`` sets how many events a bank has (a million), of which a hundredth comes new.

    python -m benchmarks.publishing
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from pathlib import Path

from benchmarks.machine import figure
from hub.settings import Settings
from infra.spark.driver import stop
from infra.wiring import Hub
from ingest.publish import publish
from lakehouse.publishing import BEHAVIOR, HISTORY, Published, events_to_publish, newest_versions

EVENTS = int(os.environ.get("BENCH_EVENTS", "1000000"))
NEW = EVENTS // 100
FIRST_MS, STEP_MS = 1_780_000_000_000, 4_000
_ROWS = """
    SELECT concat('event-', id) AS event_id, 'product.viewed' AS type, 'web' AS channel,
           {first} + id * {step} AS event_time_ms, {first} + id * {step} AS received_time_ms,
           concat('cus_', id % 9973) AS customer_key, array(concat('ano_', id % 9973)) AS ids,
           '{{"product_id": "deposit-12", "page": "/products/deposit-12"}}' AS properties
    FROM range({low}, {high})
"""
_FEATURE = """
    SELECT 'customer_profile' AS view, 'cus_1' AS customer_key, {first} AS event_time_ms, {first} AS created_ms,
           '{{}}' AS values, '1' AS version
"""


def main() -> None:
    """Fill a lake, publish it, add a hundredth, publish that both ways."""
    with tempfile.TemporaryDirectory() as folder:
        hub = Hub(Settings(home=Path(folder)))
        try:
            _fill(hub, 0, EVENTS)
            hub.tables.merge_frame(HISTORY, hub.tables.sql(_FEATURE.format(first=FIRST_MS)))
            _measure(hub, "everything, the first time", None)
            before = newest_versions(hub.tables)
            _fill(hub, EVENTS, EVENTS + NEW)
            _measure(hub, "what is new", before)
            _measure(hub, "everything compared with the log", None)
            _measure(hub, "nothing new", newest_versions(hub.tables))
        finally:
            stop(hub.run_dir)


def _fill(hub: Hub, low: int, high: int) -> None:
    hub.tables.merge_frame(BEHAVIOR, hub.tables.sql(_ROWS.format(first=FIRST_MS, step=STEP_MS, low=low, high=high)))


def _measure(hub: Hub, name: str, since: Published | None) -> None:
    started = time.perf_counter()
    report = publish(events_to_publish(hub.tables, since=since), hub.event_log)
    seconds = time.perf_counter() - started
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    figure(f"published: {name}", seconds, "s", events=report.events, new=report.published, peak_mib=round(peak_mib))


if __name__ == "__main__":
    main()
