"""Stops an idle driver: ``python -m infra.spark.idle RUN_DIR IDLE_S``, started beside a driver that asks for it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil

from infra.spark.driver import Driver, status, stop

LONGEST_PAUSE_S = 30.0


def start_watch(run_dir: Path, idle_s: int) -> None:
    """Watch the driver of this folder from a process of its own."""
    command = [sys.executable, "-m", "infra.spark.idle", str(run_dir), str(idle_s)]
    nowhere = subprocess.DEVNULL
    subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)


def watch(run_dir: Path, idle_s: float) -> None:
    """Stop the driver once no client has been connected for ``idle_s`` seconds; end when it is gone."""
    quiet_since = time.monotonic()
    watched = status(run_dir)
    while watched is not None and status(run_dir) == watched:
        now = time.monotonic()
        if _has_clients(watched):
            quiet_since = now
        elif now - quiet_since >= idle_s:
            stop(run_dir)
            return
        time.sleep(min(LONGEST_PAUSE_S, max(0.2, idle_s / 4)))


def _has_clients(driver: Driver) -> bool:
    try:
        connections = psutil.Process(driver.pid).net_connections("tcp")
    except psutil.NoSuchProcess:
        return False
    return any(c.laddr.port == driver.port and c.status == psutil.CONN_ESTABLISHED for c in connections)


if __name__ == "__main__":
    watch(Path(sys.argv[1]), float(sys.argv[2]))
