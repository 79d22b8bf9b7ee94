"""The collector takes what Segment's SDKs send, byte by byte as they send it."""

from __future__ import annotations

import base64
import gzip
import json
import tracemalloc
import zlib

import pytest
from fastapi.testclient import TestClient

from api.body import gunzip
from api.errors import Refused
from tests.doubles.api_parts import NOW_MS, Desk

SHORT = {"identify": "i", "track": "t", "page": "p", "screen": "s", "group": "g", "alias": "a"}


def python_sdk(key: str, *, packed: bool = False, retries: int = 0, basic: bool = True) -> tuple[dict, bytes]:
    """Build the request of analytics-python 2.3: every field and header as its ``request.post`` writes them."""
    message = {
        "integrations": {},
        "anonymousId": None,
        "timestamp": "2026-10-31T05:03:26.100000+00:00",
        "properties": {"product_id": "LN01"},
        "context": {"library": {"name": "analytics-python", "version": "2.3.3"}},
        "userId": "C000042",
        "type": "track",
        "event": "product.viewed",
        "messageId": "0b2a1b0e-6d5c-4d3c-8b4e-0e2f5e1c9a10",
    }
    body = {"batch": [message], "sentAt": "2026-10-31T05:03:26.900000+00:00", "writeKey": key}
    headers = {"Content-Type": "application/json", "User-Agent": "analytics-python/2.3.3"}
    if basic:
        headers["Authorization"] = "Basic " + base64.b64encode(f"{key}:".encode()).decode()
    if retries:
        headers["X-Retry-Count"] = str(retries)
    content = json.dumps(body).encode()
    if packed:
        headers["Content-Encoding"] = "gzip"
        content = gzip.compress(content)
    return headers, content


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("basic", [False, True])
def test_the_python_sdk_is_answered_200_with_one_answer_per_event(
    client: TestClient, desk: Desk, packed: bool, basic: bool
) -> None:
    headers, content = python_sdk(desk.secrets["collector"], packed=packed, basic=basic, retries=2)
    answer = client.post("/v1/batch", headers=headers, content=content)
    assert answer.status_code == 200
    assert answer.json()["counts"] == {"accepted": 1}
    assert answer.json()["answers"] == [
        {
            "message_id": "0b2a1b0e-6d5c-4d3c-8b4e-0e2f5e1c9a10",
            "status": "accepted",
            "reason": "",
            "message": "",
        }
    ]
    messages, source, received_ms = desk.collected.calls[0]
    assert messages[0]["sentAt"] == "2026-10-31T05:03:26.900000+00:00"
    assert source == client.get("/v1/me", headers=desk.headers("collector")).json()["key_id"]
    assert received_ms == NOW_MS


def test_the_write_key_goes_no_further(client: TestClient, desk: Desk) -> None:
    key = desk.secrets["collector"]
    client.post("/v1/track", content=json.dumps({"writeKey": key, "userId": "u", "event": "x"}))
    batch = {"writeKey": key, "batch": [{"writeKey": key, "type": "track", "userId": "u"}]}
    client.post("/v1/batch", content=json.dumps(batch))
    assert key not in json.dumps([call[0] for call in desk.collected.calls])


@pytest.mark.parametrize(("kind", "short"), SHORT.items())
def test_analytics_js_sends_short_paths_as_plain_text(client: TestClient, desk: Desk, kind: str, short: str) -> None:
    body = json.dumps({"anonymousId": "a-1", "messageId": "ajs-1", "writeKey": desk.secrets["collector"]})
    headers = {"Content-Type": "text/plain", "Origin": "https://bank.example"}
    for path in (f"/v1/{kind}", f"/v1/{short}"):
        answer = client.post(path, content=body, headers=headers)
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
    assert [call[0][0]["type"] for call in desk.collected.calls] == [kind, kind]


def test_a_bearer_token_goes_with_the_write_key_in_the_body(client: TestClient, desk: Desk) -> None:
    body = json.dumps({"userId": "u", "event": "x", "writeKey": desk.secrets["collector"]})
    answer = client.post("/v1/track", content=body, headers={"Authorization": "Bearer some.oauth.token"})
    assert answer.status_code == 200


