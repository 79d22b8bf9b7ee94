"""From a recording, a memo and a click to a live decision: what a new user sees, checked."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import time
import uuid
from typing import Any

import duckdb
import httpx
import pytest
from deltalake import DeltaTable

from tests.e2e.conftest import CUSTOMERS, HubCommand

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.spark]

NEEDED = ("savings-browse-abandon", "quote-no-follow-up-email", "loan-life-event", "card-coffee-regular")


def digest_of(location: str) -> str:
    """Digest of a table's content: rows in any order, without the columns that say when a row was written."""
    table = DeltaTable(location).to_pyarrow_table()
    kept = [name for name in table.column_names if name not in {"created_ms", "processed_ms"}]
    rows = sorted(json.dumps(row, sort_keys=True, default=str) for row in table.select(kept).to_pylist())
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def content(hub: HubCommand) -> dict[str, tuple[int, str]]:
    return {t["name"]: (t["rows"], digest_of(t["location"])) for t in hub.json("tables")}


def decisions_of(hub: HubCommand, scenario: str, treatment: str | None = None) -> list[dict[str, Any]]:
    tables = {t["name"]: t["location"] for t in hub.json("tables")}
    rows = DeltaTable(tables["gold.decisions"]).to_pyarrow_table().to_pylist()
    return [r for r in rows if r["scenario_id"] == scenario and treatment in (None, r["treatment"])]


def test_every_room_was_in_use(first_run: dict[str, Any]) -> None:
    assert first_run["calls"] >= 10
    assert first_run["memos"] > CUSTOMERS
    assert first_run["clicks"] > CUSTOMERS
    assert first_run["customers_resolved"] > 0.8 * CUSTOMERS
    assert first_run["behaviour_events"] > first_run["memos"]
    assert first_run["feature_rows"] > CUSTOMERS
    assert first_run["outcomes"] > 0


@pytest.mark.parametrize("scenario", NEEDED)
def test_each_scenario_decided_for_somebody(first_run: dict[str, Any], scenario: str) -> None:
    assert sum(first_run["decisions"].get(scenario, {}).values()) > 0


def test_exactly_what_was_broken_on_purpose_is_a_dead_letter_with_a_reason(
    hub: HubCommand, first_run: dict[str, Any]
) -> None:
    letters = hub.json("dead-letters", "list")
    assert first_run["refused"] == len(letters) == 4
    assert {letter["feed"].split(":")[0] for letter in letters} >= {"calls", "memos"}
    assert all(letter["reason"] and letter["message"] and letter["payload_key"] for letter in letters)


def test_a_decision_from_a_call_and_clicks_tells_the_whole_way_back(hub: HubCommand, first_run: dict[str, Any]) -> None:
    from_calls = [
        d for d in decisions_of(hub, "loan-life-event") if '"channel":"call"' in d["evidence"] and d["model_version"]
    ]
    decision = min(from_calls, key=lambda d: d["treatment"] == "suppressed")
    told = hub.run("explain", decision["decision_id"], "--language", "en")
    assert "loan-life-event" in told
    assert re.search(r"\d+\.\d\d - \d+\.\d\d s", told), "the second range of the sentence"
    assert "loan_propensity" in told
    assert "product-propensity/" in told, "the model version"
    as_json = hub.json("explain", decision["decision_id"])["decision"]
    assert {"life_event.detected", "product.viewed"} <= {e["type"] for e in as_json["evidence"]}
    assert all(f["as_of_ms"] for f in as_json["features"])
    sentence = next(e for e in as_json["evidence"] if e["channel"] == "call")
    assert sentence["properties"]["sentence"]
    assert 0 <= sentence["provenance"]["start_ms"] < sentence["provenance"]["end_ms"]


def test_nothing_personal_is_in_silver_or_gold(hub: HubCommand, first_run: dict[str, Any]) -> None:
    """No raw customer number, phone, account or name of the bank's customers, wherever it might hide."""
    with (hub.home / "source/master/customers.csv").open(encoding="utf-8") as file:
        people = list(csv.DictReader(file))
    secrets = {p[c] for p in people for c in ("customer_no", "phone", "email") if p[c]}
    secrets |= {p["phone"].replace("-", "") for p in people}
    for table in hub.json("tables"):
        if table["zone"] == "bronze":
            continue
        text = json.dumps(DeltaTable(table["location"]).to_pyarrow_table().to_pylist(), default=str, ensure_ascii=False)
        found = {s for s in secrets if s in text}
        assert not found, (table["name"], sorted(found)[:3])


