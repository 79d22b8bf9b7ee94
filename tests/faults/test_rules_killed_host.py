"""The host is killed with SIGKILL at any moment; the next one decides the same, each decision once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from catalog.engine import open_catalog
from hub.clock import DAY_MS, SettableClock
from ingest.event_log.sqlite import SqliteEventLog
from rules.book import load_book
from rules.hosts.embedded import EmbeddedHost
from tests.rules.busy import busy_stream
from tests.rules.streams import START_MS, entry

CHECKOUT = Path(__file__).resolve().parents[2]
CHILD = """
import sys
from pathlib import Path
from catalog.engine import open_catalog
from hub.clock import SettableClock
from ingest.event_log.sqlite import SqliteEventLog
from rules.book import load_book
from rules.hosts.embedded import EmbeddedHost

home = Path(sys.argv[1])
catalog = open_catalog(f"sqlite:///{home}/catalog.db")
host = EmbeddedHost(
    SqliteEventLog(home / "events.db", 2), load_book(), catalog.decisions, catalog.state, SettableClock(0), batch_size=4
)
print("ready", flush=True)
host.run_until_caught_up()
print("done", flush=True)
"""


def start(home: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(home)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


@pytest.mark.slow
def test_killed_again_and_again_the_host_decides_everything_once(tmp_path: Path) -> None:
    stream = busy_stream(11, 700)
    log = SqliteEventLog(tmp_path / "events.db", 2)
    log.append("events", [msgspec.structs.replace(entry(e), time_ms=e.received_time_ms) for e in stream])
    for partition in range(2):
        log.tick("events", partition, stream[-1].received_time_ms + 10 * DAY_MS)
    whole = open_catalog(f"sqlite:///{tmp_path}/whole.db")
    EmbeddedHost(log, load_book(), whole.decisions, whole.state, SettableClock(START_MS)).run_until_caught_up()

    dice, kills = random.Random(3), 0
    for _ in range(6):
        child = start(tmp_path)
        time.sleep(dice.uniform(0.02, 0.3))
        if child.poll() is None:
            child.send_signal(signal.SIGKILL)
            kills += 1
        child.wait()
        if child.returncode == 0:
            break
    assert kills >= 3
    last = start(tmp_path)
    assert last.wait(timeout=120) == 0

    catalog = open_catalog(f"sqlite:///{tmp_path}/catalog.db")
    expected = sorted(msgspec.json.encode(d) for _, d in whole.decisions.list(limit=100_000))
    found = sorted(msgspec.json.encode(d) for _, d in catalog.decisions.list(limit=100_000))
    assert found == expected
    assert len(expected) > 100
    catalog.close()
    whole.close()
    log.close()
