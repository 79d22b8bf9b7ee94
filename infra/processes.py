"""The hub's long-lived processes on one machine: started detached, found by a pid file, stopped in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import msgspec
import psutil

from hub.errors import Misconfigured
from hub.settings import CHECKOUT

STOP_TIMEOUT_S = 15.0


class Process(msgspec.Struct, frozen=True, kw_only=True):
    """A process of ours: its pid is only believed while the start time fits too."""

    name: str
    pid: int
    created_s: float


def start(run_dir: Path, name: str, command: list[str], environment: Mapping[str, str] | None = None) -> Process:
    """Start a process unless it runs; its output goes to ``run/<name>.log``."""
    running = find(run_dir, name)
    if running is not None:
        return running
    run_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (run_dir / f"{name}.log").open("ab") as log:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=CHECKOUT,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
    process = Process(name=name, pid=child.pid, created_s=psutil.Process(child.pid).create_time())
    _file(run_dir, name).write_bytes(msgspec.json.encode(process))
    return process


def python(*arguments: str) -> list[str]:
    """Return the command line of a module of ours in this interpreter."""
    return [sys.executable, "-m", *arguments]


def find(run_dir: Path, name: str) -> Process | None:
    """Return the running process of that name, None where none runs."""
    try:
        process = msgspec.json.decode(_file(run_dir, name).read_bytes(), type=Process)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    return process if _alive(process) else None


def stop(run_dir: Path, name: str) -> bool:
    """Ask a process to end and wait; kill it when it does not. False where none ran."""
    process = find(run_dir, name)
    _file(run_dir, name).unlink(missing_ok=True)
    if process is None:
        return False
    try:
        handle = psutil.Process(process.pid)
        handle.send_signal(signal.SIGTERM)
        handle.wait(STOP_TIMEOUT_S)
    except psutil.TimeoutExpired:
        handle.kill()
    except psutil.NoSuchProcess:
        return False
    return True


def wait_until_listening(run_dir: Path, name: str, port: int, timeout_s: float = 60.0) -> None:
    """Return when the port answers. Raises Misconfigured with the end of the log when the process died."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if port in _listening_ports(run_dir, name):
            return
        if find(run_dir, name) is None:
            tail = (run_dir / f"{name}.log").read_text("utf-8", errors="replace")[-800:]
            raise Misconfigured(f"{name} ended at once; its log says: {tail}", reason="process_died")
        time.sleep(0.1)
    raise Misconfigured(f"{name} does not listen on port {port} after {timeout_s:.0f} s.", reason="not_listening")


def _listening_ports(run_dir: Path, name: str) -> set[int]:
    process = find(run_dir, name)
    if process is None:
        return set()
    try:
        connections = psutil.Process(process.pid).net_connections("tcp")
    except psutil.NoSuchProcess:
        return set()
    return {c.laddr.port for c in connections if c.status == psutil.CONN_LISTEN}


def _alive(process: Process) -> bool:
    try:
        found = psutil.Process(process.pid)
        return found.status() != psutil.STATUS_ZOMBIE and abs(found.create_time() - process.created_s) < 1.0
    except psutil.NoSuchProcess:
        return False


def _file(run_dir: Path, name: str) -> Path:
    return run_dir / f"{name}.pid"
