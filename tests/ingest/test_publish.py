"""Publishing history to the log: in time order, once, with every clock moved to the end."""

from __future__ import annotations

import random

import msgspec
import pytest

from hub.ports import TICK_ID
from hub.records import BehaviorEvent, Channel, Provenance
from ingest.publish import PublishReport, publish
from ingest.time_order import in_time_order
from tests.ingest.rig import Rig, events_in


def event(number: int, time_ms: int, customer: str = "cus_1") -> BehaviorEvent:
    return BehaviorEvent(
        event_id=f"e{number}",
        type="product.viewed",
        channel=Channel.WEB,
        event_time_ms=time_ms,
        received_time_ms=time_ms,
        customer_key=customer,
        properties={"memo": "월세", "n": number},
        provenance=Provenance(dataset="d"),
    )


def shuffled(count: int) -> list[BehaviorEvent]:
    events = [event(n, 1_000 + n // 2, f"cus_{n % 17}") for n in range(count)]
    random.Random(7).shuffle(events)
    return events


@pytest.mark.parametrize("run_events", [1, 7, 100, 10_000])
def test_events_come_in_order_of_time_and_then_as_given_however_many_fit_in_memory(run_events: int) -> None:
    events = shuffled(300)
    ordered = list(in_time_order(iter(events), run_events))
    assert ordered == sorted(events, key=lambda each: each.event_time_ms)


def test_events_are_published_whole_in_order_with_a_tick_at_the_end(rig: Rig) -> None:
    report = publish(shuffled(100), rig.log, end_tick_ms=9_999, batch_events=16)
    assert report == PublishReport(events=100, published=100, ticks=4)
    for partition in range(4):
        records = rig.log.read("events", partition, 0, 1_000)
        assert [record.time_ms for record in records] == sorted(record.time_ms for record in records)
        assert (records[-1].id, records[-1].time_ms) == (TICK_ID, 9_999)
        for record in records[:-1]:
            decoded = msgspec.json.decode(record.value, type=BehaviorEvent)
            assert (decoded.event_id, decoded.subject, decoded.event_time_ms) == (record.id, record.key, record.time_ms)


def test_publishing_again_appends_nothing(rig: Rig) -> None:
    publish(shuffled(100), rig.log, end_tick_ms=9_999)
    before = list(events_in(rig.log))
    report = publish(shuffled(100), rig.log, end_tick_ms=9_999)
    assert report == PublishReport(events=100, published=0, ticks=0)
    assert list(events_in(rig.log)) == before


def test_only_what_is_new_is_appended_the_next_day(rig: Rig) -> None:
    publish(shuffled(100), rig.log, end_tick_ms=9_999)
    report = publish([*shuffled(100), event(500, 20_000)], rig.log, end_tick_ms=30_000)
    assert (report.published, report.ticks) == (1, 4)


def test_an_id_given_twice_is_published_once(rig: Rig) -> None:
    assert publish([event(1, 5), event(1, 5)], rig.log).published == 1


def test_nothing_to_publish_still_moves_the_clocks(rig: Rig) -> None:
    assert publish([], rig.log, end_tick_ms=5) == PublishReport(events=0, published=0, ticks=4)
