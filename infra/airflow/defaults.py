"""What every DAG of the hub shares: owner, retries, start, and the assets that link them."""

from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone
from typing import Any

from airflow.sdk import Asset

SEOUL = timezone(timedelta(hours=9), "KST")
START = datetime(2026, 1, 1, tzinfo=SEOUL)

DEFAULT_ARGS = {
    "owner": "data-platform",
    "retries": 2,
    "retry_delay": timedelta(seconds=20),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=10),
}


def table(name: str) -> Asset:
    """Return the asset of a lake table, e.g. ``gold.customer_behavior``."""
    zone, _, short = name.partition(".")
    return Asset(name=name, uri=f"hub://lake/{zone}/{short}")


MASTER = table("silver.customers")
MEMOS = table("silver.memo_facts")
LOGS = table("silver.log_events")
CALLS = table("silver.transcripts")
BEHAVIOR = table("gold.customer_behavior")
FEATURES = table("gold.feature_history")
SCORES = table("gold.customer_scores")
PUBLISHED = Asset(name="log.events", uri="hub://log/events")
DECISIONS = table("gold.decisions")


def pool_of(table_name: str) -> str:
    """Return the Airflow pool of size one that serialises the writers of a table."""
    return "write_" + table_name.replace(".", "_")


WRITE_POOLS = tuple(
    pool_of(name)
    for name in (
        "silver.events",
        "gold.customer_behavior",
        "gold.feature_history",
        "gold.decisions",
        "bronze.memos",
        "bronze.log_lines",
        "bronze.master_rows",
        "bronze.calls",
        "log.events",
    )
)

SPEECH_QUEUE = "HUB_SPEECH__QUEUE"
SPEECH_WORKERS = "HUB_SPEECH__WORKERS"
URGENT, WHENEVER = 100, 1
"""Priority weights of what people wait for and of what may take its time; they count where a pool is full."""


def speech_pool() -> str:
    """Return the pool that bounds transcription: one per queue, so that a GPU's slots are counted by themselves."""
    queue = os.environ.get(SPEECH_QUEUE, "")
    return f"speech_{queue}" if queue else "speech"


def on_speech_workers() -> dict[str, Any]:
    """Return where transcription runs: a pool, and the queue that ``HUB_SPEECH__QUEUE`` names.

    Read when DAG files are parsed; the scheduler and the workers need the same setting.
    """
    queue = os.environ.get(SPEECH_QUEUE, "")
    return {"pool": speech_pool(), **({"queue": queue} if queue else {})}