def test_what_a_batch_says_once_holds_for_each_message(client: TestClient, desk: Desk) -> None:
    body = {
        "writeKey": desk.secrets["collector"],
        "context": {"ip": "10.0.0.1", "locale": "ko"},
        "integrations": {"All": True},
        "batch": [{"type": "track", "userId": "u", "context": {"locale": "en"}}, {"type": "page", "userId": "u"}],
    }
    client.post("/v1/b", content=json.dumps(body))
    first, second = desk.collected.calls[0][0]
    assert first["context"] == {"ip": "10.0.0.1", "locale": "en"}
    assert second["context"] == {"ip": "10.0.0.1", "locale": "ko"}
    assert first["integrations"] == {"All": True}


def test_a_refused_event_is_told_inside_the_200(client: TestClient, desk: Desk) -> None:
    body = {"writeKey": desk.secrets["collector"], "batch": [{"type": "track"}, {"type": "track", "userId": "u"}, 7]}
    answer = client.post("/v1/batch", content=json.dumps(body))
    assert answer.status_code == 200
    assert [a["status"] for a in answer.json()["answers"]] == ["quarantined", "accepted", "quarantined"]
    assert answer.json()["counts"] == {"quarantined": 2, "accepted": 1}


def test_a_browser_asks_first_and_may(client: TestClient) -> None:
    headers = {"Origin": "https://bank.example", "Access-Control-Request-Method": "POST"}
    assert client.options("/v1/t", headers=headers).headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in client.options("/v1/decisions", headers=headers).headers


def test_browsers_learn_to_send_here(client: TestClient, desk: Desk) -> None:
    key = desk.secrets["collector"]
    answer = client.get(f"/v1/projects/{key}/settings").json()
    assert answer["integrations"]["Segment.io"] == {"apiKey": key, "apiHost": "testserver/v1", "protocol": "http"}
    rudder = client.get(
        "/sourceConfig", headers={"Authorization": f"Basic {base64.b64encode(f'{key}:'.encode()).decode()}"}
    )
    assert rudder.json()["source"]["destinations"] == []


BOMB = zlib.compressobj(wbits=31)
BOMB_BYTES = BOMB.compress(b" " * 50_000_000) + BOMB.flush()


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (b"{", {}, 400, "bad_json"),
        (b"[]", {}, 400, "bad_json"),
        (b'{"a": "\xff"}', {}, 400, "bad_json"),
        (b"[" * 100_000, {}, 400, "bad_json"),
        (b"", {}, 400, "bad_json"),
        (b"{}", {}, 400, "bad_batch"),
        (b'{"batch": []}', {}, 400, "bad_batch"),
        (b'{"batch": {}}', {}, 400, "bad_batch"),
        (b'{"batch": [' + b",".join([b"1"] * 2_501) + b"]}", {}, 413, "too_many_messages"),
        (b" " * 512_001, {}, 413, "body_too_large"),
        (BOMB_BYTES, {"Content-Encoding": "gzip"}, 413, "body_too_large"),
        (b"not gzip", {"Content-Encoding": "gzip"}, 400, "bad_gzip"),
        (gzip.compress(b"{}", mtime=0)[:-4], {"Content-Encoding": "gzip"}, 400, "bad_gzip"),
        (b"{}", {"Content-Encoding": "br"}, 415, "unsupported_encoding"),
    ],
)
def test_a_body_that_is_none_gets_a_code_and_a_message(
    client: TestClient, desk: Desk, content: bytes, headers: dict, status: int, code: str
) -> None:
    answer = client.post("/v1/batch", content=content, headers={**desk.headers("collector"), **headers})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]
    assert desk.collected.calls == []


def test_a_log_that_is_away_is_a_503_that_sdks_retry(client: TestClient, desk: Desk) -> None:
    desk.collected.is_away = True
    headers, content = python_sdk(desk.secrets["collector"])
    answer = client.post("/v1/batch", headers=headers, content=content)
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "event_log_away", "1")


def test_more_requests_than_can_be_collected_at_once_are_told_when_to_return(client: TestClient, desk: Desk) -> None:
    client.app.state.collecting = 64
    headers, content = python_sdk(desk.secrets["collector"])
    answer = client.post("/v1/batch", headers=headers, content=content)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    client.app.state.collecting = 0
    assert client.post("/v1/batch", headers=headers, content=content).status_code == 200
    assert client.app.state.collecting == 0


def test_a_bomb_never_unpacks_beyond_the_limit() -> None:
    tracemalloc.start()
    with pytest.raises(Refused, match="512000 bytes"):
        gunzip(BOMB_BYTES, 512_000)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 2_000_000
