"""A file that did not change is not read again; one that may have is."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from hub.errors import Transient
from ingest.object_store.directory import DirectoryObjectStore
from ingest.seen_files import SeenFiles
from ingest.vault import hash_file

HOUR_NS = 3_600_000_000_000


@pytest.fixture
def objects(tmp_path: Path) -> DirectoryObjectStore:
    return DirectoryObjectStore(tmp_path / "objects")


def aged(path: Path, raw: bytes, hours: int = 1) -> Path:
    path.write_bytes(raw)
    at = time.time_ns() - hours * HOUR_NS
    os.utime(path, ns=(at, at))
    return path


def seen(objects: DirectoryObjectStore, *paths: Path) -> list[str]:
    files = SeenFiles(objects, "vault/landed/calls/seen")
    digests = [files.digest(path) for path in paths]
    files.save()
    return digests


def test_a_file_that_did_not_change_is_not_read_again(objects: DirectoryObjectStore, tmp_path: Path) -> None:
    path = aged(tmp_path / "a.wav", b"first")
    (first,) = seen(objects, path)
    state = path.stat()
    with path.open("r+b") as file:
        file.write(b"other")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert seen(objects, path) == [first]


@pytest.mark.parametrize(("raw", "hours"), [(b"other", 0), (b"other", 2), (b"longer than before", 1)])
def test_a_file_that_changed_is_read_again(
    objects: DirectoryObjectStore, tmp_path: Path, raw: bytes, hours: int
) -> None:
    path = aged(tmp_path / "a.wav", b"first")
    seen(objects, path)
    aged(path, raw, hours)
    assert seen(objects, path) == [hash_file(path)]


def test_a_file_that_changed_a_moment_ago_is_read_every_time(objects: DirectoryObjectStore, tmp_path: Path) -> None:
    path = aged(tmp_path / "a.wav", b"first", hours=0)
    seen(objects, path)
    state = path.stat()
    path.write_bytes(b"other")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert seen(objects, path) == [hash_file(path)]


def test_what_is_gone_is_forgotten_and_what_cannot_be_read_is_said(
    objects: DirectoryObjectStore, tmp_path: Path
) -> None:
    one, two = aged(tmp_path / "a.wav", b"1"), aged(tmp_path / "b.wav", b"2")
    seen(objects, one, two)
    two.unlink()
    seen(objects, one)
    with objects.open("vault/landed/calls/seen") as stream:
        kept = stream.read()
    assert b"a.wav" in kept
    assert b"b.wav" not in kept
    with pytest.raises(Transient):
        seen(objects, two)
