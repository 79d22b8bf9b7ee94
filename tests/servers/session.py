"""One server of a kind per test session, shared by all of its processes (pytest-xdist's workers too)."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
INSTALLED = CHECKOUT / ".servers"
_SUPERVISOR = Path(__file__).with_name("supervise.py")
_READY_WITHIN_S = 90.0
_GONE_WITHIN_S = 15.0


class ServerSession:
    """The servers of one test session and the folder with everything they write.

    Args:
        folder: made by the session's first process, which also removes it.
        owner: that process: its end, however it comes, ends the servers.
    """

    def __init__(self, folder: Path, owner: int) -> None:
        self.folder = folder
        self.owner = owner
        self._started: list[subprocess.Popen[bytes]] = []

    def shared(self, name: str, start: Callable[[Path], dict[str, Any]]) -> dict[str, Any]:
        """Return how to reach the server, which the first caller starts."""
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            known = self.folder / f"{name}.json"
            if not known.exists():
                data = self.folder / name
                data.mkdir()
                reached = start(data)
                known.touch(mode=0o600)
                known.write_text(json.dumps(reached))
            reached = json.loads(known.read_text())
            assert isinstance(reached, dict)
            return reached

    def run(
        self,
        name: str,
        argv: Sequence[str | Path],
        is_ready: Callable[[], bool],
        *,
        env: Mapping[str, str] | None = None,
        account: tuple[int, int] | None = None,
        stop_signal: int = signal.SIGTERM,
    ) -> None:
        """Start a server and wait until it answers; fails the test with the end of its log when it does not."""
        log = self.folder / f"{name}.log"
        uid, gid = account or (None, None)
        order = {
            "owner": self.owner,
            "argv": [str(part) for part in argv],
            "env": {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(self.folder / name), **(env or {})},
            "cwd": str(self.folder / name),
            "log": str(log),
            "alive": str(self.folder / f"{name}.alive"),
            "uid": uid,
            "gid": gid,
            "stop_signal": int(stop_signal),
        }
        supervisor = subprocess.Popen(
            [sys.executable, "-I", _SUPERVISOR],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        assert supervisor.stdin is not None
        with supervisor.stdin as stdin:
            stdin.write(json.dumps(order).encode())
        self._started.append(supervisor)
        (self.folder / f"{name}.pid").write_text(str(supervisor.pid))
        deadline = time.monotonic() + _READY_WITHIN_S
        while not is_ready():
            if supervisor.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"{name} did not start; its log ends:\n{_tail(log)}", pytrace=False)
            time.sleep(0.1)

    def end(self) -> None:
        """Stop every server, wait until it is gone, remove the folder."""
        for pid_file in self.folder.glob("*.pid"):
            with suppress(ProcessLookupError):
                os.kill(int(pid_file.read_text()), signal.SIGTERM)
        for alive in self.folder.glob("*.alive"):
            _wait_unlocked(alive)
        for supervisor in self._started:
            supervisor.wait(_GONE_WITHIN_S)
        shutil.rmtree(self.folder, ignore_errors=True)


def binary(name: str, *places: Path) -> Path:
    """Return where a server's program is.

    A missing one fails the test: a suite that skips its servers proves nothing.
    """
    found = [place / name for place in places if (place / name).exists()] or [
        Path(path) for path in (shutil.which(name),) if path
    ]
    if not found:
        pytest.fail(
            f"{name} is not installed: run `make servers` (infra/servers.sh), which installs it.", pytrace=False
        )
    return found[0]


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert isinstance(port, int)
    return port


def _wait_unlocked(alive: Path) -> None:
    deadline = time.monotonic() + _GONE_WITHIN_S
    with alive.open() as handle:
        while time.monotonic() < deadline:
            with suppress(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            time.sleep(0.05)


def _tail(log: Path, lines: int = 30) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else "(no log)"
