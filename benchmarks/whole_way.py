"""The demo in a fresh home: seconds of each stage, and the peak memory of all its processes together."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from benchmarks.machine import figure
from hub.settings import CHECKOUT


class MemoryWatch:
    """Samples the resident memory of every process that carries a HUB_HOME, shared pages counted once per process."""

    def __init__(self, home: str) -> None:
        self._home = home
        self._stop = threading.Event()
        self.peak_bytes = 0
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End sampling."""
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.5):
            self.peak_bytes = max(self.peak_bytes, sum(self._resident(p) for p in psutil.process_iter()))

    def _resident(self, process: psutil.Process) -> int:
        try:
            if process.environ().get("HUB_HOME") != self._home:
                return 0
            return int(process.memory_full_info().pss)
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            return 0


def main() -> None:
    """Run the demo twice in one home: the second run shows what doing nothing costs."""
    with tempfile.TemporaryDirectory() as folder:
        home = str(Path(folder) / "home")
        environment = {**os.environ, "HUB_HOME": home}
        hub = str(Path(sys.executable).parent / "hub")
        for run in ("first", "second"):
            watch = MemoryWatch(home)
            begun = time.monotonic()
            done = subprocess.run(
                [hub, "demo", "--no-serve", "--json"],
                cwd=CHECKOUT,
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            watch.stop()
            numbers = json.loads(done.stdout)
            figure(f"demo, {run} run", time.monotonic() - begun, "s")
            figure(f"demo, {run} run, peak memory of all processes", watch.peak_bytes / 2**30, "GiB")
            for stage, seconds in numbers["stages"].items():
                figure(f"demo, {run} run: {stage}", seconds, "s")


if __name__ == "__main__":
    main()