def test_the_tables_open_in_foreign_readers_with_their_documented_columns(
    hub: HubCommand, first_run: dict[str, Any]
) -> None:
    for table in hub.json("tables"):
        documented = {c["name"] for c in hub.json("tables", table["name"])}
        delta = DeltaTable(table["location"])
        assert {f.name for f in delta.schema().fields} == documented, table["name"]
        arrow = delta.to_pyarrow_dataset()  # noqa: F841 - DuckDB finds it by its name
        counted = duckdb.sql("select count(*) from arrow").fetchall()
        assert counted == [(table["rows"],)]


def test_run_again_the_demo_leaves_the_same_tables_and_decides_nothing_twice(
    hub: HubCommand, first_run: dict[str, Any]
) -> None:
    before = content(hub)
    second = hub.demo()
    after = content(hub)
    assert {n: rows for n, (rows, _) in after.items()} == {n: rows for n, (rows, _) in before.items()}
    assert {n: d for n, (_, d) in after.items()} == {n: d for n, (_, d) in before.items()}
    assert second["decisions"] == first_run["decisions"]


def wait_for_decision(api: httpx.Client, scenario: str, since_ms: int) -> dict[str, Any]:
    for _ in range(200):
        listed = api.get("/v1/decisions", params={"scenario": scenario, "newest_first": True}).json()["decisions"]
        fresh = [entry["decision"] for entry in listed if entry["decision"]["decided_ms"] >= since_ms]
        if fresh:
            return fresh[0]
        time.sleep(0.1)
    raise AssertionError(f"no decision of {scenario}")


def test_live_events_become_a_decision_that_is_explained_over_http(hub: HubCommand, first_run: dict[str, Any]) -> None:
    """A phone number changed, then a claim: the fraud desk hears of it through the running services."""
    mark = uuid.uuid4().hex
    admin = json.loads(hub.run("keys", "create", "--role", "admin", "--json"))["key"]
    with (hub.home / "source/master/customers.csv").open(encoding="utf-8") as file:
        customer = next(csv.DictReader(file))["customer_no"]
    hub.run("up")
    try:
        assert httpx.get(f"http://127.0.0.1:{hub.port}/v1/decisions").status_code == 401
        with httpx.Client(base_url=f"http://127.0.0.1:{hub.port}", headers={"X-API-Key": admin}, timeout=60) as api:
            assert api.get("/health").json()["status"] == "ok"
            begun_ms = time.time_ns() // 1_000_000
            sent = {"type": "track", "userId": customer, "anonymousId": mark + "-1", "event": "contact.changed",
                    "messageId": mark + "-1", "properties": {"field": "phone", "via": "web"}}  # fmt: skip
            nobody = {"type": "track", "event": "screen.viewed", "messageId": mark + "-2", "properties": {}}
            claim = {
                **sent,
                "event": "claim.filed",
                "messageId": mark + "-3",
                "properties": {"claim_id": "CL1", "line": "car", "accident_type": "collision"},
            }
            answer = api.post("/v1/batch", json={"batch": [sent, sent, nobody, claim]})
            assert answer.status_code == 200
            assert [a["status"] for a in answer.json()["answers"]] == [
                "accepted",
                "duplicate",
                "quarantined",
                "accepted",
            ]
            decision = wait_for_decision(api, "fraud-contact-change-then-claim", begun_ms)
            told = api.get(f"/v1/decisions/{decision['decision_id']}/explanation").json()
            assert told["decision_id"] == decision["decision_id"]
            key = decision["customer_key"]
            features = {"features": ["customer_profile:age"], "entities": {"customer_id": [key, "cus_" + "0" * 24]}}
            online = api.post("/get-online-features", json=features).json()
            assert [r["statuses"] for r in online["results"]][1][1] == "NOT_FOUND"
            assert online["results"][1]["values"][0] >= 18
            products = api.get(f"/v1/customers/{key}/recommendations").json()
            assert products["model_version"].startswith("product-propensity/")
            assert len(products["products"]) >= 10
            reads = api.get("/v1/access-log", params={"subject": key}).json()
            assert len(reads["records"]) >= 2
    finally:
        hub.run("down")
    assert any(
        mark + "-2" in str(letter) or letter["feed"].startswith("collector")
        for letter in hub.json("dead-letters", "list")
    )
