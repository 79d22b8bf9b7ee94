"""A process that writes shuffled feature rows: ``python -m tests.contracts.feature_writer ORDER``."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

from hub.records import FeatureRow
from lakehouse.online.lmdb_store import LmdbOnlineStore
from lakehouse.online.redis_store import RedisOnlineStore


def open_store(where: dict[str, Any]) -> LmdbOnlineStore | RedisOnlineStore:
    """Open the store that a test runs on."""
    if where["kind"] == "lmdb":
        return LmdbOnlineStore(Path(where["path"]), where["map_size_mb"])
    return RedisOnlineStore(where["url"])


def feature_row(customer: int, event_time_ms: int, created_ms: int = 0, **fields: Any) -> FeatureRow:
    """Return a row that tells its own times."""
    given = {"view": "customer_profile", "values": {"age": event_time_ms, "made": created_ms}, **fields}
    return FeatureRow(customer_key=f"cus_{customer}", event_time_ms=event_time_ms, created_ms=created_ms, **given)


def main() -> None:
    """Write every time of every customer, in an order of one's own."""
    order = json.loads(sys.argv[1])
    store = open_store(order["store"])
    rows = [feature_row(customer, time_ms) for customer in range(order["customers"]) for time_ms in range(50)]
    random.Random(order["seed"]).shuffle(rows)
    for first in range(0, len(rows), 100):
        store.write(rows[first : first + 100])
        store.link({f"ano_{order['seed']}_{first}": "cus_1"})


if __name__ == "__main__":
    main()
