"""Run one server for as long as the test session lives: ``python supervise.py < order.json``.

It stops the server when told to (SIGTERM), and also when the session's process is gone, however it
ended. While it lives it holds a lock on the order's ``alive`` file, so that others can wait for its end.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

POLL_S = 0.1
PATIENCE_S = 8.0


def main() -> int:
    """Run the server named on standard input; returns its exit status."""
    order = json.load(sys.stdin)
    with Path(order["alive"]).open("w") as alive, Path(order["log"]).open("ab") as log:
        fcntl.flock(alive, fcntl.LOCK_EX)
        server = subprocess.Popen(
            order["argv"],
            env=order["env"],
            cwd=order["cwd"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            **({"user": order["uid"], "group": order["gid"], "extra_groups": []} if order["uid"] is not None else {}),
        )
        asked_to_stop: list[int] = []
        signal.signal(signal.SIGTERM, lambda number, _: asked_to_stop.append(number))
        while server.poll() is None and not asked_to_stop and is_running(order["owner"]):
            time.sleep(POLL_S)
        status = stop(server, order["stop_signal"])
    if not is_running(order["owner"]):
        shutil.rmtree(Path(order["cwd"]).parent, ignore_errors=True)  # nobody else is left to tidy up
    return status


def is_running(pid: int) -> bool:
    """Tell whether a process is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def stop(server: subprocess.Popen[bytes], stop_signal: int) -> int:
    """End a server, gently first."""
    if server.poll() is None:
        server.send_signal(stop_signal)
        try:
            return server.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            server.kill()
    return server.wait()


if __name__ == "__main__":
    sys.exit(main())
