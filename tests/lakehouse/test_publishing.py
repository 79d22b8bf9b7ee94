"""Publishing what is new since the last run, and everything where that cannot be told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hub.errors import Permanent
from infra.jobs.behavior import publish_new
from infra.wiring import Hub
from ingest.event_log.sqlite import SqliteEventLog
from lakehouse.delta_tables import DeltaTables
from lakehouse.publishing import events_to_publish, newest_versions
from tests.infra.test_wiring import hub_at
from tests.lakehouse.conftest import MakeTables

pytestmark = pytest.mark.spark
BEHAVIOR, HISTORY = "gold.customer_behavior", "gold.feature_history"


def event(number: int, customer: str | None = "cus_1", at_ms: int | None = None) -> dict[str, Any]:
    return {
        "event_id": f"e{number}",
        "type": "product.viewed",
        "channel": "web",
        "event_time_ms": 1_000 + number if at_ms is None else at_ms,
        "received_time_ms": 5_000,
        "customer_key": customer,
        "ids": ["ano_1"],
        "properties": "{}",
    }


def feature(day: int) -> dict[str, Any]:
    row = {"view": "customer_profile", "customer_key": "cus_1", "event_time_ms": day, "created_ms": day}
    return {**row, "values": "{}", "version": "1"}


def ids(found: Any) -> list[str]:
    return [item.event_id for item in found]


@pytest.fixture
def hub(tmp_path: Path, tables: DeltaTables) -> Hub:
    hub = hub_at(tmp_path / "home")
    hub.__dict__["tables"] = tables
    tables.merge(BEHAVIOR, [event(1), event(2), event(3, customer=None)])
    tables.merge(HISTORY, [feature(2_000)])
    return hub


def test_since_a_version_only_new_events_and_those_whose_person_became_known_are_given(
    hub: Hub, tables: DeltaTables
) -> None:
    before = newest_versions(tables)
    assert ids(events_to_publish(tables, since=before)) == []
    tables.merge(BEHAVIOR, [{**event(1), "properties": '{"a": 1}'}, event(3), event(4), event(5, customer=None)])
    tables.merge(HISTORY, [feature(2_000), feature(3_000)])
    after = newest_versions(tables)
    assert ids(events_to_publish(tables, since=before)) == ["e3", "e4", "features-customer_profile-cus_1-3000"]
    tables.merge(BEHAVIOR, [event(6)])
    then = list(events_to_publish(tables, since=before, at=after))
    assert ids(then) == ["e3", "e4", "features-customer_profile-cus_1-3000"]
    assert len(ids(events_to_publish(tables))) == 7


def test_a_run_hands_over_what_came_since_the_last_one_and_nothing_twice(hub: Hub, tables: DeltaTables) -> None:
    assert publish_new(hub)["published"] == 3
    again = publish_new(hub)
    assert (again["events"], again["published"]) == (0, 0)
    tables.merge(BEHAVIOR, [event(3), event(7, at_ms=10)])
    later = publish_new(hub)
    assert (later["events"], later["published"]) == (2, 2)


def test_a_run_that_was_cut_off_is_made_good_by_the_next(hub: Hub, tables: DeltaTables) -> None:
    publish_new(hub)
    tables.merge(BEHAVIOR, [event(number) for number in range(10, 40)])
    half = list(events_to_publish(tables, since=None))[:20]
    from ingest.publish import publish

    publish(half, hub.event_log)
    done = publish_new(hub)
    logged = [
        record.id for n in range(4) for record in hub.event_log.read("events", n, 0, 1_000) if record.id != "tick"
    ]
    assert (done["events"], len(logged), len(set(logged))) == (30, 33, 33)


def test_another_log_is_given_everything(hub: Hub, tmp_path: Path) -> None:
    publish_new(hub)
    hub.event_log.close()
    hub.__dict__["event_log"] = SqliteEventLog(tmp_path / "other.db", 4)
    assert publish_new(hub)["published"] == 3


def test_a_lake_made_anew_is_read_whole(hub: Hub, tmp_path: Path, make_tables: MakeTables) -> None:
    publish_new(hub)
    other = make_tables(tmp_path / "other")
    other.merge(BEHAVIOR, [event(8)])
    other.merge(BEHAVIOR, [event(9)])
    other.merge(HISTORY, [feature(9_000)])
    hub.__dict__["tables"] = other
    assert publish_new(hub)["published"] == 3


def test_where_the_old_version_is_gone_everything_is_compared_with_the_log(hub: Hub, tables: DeltaTables) -> None:
    publish_new(hub)
    before = newest_versions(tables)
    tables.merge(BEHAVIOR, [event(2, customer="cus_2"), event(4)])
    tables.sql("SET spark.databricks.delta.retentionDurationCheck.enabled = false").collect()
    for name in (BEHAVIOR, HISTORY):
        tables.sql(f"VACUUM delta.`{tables.location(name)}` RETAIN 0 HOURS").collect()
    with pytest.raises(Permanent) as refused:
        list(events_to_publish(tables, since=before))
    assert refused.value.reason == "version_gone"
    done = publish_new(hub)
    assert (done["events"], done["published"]) == (4, 1)


def test_nothing_to_publish_is_no_error(tmp_path: Path, tables: DeltaTables) -> None:
    hub = hub_at(tmp_path / "home")
    hub.__dict__["tables"] = tables
    assert publish_new(hub) == {"events": 0, "published": 0, "ticks": 0}
