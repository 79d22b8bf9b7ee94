"""The SQLite event log: locked, full, forked, damaged."""

from __future__ import annotations

import multiprocessing
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from hub.errors import Misconfigured, Transient
from hub.records import LogEntry
from ingest.event_log.sqlite import SqliteEventLog
from tests.servers.session import CHECKOUT


def _entries(*numbers: int) -> list[LogEntry]:
    return [LogEntry(id=f"id-{number}", key="cus_1", value=b"v", time_ms=number) for number in numbers]


def _ids(log: SqliteEventLog) -> list[str]:
    return [record.id for record in log.read("events", 0, 0, 100_000)]


def test_an_id_is_kept_once_per_topic(tmp_path: Path):
    log = SqliteEventLog(tmp_path / "events.db", 1)
    assert log.append("events", _entries(1, 2, 1)) == 2
    assert log.append("events", _entries(2, 3)) == 1
    assert log.append("collected", _entries(1)) == 1
    assert _ids(log) == ["id-1", "id-2", "id-3"]
    assert log.end_offsets("events") == [3], "a repeat leaves no gap"


def test_every_commit_is_synced(tmp_path: Path):
    log = SqliteEventLog(tmp_path / "events.db", 1)
    with log._file.reading() as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA synchronous").fetchone() == (2,), "2 is FULL"


def test_a_lock_held_too_long_is_transient_and_readers_read_on(tmp_path: Path):
    log = SqliteEventLog(tmp_path / "events.db", 1, busy_timeout_s=0.2)
    log.append("events", _entries(1))
    other = sqlite3.connect(tmp_path / "events.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Transient) as busy:
        log.append("events", _entries(2))
    assert busy.value.reason == "event_log_busy"
    assert _ids(log) == ["id-1"]
    other.execute("ROLLBACK")
    other.close()
    assert log.append("events", _entries(2)) == 1


def test_a_full_disk_is_transient_and_loses_nothing_acknowledged(tmp_path: Path):
    script = (
        "import resource, sys\nfrom pathlib import Path\nfrom hub.errors import Transient\n"
        "from hub.records import LogEntry\nfrom ingest.event_log.sqlite import SqliteEventLog\n"
        "log = SqliteEventLog(Path(sys.argv[1]), 1)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))\n"
        "for number in range(10_000):\n"
        "    entry = LogEntry(id=f'id-{number}', key='cus_1', value=b'v' * 5_000, time_ms=number)\n"
        "    try:\n        log.append('events', [entry])\n"
        "    except Transient as error:\n        print(error.reason)\n        break\n"
        "    print(entry.id)\n"
    )
    writer = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "events.db"], capture_output=True, text=True, cwd=CHECKOUT, check=True
    )
    *acknowledged, reason = writer.stdout.split()
    assert reason in ("disk_full", "disk_failed")
    assert len(acknowledged) > 10
    log = SqliteEventLog(tmp_path / "events.db", 1)
    assert _ids(log) == acknowledged
    assert log.append("events", _entries(99_999)) == 1


def test_an_append_that_fails_half_way_leaves_nothing(tmp_path: Path):
    log = SqliteEventLog(tmp_path / "events.db", 1)
    broken = LogEntry(id="id-2", key="cus_1", value=b"v", time_ms=2**80)
    with pytest.raises(OverflowError):
        log.append("events", [*_entries(1), broken])
    assert _ids(log) == []
    assert log.append("events", _entries(1)) == 1, "the id is still free"


def _append_in_child(log: SqliteEventLog) -> None:
    assert log.append("events", _entries(2)) == 1
    assert log._file._of_the_parent, "what it inherited is neither used nor closed"


def test_a_forked_child_goes_on_with_connections_of_its_own(tmp_path: Path):
    log = SqliteEventLog(tmp_path / "events.db", 1)
    log.append("events", _entries(1))
    child = multiprocessing.get_context("fork").Process(target=_append_in_child, args=(log,))
    child.start()
    child.join(20)
    assert child.exitcode == 0
    assert log.append("events", _entries(3)) == 1
    assert _ids(log) == ["id-1", "id-2", "id-3"]


def test_a_file_that_is_no_log_is_a_wrong_setting(tmp_path: Path):
    (tmp_path / "events.db").write_bytes(b"this is no database" * 1_000)
    with pytest.raises(Misconfigured, match="HUB_HOME"):
        SqliteEventLog(tmp_path / "events.db", 1)
    with pytest.raises(Misconfigured, match="HUB_HOME"):
        SqliteEventLog(tmp_path / "events.db" / "below.db", 1)


def test_many_processes_may_create_the_log_at_once(tmp_path: Path):
    script = (
        "import sys; from pathlib import Path; from ingest.event_log.sqlite import SqliteEventLog\n"
        "SqliteEventLog(Path(sys.argv[1]), 4).tick('events', int(sys.argv[2]), 5)\n"
    )
    creators = [
        subprocess.Popen([sys.executable, "-c", script, tmp_path / "events.db", str(rank)], cwd=CHECKOUT)
        for rank in range(4)
    ]
    assert [creator.wait(30) for creator in creators] == [0, 0, 0, 0]
    assert SqliteEventLog(tmp_path / "events.db", 4).end_offsets("events") == [1, 1, 1, 1]
