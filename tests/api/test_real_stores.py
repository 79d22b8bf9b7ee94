"""The API on the stores it ships with: events in the SQLite log, features in LMDB, refusals in the vault."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from hub.ids import partition_of
from hub.records import BehaviorEvent
from ingest.collector import Collector
from ingest.object_store.directory import DirectoryObjectStore
from lakehouse.online.lmdb_store import LmdbOnlineStore
from tests.doubles.api_parts import KIM, PSEUDONYMS, Desk


@pytest.fixture
def client(desk: Desk, tmp_path: Path) -> Iterator[TestClient]:
    online = LmdbOnlineStore(tmp_path / "online", 64)
    online.write(desk.online.rows.values())
    collector = Collector(
        log=desk.parts.log,
        online=online,
        objects=DirectoryObjectStore(tmp_path / "vault"),
        dead_letters=desk.catalog.dead_letters,
        pseudonymizer=PSEUDONYMS,
    )
    parts = dataclasses.replace(desk.parts, online=online, collect=collector)
    with TestClient(create_app(parts)) as client:
        yield client


def logged(desk: Desk, subject: str) -> list[BehaviorEvent]:
    partition = partition_of(subject, desk.parts.settings.event_log.partitions)
    return [msgspec.json.decode(r.value, type=BehaviorEvent) for r in desk.parts.log.read("events", partition, 0, 100)]


def track(message_id: str, **more: object) -> dict:
    return {
        "type": "track",
        "event": "product.viewed",
        "messageId": message_id,
        "userId": "C000042",
        "timestamp": "2026-10-31T05:03:26Z",
        "properties": {"product_id": "LN01"},
        **more,
    }


def test_a_click_is_in_the_log_once_and_under_a_pseudonym(client: TestClient, desk: Desk) -> None:
    body = {"writeKey": desk.secrets["collector"], "batch": [track("m-1"), track("m-1"), track("m-2", userId=None)]}
    first = client.post("/v1/batch", content=json.dumps(body)).json()
    again = client.post("/v1/batch", content=json.dumps(body)).json()
    assert [a["status"] for a in first["answers"]] == ["accepted", "duplicate", "quarantined"]
    assert [a["status"] for a in again["answers"]] == ["duplicate", "duplicate", "quarantined"]
    events = logged(desk, KIM)
    assert [(e.type, e.customer_key) for e in events] == [("product.viewed", KIM)]
    assert "C000042" not in msgspec.json.encode(events).decode()
    assert desk.secrets["collector"] not in msgspec.json.encode(events).decode()


def test_a_refused_event_can_be_found_among_the_dead_letters(client: TestClient, desk: Desk) -> None:
    body = {"writeKey": desk.secrets["collector"], "batch": [track("m-2", userId=None)]}
    answer = client.post("/v1/batch", content=json.dumps(body)).json()["answers"][0]
    listed = client.get("/v1/dead-letters", headers=desk.headers("viewer")).json()["dead_letters"]
    assert answer["reason"] in {letter["reason"] for letter in listed if letter["feed"] == "collector"}


def test_features_come_from_lmdb(client: TestClient, desk: Desk) -> None:
    body = {"feature_service": "customer", "entities": {"customer_id": [KIM]}}
    answer = client.post("/get-online-features", json=body, headers=desk.headers("service")).json()
    assert [column["values"][0] for column in answer["results"]] == [KIM, 34, "서울", 6, "moving"]
