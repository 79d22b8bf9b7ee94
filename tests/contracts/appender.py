"""A process that appends to an event log and says what was acknowledged: ``python -m tests.contracts.appender ORDER``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from hub.records import LogEntry
from ingest.event_log.kafka import KafkaEventLog
from ingest.event_log.sqlite import SqliteEventLog


def open_log(where: dict[str, Any]) -> SqliteEventLog | KafkaEventLog:
    """Open the log that a test runs on."""
    if where["kind"] == "sqlite":
        return SqliteEventLog(Path(where["path"]), where["partitions"])
    return KafkaEventLog(where["bootstrap_servers"], where["prefix"], where["partitions"])


def main() -> None:
    """Append batches of entries, printing an id per line once its append returned."""
    order = json.loads(sys.argv[1])
    log = open_log(order["log"])
    name, size = order["name"], order["batch"]
    for first in range(0, order["count"], size):
        batch = [
            LogEntry(
                id=f"{name}-{number}",
                key=f"{name}-{number % order['keys']}",
                value=str(number).encode(),
                time_ms=order["start_ms"] + number * order["step_ms"],
            )
            for number in range(first, min(first + size, order["count"]))
        ]
        log.append("events", batch)
        print("\n".join(entry.id for entry in batch), flush=True)


if __name__ == "__main__":
    main()
