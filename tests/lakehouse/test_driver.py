"""The driver's life: one for many callers, private, found again, stopped; its jars and its Java."""

from __future__ import annotations

import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.errors import Conflict, Misconfigured, Transient
from infra.spark import jars as jars_module
from infra.spark.configuration import DriverOptions, S3Access, driver_properties, properties_text
from infra.spark.driver import ensure_driver, status, stop
from infra.spark.jar_lock import DELTA_JARS, S3_JARS, Jar
from infra.spark.jars import fetch_jars, missing_jars
from infra.spark.java import find_java, major_version
from lakehouse.session import open_session
from tests.lakehouse.conftest import JARS

START = """
import sys
from pathlib import Path
from infra.spark.configuration import DriverOptions
from infra.spark.driver import ensure_driver
print(ensure_driver(Path(sys.argv[1]), Path(sys.argv[2]), DriverOptions(memory_mb=512)).pid)
"""


@pytest.fixture
def run_dir(tmp_path: Path) -> Iterator[Path]:
    """A folder whose driver is stopped at the end."""
    folder = tmp_path / "run"
    yield folder
    stop(folder)


@pytest.mark.spark
@pytest.mark.slow
def test_two_processes_at_once_start_one_driver_that_only_its_owner_may_use(run_dir: Path) -> None:
    fetch_jars(JARS)
    command = [sys.executable, "-c", START, str(run_dir), str(JARS)]
    starters = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    pids = {starter.communicate(timeout=180)[0].strip() for starter in starters}
    driver = status(run_dir)
    assert driver is not None
    assert pids == {str(driver.pid)}
    secret = [run_dir / name for name in ("spark.json", "spark.properties", "spark.log")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in secret} == {0o600}
    assert driver.token not in " ".join(Path(f"/proc/{driver.pid}/cmdline").read_text().split("\0"))
    open_session(driver.remote, driver.token).stop()
    with pytest.raises(Transient):
        open_session(driver.remote, "another-token")
    with pytest.raises(Conflict):
        ensure_driver(run_dir, JARS, DriverOptions(memory_mb=513))
    assert stop(run_dir)
    assert status(run_dir) is None
    assert not stop(run_dir)


@pytest.mark.spark
@pytest.mark.slow
def test_a_driver_without_clients_stops_itself_when_asked_to(run_dir: Path) -> None:
    fetch_jars(JARS)
    ensure_driver(run_dir, JARS, DriverOptions(memory_mb=512, idle_s=1))
    deadline = time.monotonic() + 60
    while status(run_dir) is not None and time.monotonic() < deadline:
        time.sleep(0.2)
    assert status(run_dir) is None


def test_a_driver_without_its_jars_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="make setup"):
        ensure_driver(tmp_path / "run", tmp_path / "jars")


def test_java_that_is_missing_or_old_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="Java 17 or newer"):
        find_java({"PATH": str(tmp_path)})
    old = tmp_path / "bin" / "java"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n")
    old.chmod(0o755)
    with pytest.raises(Misconfigured, match="found Java 11"):
        find_java({"JAVA_HOME": str(tmp_path)})


@pytest.mark.parametrize(
    ("text", "major"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_402"', 8),
        ('openjdk version "21" 2023-09-19', 21),
        ("command not found", 0),
    ],
)
def test_the_version_of_java_is_read_from_what_it_prints(text: str, major: int) -> None:
    assert major_version(text) == major


def test_jars_are_pinned_and_counted_as_missing_until_they_are_whole(tmp_path: Path) -> None:
    every = DELTA_JARS + S3_JARS
    assert len({jar.file_name for jar in every}) == len(every)
    assert all(len(jar.sha256) == 64 and jar.size_bytes > 0 for jar in every)
    assert missing_jars(tmp_path) == list(DELTA_JARS)
    (tmp_path / DELTA_JARS[0].file_name).write_bytes(b"half")
    assert DELTA_JARS[0] in missing_jars(tmp_path)


def test_a_jar_that_is_not_the_pinned_one_is_refused_and_not_kept(tmp_path: Path) -> None:
    fetched = tmp_path / "out.jar"
    fetched.write_bytes(b"something else")
    with pytest.raises(Misconfigured, match="not the file that was pinned"):
        jars_module._adopt(fetched, tmp_path / "kept.jar", Jar("o", "n", "1", 14, "0" * 64))
    assert not (tmp_path / "kept.jar").exists()


def test_s3_access_and_paths_with_spaces_reach_the_properties() -> None:
    access = S3Access(endpoint="http://127.0.0.1:9000", access_key="a", secret_key="b\\c")
    properties = driver_properties(
        DriverOptions(s3=access), jars=Path("/j"), scratch=Path("/home of/run"), port=1, token="t"
    )
    assert properties["spark.hadoop.fs.s3a.connection.ssl.enabled"] == "false"
    assert "spark.hadoop.fs.s3a.secret.key b\\\\c\n" in properties_text(properties)
    assert '"-Djava.io.tmpdir=/home of/run/tmp"' in properties["spark.driver.extraJavaOptions"]
    assert properties["spark.connect.grpc.binding.address"] == "127.0.0.1"
