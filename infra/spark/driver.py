"""Start, find and stop the one long-lived local Spark Connect driver of a HUB_HOME."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec
import psutil

from hub.errors import Conflict, Misconfigured, Transient
from hub.ids import content_id
from hub.settings import CHECKOUT
from infra.spark.configuration import SERVER_CLASS, DriverOptions, driver_properties, properties_text
from infra.spark.jars import missing_jars, spark_jars
from infra.spark.java import find_java

START_TIMEOUT_S = 120.0
STOP_TIMEOUT_S = 20.0
_LOG_TAIL_CHARS = 400


class Driver(msgspec.Struct, frozen=True, kw_only=True):
    """A running driver, as ``run/spark.json`` keeps it (mode 0600: the token opens every table)."""

    pid: int
    created_s: float
    port: int
    token: str
    options_digest: str

    @property
    def remote(self) -> str:
        """The Spark Connect address, without the token. The client sends a token in clear to this name only."""
        return f"sc://localhost:{self.port}"


def ensure_driver(run_dir: Path, jars: Path, options: DriverOptions | None = None) -> Driver:
    """Return the running driver of this folder; start one where none runs. Any number of callers start one.

    Raises:
        Misconfigured: Java or jars are missing, or the driver did not come up.
        Conflict: one runs with other options; stop it first.
    """
    wanted = options or DriverOptions()
    _make_private(run_dir)
    with _locked(run_dir / "spark.lock"):
        running = status(run_dir)
        if running is None:
            return _start(run_dir, jars, wanted)
        if running.options_digest != _digest(wanted, jars):
            raise Conflict("The Spark driver runs with other settings; stop it first (hub down)", reason="other_driver")
        return running


def status(run_dir: Path) -> Driver | None:
    """Return the running driver, None where none runs."""
    try:
        driver = msgspec.json.decode((run_dir / "spark.json").read_bytes(), type=Driver)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    return driver if _process(driver) is not None and _listens(driver.port) else None


def stop(run_dir: Path) -> bool:
    """Stop the driver and wait for its end; False where none ran."""
    if not run_dir.is_dir():
        return False
    with _locked(run_dir / "spark.lock"):
        try:
            driver = msgspec.json.decode((run_dir / "spark.json").read_bytes(), type=Driver)
        except (FileNotFoundError, msgspec.DecodeError):
            return False
        process = _process(driver)
        if process is not None:
            _end(process)
        (run_dir / "spark.json").unlink(missing_ok=True)
        shutil.rmtree(run_dir / "spark", ignore_errors=True)
        return process is not None


def _start(run_dir: Path, jars: Path, options: DriverOptions) -> Driver:
    absent = missing_jars(jars, s3=options.s3 is not None)
    if absent:
        raise Misconfigured(f"{jars} lacks {absent[0].file_name}; run make setup", reason="jars_missing")
    port, token = _free_port(), secrets.token_urlsafe(32)
    command = [str(spark_jars().parent / "bin" / "spark-submit"), "--class", SERVER_CLASS]
    command += ["--properties-file", str(_write_properties(run_dir, jars, options, port, token)), "spark-internal"]
    log = run_dir / "spark.log"
    process = _spawn(command, log, find_java())
    _wait_until_it_listens(process, port, log)
    driver = Driver(
        pid=process.pid,
        created_s=psutil.Process(process.pid).create_time(),
        port=port,
        token=token,
        options_digest=_digest(options, jars),
    )
    _write_private(run_dir / "spark.json", msgspec.json.encode(driver))
    if options.idle_s:
        from infra.spark.idle import start_watch

        start_watch(run_dir, options.idle_s)
    return driver


def _write_properties(run_dir: Path, jars: Path, options: DriverOptions, port: int, token: str) -> Path:
    scratch = run_dir / "spark"
    shutil.rmtree(scratch, ignore_errors=True)
    for name in ("tmp", "local", "warehouse"):
        (scratch / name).mkdir(parents=True)
    properties = driver_properties(options, jars=jars.resolve(), scratch=scratch.resolve(), port=port, token=token)
    path = run_dir / "spark.properties"
    _write_private(path, properties_text(properties).encode())
    return path


def _spawn(command: list[str], log: Path, java: Path) -> subprocess.Popen[bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SPARK_", "PYSPARK_"))}
    environ = kept | {"SPARK_HOME": str(spark_jars().parent), "JAVA_HOME": str(java.resolve().parent.parent)}
    environ |= {"SPARK_LOCAL_IP": "127.0.0.1", **_for_workers(kept)}
    with log.open("wb") as stream:
        log.chmod(0o600)
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, env=environ, start_new_session=True
        )


def _for_workers(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what Python workers need: this interpreter, and the hub's own packages on its path."""
    path = [str(CHECKOUT), *filter(None, [environ.get("PYTHONPATH")])]
    return {"PYSPARK_PYTHON": sys.executable, "PYTHONPATH": os.pathsep.join(path)}


def _wait_until_it_listens(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while not _listens(port):
        if process.poll() is not None:
            tail = log.read_text(encoding="utf-8", errors="replace")[-_LOG_TAIL_CHARS:].strip()
            raise Misconfigured(f"The Spark driver ended at once; {log} says: {tail}", reason="driver_died")
        if time.monotonic() > deadline:
            process.kill()
            raise Transient(f"The Spark driver did not listen within {START_TIMEOUT_S:.0f} s", reason="driver_slow")
        time.sleep(0.05)


def _process(driver: Driver) -> psutil.Process | None:
    """Return the driver's process; another that was given its number later is not it."""
    try:
        process = psutil.Process(driver.pid)
        alive = process.status() != psutil.STATUS_ZOMBIE and abs(process.create_time() - driver.created_s) < 1.0
    except psutil.NoSuchProcess:
        return None
    return process if alive else None


def _end(process: psutil.Process) -> None:
    try:
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_TIMEOUT_S)
    except psutil.TimeoutExpired:
        process.kill()
    except psutil.NoSuchProcess:
        return


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _digest(options: DriverOptions, jars: Path) -> str:
    return content_id(msgspec.json.encode(options), str(jars.resolve()))


def _make_private(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def _write_private(path: Path, data: bytes) -> None:
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(data)
    temporary.replace(path)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
