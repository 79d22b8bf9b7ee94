"""The feature server answers as Feast's does, and no read goes unrecorded."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from hub.clock import DAY_MS
from tests.doubles.api_parts import KIM, LEE, PSEUDONYMS, Desk

URL = "/get-online-features"


def ask(client: TestClient, desk: Desk, role: str = "service", **body: object):
    body.setdefault("entities", {"customer_id": [KIM]})
    return client.post(URL, json=body, headers=desk.headers(role))


def test_results_are_columns_with_the_entity_first(client: TestClient, desk: Desk) -> None:
    answer = ask(
        client,
        desk,
        features=["customer_profile:age", "customer_activity:life_event_30d"],
        entities={"customer_id": [KIM, LEE]},
    ).json()
    assert answer["metadata"]["feature_names"] == ["customer_id", "age", "life_event_30d"]
    assert answer["results"][0] == {
        "values": [KIM, LEE],
        "statuses": ["PRESENT", "PRESENT"],
        "event_timestamps": ["1970-01-01T00:00:00Z"] * 2,
    }
    assert answer["results"][1] == {
        "values": [34, None],
        "statuses": ["PRESENT", "NOT_FOUND"],
        "event_timestamps": ["2026-10-30T15:03:27.000Z", "1970-01-01T00:00:00Z"],
    }
    assert answer["results"][2]["values"] == ["moving", None]


def test_every_view_tells_its_as_of_age_and_version(client: TestClient, desk: Desk) -> None:
    metadata = ask(client, desk, features=["customer_profile:age"]).json()["metadata"]
    assert metadata["views"]["customer_profile"] == {
        "as_of": ["2026-10-30T15:03:27.000Z"],
        "age_ms": [14 * 3_600_000],
        "versions": ["1"],
    }


def test_a_feature_service_is_a_view_or_everything(client: TestClient, desk: Desk) -> None:
    one = ask(client, desk, feature_service="customer_profile").json()
    everything = ask(client, desk, feature_service="customer").json()
    assert one["metadata"]["feature_names"] == ["customer_id", "age", "region"]
    assert len(everything["results"]) == 5


def test_full_names_carry_their_view(client: TestClient, desk: Desk) -> None:
    answer = ask(client, desk, features=["customer_profile:age"], full_feature_names=True).json()
    assert answer["metadata"]["feature_names"] == ["customer_id", "customer_profile__age"]


def test_missing_and_outdated_values_have_their_own_status(client: TestClient, desk: Desk) -> None:
    row = desk.online.rows["customer_activity", KIM]
    row.values["life_event_30d"] = None
    desk.clock.advance(3 * DAY_MS)
    answer = ask(client, desk, feature_service="customer_activity").json()
    assert [column["statuses"] for column in answer["results"][1:]] == [["OUTSIDE_MAX_AGE"], ["NULL_VALUE"]]
    assert answer["results"][1]["values"] == [6]


def test_a_read_is_on_record_with_account_subject_task_and_purpose(client: TestClient, desk: Desk) -> None:
    headers = {**desk.headers("service"), "X-Purpose": "loan-desk"}
    body = {"features": ["customer_profile:age"], "entities": {"customer_id": [KIM, LEE, KIM]}}
    assert client.post(URL, json=body, headers=headers).status_code == 200
    records = desk.catalog.access_log.list()
    assert [(r.subject, r.task, r.purpose) for r in reversed(records)] == [
        (KIM, "get-online-features", "loan-desk"),
        (LEE, "get-online-features", "loan-desk"),
    ]
    assert {r.origin for r in records} == {"testclient"}
    assert desk.catalog.access_log.verify() is None


def test_nothing_is_answered_that_could_not_be_recorded(client: TestClient, desk: Desk) -> None:
    desk.catalog.engine.dispose()
    client.app.state.recorder.stop()
    answer = ask(client, desk, features=["customer_profile:age"])
    assert answer.status_code == 503
    assert answer.json()["message"] == "The access log is not being written."


def test_a_service_may_name_customers_by_number_and_is_recorded_by_pseudonym(client: TestClient, desk: Desk) -> None:
    answer = ask(client, desk, features=["customer_profile:age"], entities={"customer_id": ["C000042"]})
    assert answer.json()["results"][0]["values"] == ["C000042"]
    assert answer.json()["results"][1]["values"] == [34]
    assert desk.catalog.access_log.list()[0].subject == PSEUDONYMS.customer("C000042")


def test_a_marketer_knows_pseudonyms_only(client: TestClient, desk: Desk) -> None:
    assert ask(client, desk, "marketer", features=["customer_profile:age"]).status_code == 200
    refused = ask(client, desk, "marketer", features=["customer_profile:age"], entities={"customer_id": ["C000042"]})
    assert (refused.status_code, refused.json()["class"]) == (403, "FeastPermissionError")


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ({"features": ["nowhere:age"]}, 404, "FeatureViewNotFoundException"),
        ({"features": ["customer_profile:shoe_size"]}, 404, "FeatureViewNotFoundException"),
        ({"feature_service": "nobody"}, 404, "FeatureServiceNotFoundException"),
        ({"features": []}, 400, "FeastError"),
        ({"features": ["age"]}, 400, "FeastError"),
        ({"features": ["customer_profile:age", "customer_profile:age"]}, 400, "FeastError"),
        ({"features": ["customer_profile:age"], "entities": {"driver_id": [1]}}, 404, "FeastError"),
        ({"features": ["customer_profile:age"], "entities": {"customer_id": [None]}}, 400, "FeastError"),
        ({"features": ["customer_profile:age"], "entities": {"customer_id": ["x" * 41]}}, 400, "FeastError"),
        ({"features": ["customer_profile:age"], "entities": [1]}, 400, "FeastError"),
    ],
)
def test_a_wrong_request_is_told_in_feasts_form(client: TestClient, desk: Desk, body, status, name) -> None:
    answer = ask(client, desk, **body)
    assert (answer.status_code, answer.json()["class"], answer.json()["module"]) == (status, name, "feast.errors")
    assert desk.catalog.access_log.list() == []


def test_a_store_that_is_away_is_a_503_to_retry(client: TestClient, desk: Desk) -> None:
    desk.online.is_away = True
    answer = ask(client, desk, features=["customer_profile:age"])
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


def test_the_catalogue_lists_features_and_services(client: TestClient, desk: Desk) -> None:
    answer = client.get("/v1/features", headers=desk.headers("viewer")).json()
    assert [f["name"] for f in answer["features"]] == ["age", "region", "loan_views_14d", "life_event_30d"]
    assert set(answer["services"]) == {"customer", "customer_profile", "customer_activity"}
