"""Objects on S3: refused, away, misspelt."""

from __future__ import annotations

import http.server
import threading
from typing import Any

import pytest

from hub.errors import Misconfigured, Transient
from ingest.object_store.s3 import S3ObjectStore
from tests.servers.minio import MinioServer
from tests.servers.session import free_port


def _store(minio: MinioServer, **changes: Any) -> S3ObjectStore:
    given = {
        "endpoint": minio.endpoint,
        "bucket": "test-none",
        "region": minio.region,
        "access_key": minio.access_key,
        "secret_key": minio.secret_key,
    }
    return S3ObjectStore(**{**given, **changes})


@pytest.mark.servers
@pytest.mark.parametrize(
    ("changes", "setting"),
    [
        ({"secret_key": "wrong-secret"}, "HUB_OBJECT_STORE__SECRET_KEY"),
        ({"access_key": "nobody"}, "HUB_OBJECT_STORE__ACCESS_KEY"),
        ({}, "HUB_OBJECT_STORE__BUCKET"),
        ({"region": "eu-west-9"}, "HUB_OBJECT_STORE__REGION"),
    ],
)
@pytest.mark.parametrize("operation", ["put", "put_if_absent", "open", "list", "delete"])
def test_a_wrong_setting_is_named(minio: MinioServer, changes: dict[str, str], setting: str, operation: str):
    store = _store(minio, **changes)
    calls = {
        "put": lambda: store.put("a", b"x"),
        "put_if_absent": lambda: store.put("a", b"x", if_absent=True),
        "open": lambda: store.open("a"),
        "list": lambda: list(store.list("")),
        "delete": lambda: store.delete("a"),
    }
    with pytest.raises(Misconfigured, match=setting) as refusal:
        calls[operation]()
    assert "wrong-secret" not in str(refusal.value)


@pytest.mark.servers
def test_the_bucket_is_made_once(minio: MinioServer):
    store = _store(minio, bucket=minio.bucket() + "-x")
    assert store.ensure_bucket() is True
    assert store.ensure_bucket() is False
    assert store.put("a", b"x", if_absent=True)


@pytest.mark.parametrize("endpoint", ["localhost:9000", "ftp://host", "http://host/path", "http://"])
def test_an_endpoint_that_is_none_names_the_setting(endpoint: str):
    with pytest.raises(Misconfigured, match="HUB_OBJECT_STORE__ENDPOINT"):
        S3ObjectStore(endpoint, "hub", "us-east-1", "key", "secret")


def test_missing_credentials_name_the_settings():
    with pytest.raises(Misconfigured, match="HUB_OBJECT_STORE__ACCESS_KEY"):
        S3ObjectStore("http://127.0.0.1:9", "hub", "us-east-1", "", "")


@pytest.mark.parametrize("if_absent", [False, True])
def test_a_server_that_is_away_may_come_back(if_absent: bool):
    store = S3ObjectStore(f"http://127.0.0.1:{free_port()}", "hub", "us-east-1", "key", "secret", timeout_s=1.0)
    with pytest.raises(Transient) as away:
        store.put("a", b"x", if_absent=if_absent)
    assert away.value.reason == "object_store_away"


class _NotS3(http.server.BaseHTTPRequestHandler):
    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.server.status)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<html>welcome</html>")

    def log_message(self, *_: Any) -> None:
        pass


@pytest.mark.parametrize(("status", "kind"), [(404, Misconfigured), (403, Misconfigured), (503, Transient)])
@pytest.mark.parametrize("if_absent", [False, True])
def test_an_answer_that_is_not_s3s_is_told_from_one_that_is_away(status: int, kind: type[Exception], if_absent: bool):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _NotS3)
    server.status = status
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        store = S3ObjectStore(f"http://127.0.0.1:{server.server_port}", "hub", "us-east-1", "key", "secret")
        with pytest.raises(kind):
            store.put("a", b"x", if_absent=if_absent)
    finally:
        server.shutdown()
        server.server_close()
