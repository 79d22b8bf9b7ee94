"""Every door is locked, and each key opens its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from api.envelope import BATCHES, KINDS
from hub.clock import MINUTE_MS
from tests.doubles.api_parts import KIM, ROLES, Desk

OPEN = {"/health"}
DECISION = "0" * 32

ALLOWED = [
    ("GET", "/v1/overview", {"admin", "service", "marketer", "auditor", "viewer"}),
    ("GET", "/v1/tables", {"admin", "service", "marketer", "auditor", "viewer"}),
    ("GET", "/v1/features", {"admin", "service", "marketer", "auditor", "viewer"}),
    ("GET", "/v1/scenarios", {"admin", "service", "marketer", "auditor", "viewer"}),
    ("GET", "/v1/dead-letters", {"admin", "service", "marketer", "auditor", "viewer"}),
    ("GET", "/v1/lineage/gold.identities", {"admin", "service", "marketer", "auditor", "viewer"}),
    ("GET", "/v1/decisions/summary", {"admin", "service", "marketer", "auditor", "viewer"}),
    ("GET", "/metrics", {"admin", "service", "marketer", "auditor", "viewer"}),
    ("GET", "/v1/openapi.json", {"admin", "service", "marketer", "auditor", "viewer"}),
    ("GET", "/v1/decisions", {"admin", "service", "marketer", "auditor"}),
    ("GET", f"/v1/decisions/{DECISION}", {"admin", "service", "marketer", "auditor"}),
    ("GET", f"/v1/decisions/{DECISION}/explanation", {"admin", "service", "marketer", "auditor"}),
    ("GET", f"/v1/customers/{KIM}/recommendations", {"admin", "service", "marketer"}),
    ("POST", "/get-online-features", {"admin", "service", "marketer"}),
    ("GET", "/v1/access-log", {"admin", "auditor"}),
    ("POST", "/v1/track", {"admin", "service", "collector"}),
    ("GET", "/sourceConfig", {"admin", "service", "collector"}),
    ("GET", "/v1/me", set(ROLES)),
]


def routes(app: FastAPI) -> list[tuple[str, str]]:
    found = [r for r in app.routes if isinstance(r, APIRoute)]
    return [(method, route.path) for route in found for method in sorted(route.methods)]


def filled(path: str) -> str:
    values = {"decision_id": DECISION, "customer": KIM, "dataset": "gold.x", "letter_id": "ab", "write_key": "wrong"}
    for name, value in values.items():
        path = path.replace("{" + name + "}", value)
    return path


def test_every_route_but_health_refuses_without_a_key(client: TestClient) -> None:
    found = [(m, p) for m, p in routes(client.app) if p not in OPEN]
    assert len(found) > 25
    answers = {(m, p): client.request(m, filled(p), content=b"{}") for m, p in found}
    assert {key: a.status_code for key, a in answers.items() if a.status_code != 401} == {}
    assert all(set(a.json()) in ({"code", "message"}, {"module", "class", "message"}) for a in answers.values())


def test_no_framework_page_is_left_open(client: TestClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(("method", "path", "roles"), ALLOWED)
def test_each_role_opens_its_doors_only(client: TestClient, desk: Desk, method: str, path: str, roles: set) -> None:
    refused = {
        role
        for role in ROLES
        if client.request(method, path, headers=desk.headers(role), content=b"{}").status_code == 403
    }
    assert refused == set(ROLES) - roles


def test_a_key_may_come_as_bearer(client: TestClient, desk: Desk) -> None:
    headers = {"Authorization": f"Bearer {desk.secrets['viewer']}"}
    assert client.get("/v1/me", headers=headers).json()["role"] == "viewer"


def test_a_revoked_key_ends_within_five_seconds(client: TestClient, desk: Desk) -> None:
    headers = desk.headers("viewer")
    key_id = client.get("/v1/me", headers=headers).json()["key_id"]
    desk.catalog.keys.revoke(key_id, desk.clock.now_ms())
    desk.clock.advance(5_000)
    assert client.get("/v1/me", headers=headers).status_code == 401


def test_guessing_is_slowed_down_and_forgotten_after_a_minute(client: TestClient, desk: Desk) -> None:
    client.get("/v1/me", headers=desk.headers("viewer"))
    wrong = {"X-API-Key": "guess"}
    assert {client.get("/v1/me", headers=wrong).status_code for _ in range(10)} == {401}
    locked = client.get("/v1/me", headers=desk.headers("admin"))
    assert (locked.status_code, locked.json()["code"], locked.headers["retry-after"]) == (
        429,
        "too_many_attempts",
        "60",
    )
    assert client.get("/v1/me", headers=desk.headers("viewer")).status_code == 200, "known keys go on"
    desk.clock.advance(MINUTE_MS)
    assert client.get("/v1/me", headers=desk.headers("admin")).status_code == 200


def test_the_access_log_names_who_read_whom_and_its_chain_is_checked(client: TestClient, desk: Desk) -> None:
    client.get(f"/v1/customers/{KIM}/recommendations", headers=desk.headers("marketer"))
    answer = client.get("/v1/access-log?verify=true", headers=desk.headers("auditor")).json()
    assert answer["is_whole"] is True
    assert [(r["subject"], r["task"], r["purpose"]) for r in answer["records"]] == [
        (KIM, "recommend", "marketing_offers")
    ]
    by_subject = client.get(f"/v1/access-log?subject={KIM}", headers=desk.headers("auditor")).json()
    assert [r["task"] for r in by_subject["records"]] == ["list access log", "recommend"]


def test_a_purpose_is_a_short_plain_word(client: TestClient, desk: Desk) -> None:
    headers = {**desk.headers("service"), "X-Purpose": "a\tb<script>"}
    answer = client.get(f"/v1/customers/{KIM}/recommendations", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_purpose")


def test_health_tells_which_store_is_away_without_a_key(client: TestClient, desk: Desk) -> None:
    assert client.get("/health").json() == {"status": "ok", "stores": {"catalog": "ok", "online_store": "ok"}}
    desk.online.is_away = True
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["stores"]["online_store"]) == (503, "online_store_away")


def test_browsers_are_told_not_to_guess_frame_or_tell(client: TestClient) -> None:
    headers = client.get("/health").headers
    assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")


def test_every_route_is_in_the_documentation(client: TestClient) -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text("utf-8")
    collector = {f"/v1/{path}" for path in (*KINDS, *BATCHES)}
    known = {"/v1/openapi.json"} | collector
    missing = [
        path
        for _, path in routes(client.app)
        if path not in known and re.sub(r"\{\w+\}", "{", path).split("{")[0].rstrip("/") not in text
    ]
    assert missing == []
