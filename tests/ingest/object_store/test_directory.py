"""Objects in a directory: interrupted writes, full disks, folders that cannot be used."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hub.errors import Misconfigured
from ingest.object_store.directory import ABANDONED_AFTER_S, DirectoryObjectStore
from tests.servers.session import CHECKOUT

_OPENED = (
    "import resource, sys\n"
    "from pathlib import Path\n"
    "from hub.errors import Transient\n"
    "from ingest.object_store.directory import DirectoryObjectStore\n"
    "store = DirectoryObjectStore(Path(sys.argv[1]))\n"
)


def _run(script: str, root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _OPENED + script, root], stdout=subprocess.PIPE, text=True, cwd=CHECKOUT
    )


def test_a_writer_that_is_killed_leaves_nothing_half_written(tmp_path: Path):
    root = tmp_path / "vault"
    source = tmp_path / "source"
    os.mkfifo(source)
    script = (
        "import ingest.object_store.directory as module\n"
        "print('ready', flush=True)\n"
        f"module._write_synced(Path({str(source)!r}), store._incoming / 'unfinished')\n"
    )
    writer = _run(script, root)
    with source.open("wb", buffering=0) as pipe:
        pipe.write(b"half of a recording")
        while not (root / ".incoming" / "unfinished").exists():
            time.sleep(0.01)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    assert list(DirectoryObjectStore(root).list("")) == []
    assert (root / ".incoming" / "unfinished").exists()
    assert writer.stdout is not None
    writer.stdout.close()


def test_what_killed_writers_left_is_removed_a_day_later(tmp_path: Path):
    store = DirectoryObjectStore(tmp_path)
    old, young = tmp_path / ".incoming" / "old", tmp_path / ".incoming" / "young"
    for left in (old, young):
        left.write_bytes(b"half")
    yesterday = time.time() - ABANDONED_AFTER_S - 60
    os.utime(old, (yesterday, yesterday))
    DirectoryObjectStore(tmp_path)
    assert not old.exists()
    assert young.exists()
    assert list(store.list("")) == []


def test_a_file_that_outgrows_the_disk_is_transient_and_leaves_nothing(tmp_path: Path):
    script = (
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "store.put('small', b'x' * 10_000)\n"
        "try:\n    store.put('large', b'x' * 100_000)\n"
        "except Transient as error:\n    print(error.reason)\n"
    )
    writer = _run(script, tmp_path)
    assert writer.communicate(timeout=30)[0].split() == ["object_store_io"]
    assert [info.key for info in DirectoryObjectStore(tmp_path).list("")] == ["small"]
    assert list((tmp_path / ".incoming").iterdir()) == []


def test_a_root_that_is_a_file_is_a_wrong_setting(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    for root in (tmp_path / "file", tmp_path / "file" / "vault"):
        with pytest.raises(Misconfigured, match="HUB_HOME"):
            DirectoryObjectStore(root)


def test_a_losing_writer_leaves_no_copy(tmp_path: Path):
    store = DirectoryObjectStore(tmp_path)
    for _ in range(2):
        store.put("a", b"x", if_absent=True)
    assert list((tmp_path / ".incoming").iterdir()) == []
