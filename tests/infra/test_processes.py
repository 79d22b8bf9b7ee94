"""Long-lived processes are started once, found again, and end when asked."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hub.errors import Misconfigured
from infra import processes

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"]


def test_a_process_starts_once_and_stops(tmp_path: Path) -> None:
    first = processes.start(tmp_path, "sleeper", SLEEP)
    assert processes.start(tmp_path, "sleeper", SLEEP) == first
    assert processes.find(tmp_path, "sleeper") == first
    assert processes.stop(tmp_path, "sleeper")
    assert processes.find(tmp_path, "sleeper") is None
    assert not processes.stop(tmp_path, "sleeper")


def test_one_that_does_not_listen_to_reason_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STOP_TIMEOUT_S", 0.5)
    processes.start(tmp_path, "stubborn", STUBBORN)
    assert processes.stop(tmp_path, "stubborn")
    assert processes.find(tmp_path, "stubborn") is None


def test_a_pid_that_now_belongs_to_another_process_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "old.pid").write_text('{"name":"old","pid":1,"created_s":1.0}')
    assert processes.find(tmp_path, "old") is None


def test_a_process_that_dies_at_once_says_why(tmp_path: Path) -> None:
    processes.start(tmp_path, "broken", [sys.executable, "-c", "raise SystemExit('no port to listen on')"])
    with pytest.raises(Misconfigured, match="no port to listen on"):
        processes.wait_until_listening(tmp_path, "broken", 1, timeout_s=20)
