"""What every adapter of ``hub.ports.ObjectStore`` promises."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.errors import Permanent
from hub.ports import ObjectStore
from hub.records import ObjectInfo
from ingest.object_store.directory import DirectoryObjectStore
from ingest.object_store.s3 import S3ObjectStore
from tests.servers.minio import MinioServer
from tests.servers.session import CHECKOUT

BIG = 24 << 20
RACERS = 8


@pytest.fixture(params=["directory", pytest.param("s3", marks=pytest.mark.servers)])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], ObjectStore]:
    """Opens one more client of the same, at first empty, store."""
    if request.param == "directory":
        return lambda: DirectoryObjectStore(tmp_path / "vault")
    minio: MinioServer = request.getfixturevalue("minio")
    bucket = minio.bucket()
    return lambda: S3ObjectStore(minio.endpoint, bucket, minio.region, minio.access_key, minio.secret_key)


@pytest.fixture
def store(opener: Callable[[], ObjectStore]) -> ObjectStore:
    return opener()


def content(store: ObjectStore, key: str) -> bytes:
    with store.open(key) as stream:
        return stream.read()


def keys(store: ObjectStore, prefix: str = "") -> list[str]:
    return [info.key for info in store.list(prefix)]


@pytest.mark.parametrize("if_absent", [False, True])
@pytest.mark.parametrize("blob", [b"", b"\x00\xff\r\n", "말씀".encode() * 1_000])
def test_a_blob_comes_back_whole(store: ObjectStore, blob: bytes, if_absent: bool):
    assert store.put("calls/a.wav", blob, if_absent=if_absent) is True
    assert content(store, "calls/a.wav") == blob
    assert list(store.list("")) == [ObjectInfo(key="calls/a.wav", size_bytes=len(blob))]


@pytest.mark.parametrize("if_absent", [False, True])
def test_a_file_is_stored_and_stays_where_it_was(store: ObjectStore, tmp_path: Path, if_absent: bool):
    for blob in (b"", b"RIFF" * 100):
        source = tmp_path / "source.wav"
        source.write_bytes(blob)
        assert store.put(f"calls/{len(blob)}.wav", source, if_absent=if_absent)
        assert content(store, f"calls/{len(blob)}.wav") == blob
        assert source.read_bytes() == blob


@pytest.mark.parametrize("if_absent", [False, True])
def test_a_big_file_keeps_every_byte(store: ObjectStore, tmp_path: Path, if_absent: bool):
    source = tmp_path / "big"
    block = hashlib.sha512(b"seed").digest() * 16_384
    with source.open("wb") as sink:
        for number in range(BIG // len(block)):
            sink.write(block[number:] + block[:number])
    assert store.put("big", source, if_absent=if_absent)
    with store.open("big") as stored, source.open("rb") as given:
        assert hashlib.file_digest(stored, "sha256").digest() == hashlib.file_digest(given, "sha256").digest()
    assert [info.size_bytes for info in store.list("big")] == [BIG]


def test_a_blob_can_be_read_from_anywhere(store: ObjectStore):
    store.put("calls/a", bytes(range(200)))
    with store.open("calls/a") as stream:
        assert stream.seek(100) == 100
        assert stream.read(3) == bytes([100, 101, 102])
        stream.seek(0)
        assert stream.read(2) == bytes([0, 1])


def test_a_put_replaces(store: ObjectStore):
    store.put("a", b"first, and longer")
    assert store.put("a", b"second") is True
    assert content(store, "a") == b"second"


def test_if_absent_never_replaces(store: ObjectStore):
    assert store.put("a", b"first", if_absent=True) is True
    assert store.put("a", b"second", if_absent=True) is False
    assert content(store, "a") == b"first"
    store.delete("a")
    assert store.put("a", b"third", if_absent=True) is True


def test_one_of_many_racing_writers_wins(opener: Callable[[], ObjectStore]):
    for round_ in range(5):
        start = threading.Barrier(RACERS)
        won: list[int] = []

        def race(rank: int, key: str, start: threading.Barrier = start, won: list[int] = won) -> None:
            store = opener()
            start.wait()
            if store.put(key, bytes([rank]) * 100_000, if_absent=True):
                won.append(rank)

        threads = [threading.Thread(target=race, args=(rank, f"races/{round_}")) for rank in range(RACERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(won) == 1
        assert content(opener(), f"races/{round_}") == bytes(won) * 100_000


def test_racing_replacements_leave_one_whole_blob(opener: Callable[[], ObjectStore]):
    def replace(rank: int) -> None:
        store = opener()
        for _ in range(5):
            store.put("a", bytes([rank]) * 200_000)
            assert len(set(content(store, "a"))) == 1

    threads = [threading.Thread(target=replace, args=(rank,)) for rank in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(content(opener(), "a")) == 200_000


def test_a_missing_blob_is_permanent_and_names_its_key(store: ObjectStore):
    store.put("calls/a", b"x")
    for key in ("none", "calls", "calls/a/b", "calls/aa"):
        with pytest.raises(Permanent) as missing:
            store.open(key)
        assert missing.value.reason == "missing_object"
        assert missing.value.ids == {"object": key}


def test_a_missing_source_is_permanent(store: ObjectStore, tmp_path: Path):
    with pytest.raises(Permanent) as missing:
        store.put("a", tmp_path / "none")
    assert missing.value.reason == "missing_source"
    assert keys(store) == []


def test_deleting_is_final_and_repeatable(store: ObjectStore):
    store.put("calls/a", b"x")
    store.put("calls/b", b"y")
    store.delete("calls/a")
    store.delete("calls/a")
    store.delete("never/there")
    assert keys(store) == ["calls/b"]


@pytest.mark.parametrize(
    "key",
    [
        "한글/통화 녹음 (1).wav",
        "a b+c&d=e?f#g%2Fh",
        "%",
        "~!@$^*()_,;'\"[]{}|<>`:",
        ".hidden/..dots../a...",
        "🎧/é/e\u0301",
        "a" * 255 + "/" + "b" * 255,
        "-rf",
        "UPPER/lower",
        "\u3000ideographic",
    ],
)
def test_unusual_keys_are_kept_as_they_are(store: ObjectStore, key: str):
    assert store.put(key, b"x", if_absent=True)
    assert not store.put(key, b"y", if_absent=True)
    assert content(store, key) == b"x"
    assert keys(store) == [key]
    assert keys(store, key[:-1]) == [key]
    store.put(key, b"z")
    assert content(store, key) == b"z"
    store.delete(key)
    assert keys(store) == []


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        "..",
        "../up",
        "a/../../up",
        "a/./b",
        "a/.../b",
        "a/ ../b",
        "a//b",
        "a/",
        "nul\x00byte",
        "new\nline",
        "back\\slash",
        "half\udc80",
        "x" * 256,
        "y/" * 512 + "z",
        ".incoming/a",
    ],
)
def test_a_key_that_climbs_or_cannot_be_stored_is_refused(store: ObjectStore, key: str, tmp_path: Path):
    for call in (lambda: store.put(key, b"x"), lambda: store.open(key), lambda: store.delete(key)):
        with pytest.raises(Permanent) as refusal:
            call()
        assert refusal.value.reason == "bad_key"
    assert keys(store) == []


@pytest.mark.parametrize("prefix", ["/", "../", "a/../b", "a//", "\x00"])
def test_a_prefix_that_climbs_is_refused(store: ObjectStore, prefix: str):
    with pytest.raises(Permanent):
        list(store.list(prefix))


def test_blobs_are_listed_in_order_of_their_keys(store: ObjectStore):
    given = ["a", "a-b/c", "a.b", "ab/c", "b/c", "b/c-d", "b0", "B", "가/나", "가나"]
    for key in reversed(given):
        store.put(key, key.encode())
    assert keys(store) == sorted(given)
    assert keys(store, "a") == [key for key in sorted(given) if key.startswith("a")]
    assert keys(store, "b/c") == ["b/c", "b/c-d"]
    assert keys(store, "가") == ["가/나", "가나"]
    assert keys(store, "b/") == ["b/c", "b/c-d"]
    assert keys(store, "zz") == []
    assert keys(store, "a/none/") == []


@pytest.mark.slow
def test_more_blobs_than_fit_one_page_are_listed(store: ObjectStore):
    given = [f"page/{number:05}" for number in range(1_100)]
    for key in given:
        store.put(key, b"")
    assert keys(store, "page/") == given


def test_a_blob_and_a_folder_of_the_same_name_never_harm_each_other(store: ObjectStore):
    store.put("a", b"blob")
    store.put("b/c", b"leaf")
    for key in ("a/b", "b"):
        try:
            store.put(key, b"second")
        except Permanent as refusal:
            assert refusal.reason == "key_in_the_way"
    assert content(store, "a") == b"blob"
    assert content(store, "b/c") == b"leaf"


def test_another_process_sees_a_blob_once_put_returned(tmp_path: Path):
    root = tmp_path / "vault"
    script = (
        "import sys; from pathlib import Path; from ingest.object_store.directory import DirectoryObjectStore\n"
        "print(DirectoryObjectStore(Path(sys.argv[1])).open('calls/a').read().decode())"
    )
    DirectoryObjectStore(root).put("calls/a", json.dumps({"here": True}).encode())
    seen = subprocess.run(
        [sys.executable, "-c", script, root], capture_output=True, text=True, cwd=CHECKOUT, check=True
    )
    assert json.loads(seen.stdout) == {"here": True}
