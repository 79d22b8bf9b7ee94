"""The pages of operation tell what runs, and logs tell nothing they should not."""

from __future__ import annotations

import json

import structlog
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from hub.clock import HOUR_MS
from tests.doubles.api_parts import KIM, NOW_MS, Desk


def test_the_overview_counts_the_whole_hub(client: TestClient, desk: Desk) -> None:
    answer = client.get("/v1/overview", headers=desk.headers("viewer")).json()
    assert answer["figures"] == {
        "calls": 412,
        "memos": 18_204,
        "clicks": 96_310,
        "behavior_events": 121_930,
        "customers": 200,
        "linked_ids": 871,
        "feature_rows": 24_480,
        "outcomes": 0,
        "refused": 1,
        "features": 4,
        "live_events": 0,
        "scenarios": 2,
    }
    assert answer["refused_by_reason"] == {"missing_column": 1}
    written = {table["name"]: table["written_ms"] for table in answer["tables"]}
    assert written["bronze.calls"] == NOW_MS - HOUR_MS + 30_000
    assert written["bronze.memos"] is None


def test_dead_letters_show_reasons_and_no_payload(client: TestClient, desk: Desk) -> None:
    answer = client.get("/v1/dead-letters?feed=memos&status=open", headers=desk.headers("viewer")).json()
    assert answer["by_reason"] == {"missing_column": 1}
    letter = answer["dead_letters"][0]
    one = client.get(f"/v1/dead-letters/{letter['letter_id']}", headers=desk.headers("viewer")).json()
    assert one == letter


def test_lineage_goes_up_to_the_source(client: TestClient, desk: Desk) -> None:
    answer = client.get("/v1/lineage/gold.customer_behavior", headers=desk.headers("auditor")).json()
    assert [(e["from"], e["to"]) for e in answer["upstream"]] == [
        ("silver.transcripts", "gold.customer_behavior"),
        ("bronze.calls", "silver.transcripts"),
        ("source.calls", "bronze.calls"),
    ]


def test_scenarios_come_with_what_became_of_their_matches(client: TestClient, desk: Desk) -> None:
    listed = client.get("/v1/scenarios", headers=desk.headers("viewer")).json()["scenarios"]
    assert [(s["scenario"]["scenario_id"], s["decisions"]) for s in listed] == [
        ("loan-life-event", {"treated": 1, "control": 1}),
        ("card-coffee-regular", {}),
    ]


def test_metrics_count_requests_by_route_not_by_id(client: TestClient, desk: Desk) -> None:
    client.get(f"/v1/customers/{KIM}/recommendations", headers=desk.headers("service"))
    text = client.get("/metrics", headers=desk.headers("viewer")).text
    assert 'route="/v1/customers/{customer}/recommendations"' in text
    assert KIM not in text


def test_logs_carry_routes_and_roles_but_no_key_query_or_person(client: TestClient, desk: Desk) -> None:
    structlog.reset_defaults()
    key = desk.secrets["collector"]
    with capture_logs() as lines:
        client.get(f"/v1/decisions?customer={KIM}", headers=desk.headers("service"))
        client.get(f"/v1/projects/{key}/settings")
        client.post("/v1/track", content=json.dumps({"writeKey": key, "userId": "secret-person"}))
    text = json.dumps(lines)
    assert [line["route"] for line in lines] == ["/v1/decisions", "/v1/projects/{write_key}/settings", "/v1/track"]
    assert lines[0]["role"] == "service"
    assert not [word for word in (KIM, "secret-person", *desk.secrets.values()) if word in text]


def test_a_surprise_is_answered_with_an_id_and_logged_without_its_words(client: TestClient, desk: Desk) -> None:
    def broken() -> list:
        raise RuntimeError("customer 900101-1234567 is odd")

    object.__setattr__(desk.parts, "scenarios", broken)
    structlog.reset_defaults()
    with capture_logs() as lines:
        answer = client.get("/v1/scenarios", headers={**desk.headers("viewer"), "X-Request-ID": "abc-1"})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "abc-1" in answer.json()["message"]
    assert answer.headers["x-request-id"] == "abc-1"
    assert "900101" not in json.dumps(lines) + answer.text
    assert lines[0]["error"] == "RuntimeError"


FUZZ = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=10), inner, max_size=5),
    max_leaves=20,
)


@FUZZ
@given(body=st.binary(max_size=400) | JSON.map(lambda value: json.dumps(value).encode()))
def test_no_body_breaks_a_route(client: TestClient, desk: Desk, body: bytes) -> None:
    for path in ("/get-online-features", "/v1/track", "/v1/batch", "/beacon/v1/batch"):
        answer = client.post(path, content=body, headers=desk.headers("admin"))
        assert answer.status_code in {200, 400, 401, 404, 413}, (path, answer.text)
        assert answer.headers["content-type"] == "application/json"


@FUZZ
@given(
    features=st.lists(st.text(max_size=30) | st.sampled_from(["customer_profile:age", "customer_activity:x"])),
    entities=st.dictionaries(st.sampled_from(["customer_id", "x"]), st.lists(st.text(max_size=50) | st.integers())),
)
def test_no_feature_request_breaks_the_server(client: TestClient, desk: Desk, features: list, entities: dict) -> None:
    body = {"features": features, "entities": entities}
    answer = client.post("/get-online-features", json=body, headers=desk.headers("service"))
    assert answer.status_code in {200, 400, 404}


@FUZZ
@given(path=st.text(max_size=40), query=st.text(max_size=40))
def test_no_path_or_query_breaks_a_listing(client: TestClient, desk: Desk, path: str, query: str) -> None:
    headers = desk.headers("admin")
    for url in ("/v1/decisions", "/v1/dead-letters", "/v1/access-log"):
        params = {"customer": query, "limit": query, "after": query, "scenario": query, "subject": query}
        assert client.get(url, params=params, headers=headers).status_code in {200, 400}
        assert client.get(url, params={"scenario": query, "feed": query}, headers=headers).status_code in {200, 400}
    from urllib.parse import quote

    for url in ("/v1/decisions/", "/v1/lineage/", "/v1/dead-letters/", "/v1/customers/"):
        assert client.get(url + quote(path, safe=""), headers=headers).status_code in {200, 400, 404}
