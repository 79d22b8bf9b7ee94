"""The collector: an answer per event, after everything is durable."""

from __future__ import annotations

import gzip
import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.clock import iso
from hub.errors import Transient
from hub.records import BehaviorEvent, LogEntry, LogLine
from ingest.collected import land_collected
from ingest.collector import CollectResult
from ingest.dead_letters import kept_bytes
from tests.ingest.rig import NOW_MS, PSEUDONYMS, Rig, events_in


def event(number: int, **changes: Any) -> dict[str, Any]:
    whole = {"type": "track", "messageId": f"m{number}", "event": "product.viewed", "anonymousId": "anon"}
    return {name: value for name, value in (whole | changes).items() if value is not ...}


def statuses(rig: Rig, *messages: Any) -> list[str]:
    answers = rig.collector(list(messages), source="key1", received_ms=NOW_MS)
    return [answer.reason or answer.status for answer in answers]


def collect(rig: Rig, body: Any, kind: str = "batch", **options: Any) -> CollectResult:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"received_ms": NOW_MS, "write_key": "good", "write_key_ok": lambda key: key == "good"} | options
    return rig.collector.collect(raw, kind, **given)


def in_log(rig: Rig) -> dict[str, BehaviorEvent]:
    return {r.id: msgspec.json.decode(r.value, type=BehaviorEvent) for r in events_in(rig.log)}


def test_each_message_is_answered_in_order(rig: Rig) -> None:
    answered = statuses(rig, event(1), event(2, anonymousId=...), event(1), "text", event(3), event(4, event=""))
    assert answered == ["accepted", "no_id", "duplicate", "not_an_object", "accepted", "no_event"]
    assert set(in_log(rig)) == {"m1", "m3"}
    assert rig.reasons() == ["no_event", "no_id", "not_an_object"]


def test_what_was_accepted_before_is_a_duplicate_and_the_new_between_is_not(rig: Rig) -> None:
    statuses(rig, event(1), event(3))
    assert statuses(rig, event(0), event(1), event(2), event(3)) == ["accepted", "duplicate", "accepted", "duplicate"]
    assert statuses(rig, event(1)) == ["duplicate"]
    assert len(events_in(rig.log)) == len(events_in(rig.log, "collected")) == 4


def test_an_event_half_written_by_a_crash_is_completed_when_it_is_sent_again(rig: Rig) -> None:
    rig.log.append("collected", [LogEntry(id="m1", key="k", value=b"{}", time_ms=1)])
    assert statuses(rig, event(1)) == ["accepted"]
    assert set(in_log(rig)) == {"m1"}


def test_a_login_names_the_customer_of_what_the_browser_did_and_does(rig: Rig) -> None:
    key = PSEUDONYMS.customer("C1")
    statuses(rig, event(1))
    statuses(rig, event(2), event(3, type="identify", event=..., userId="C1"))
    statuses(rig, event(4))
    log = in_log(rig)
    assert {name: found.customer_key for name, found in log.items()} == {"m1": None, "m2": key, "m3": key, "m4": key}
    assert log["m4"].subject == key
    assert log["m1"].subject == PSEUDONYMS.anonymous("anon")


def test_no_raw_id_is_in_the_log_of_events(rig: Rig) -> None:
    statuses(rig, event(1, userId="C000042", anonymousId="raw-anon", context={"ip": "10.1.1.1"}))
    raw = b"".join(record.value + record.key.encode() for record in events_in(rig.log))
    assert not [secret for secret in (b"C000042", b"raw-anon", b"10.1.1.1") if secret in raw]


@pytest.mark.parametrize("away", ["online", "log"])
def test_nothing_is_acknowledged_while_a_store_is_away(rig: Rig, away: str) -> None:
    if away == "online":
        rig.online.is_away = True
        with pytest.raises(Transient):
            statuses(rig, event(1))
        rig.online.is_away = False
    assert not events_in(rig.log)
    assert statuses(rig, event(1)) == ["accepted"]


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (event(1, properties={"a": 1 << 70}), "number_out_of_range"),
        (event(1, properties={"a": "x" * 40_000}), "event_too_large"),
        (event(1, properties=json.loads("[" * 60 + "]" * 60)), "too_deep"),
        (event(1, messageId="hub:1"), "bad_id"),
        (event(1, messageId="tick"), "bad_id"),
        (event(1, messageId=["m"]), "bad_id"),
        (None, "not_an_object"),
        ([], "not_an_object"),
    ],
)
def test_a_message_that_cannot_be_is_quarantined_with_its_bytes(rig: Rig, message: Any, reason: str) -> None:
    assert statuses(rig, message, event(9)) == [reason, "accepted"]
    letter = rig.letter()
    assert (letter.reason, letter.feed, letter.stage) == (reason, "collector", "collecting")
    kept = kept_bytes(letter, rig.objects)
    assert kept == json.dumps(message, separators=(",", ":")).encode() or kept == ascii(message).encode()
    statuses(rig, message)
    assert len(rig.letters.list()) == 1


def test_a_batch_shares_its_context_and_sending_time(rig: Rig) -> None:
    items = [
        event(1, originalTimestamp=iso(NOW_MS - 9_000)),
        event(2, context={"locale": "en"}),
        event(3, context={"platform": "web"}),
    ]
    body = {"batch": items, "sentAt": iso(NOW_MS - 2_000), "context": {"platform": "ios", "locale": "ko"}}
    result = collect(rig, body)
    assert (result.status, [answer.status for answer in result.answers]) == (200, ["accepted"] * 3)
    log = in_log(rig)
    assert log["m1"].event_time_ms == NOW_MS - 7_000
    assert [log[name].channel for name in ("m1", "m2", "m3")] == ["app", "app", "web"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [("t", event(1, type=...)), ("track", event(1)), ("batch", {"batch": [event(1)]}), ("b", {"batch": [event(1)]})],
)
def test_long_and_short_paths_are_understood(rig: Rig, kind: str, body: Any) -> None:
    assert [answer.status for answer in collect(rig, body, kind).answers] == ["accepted"]


@pytest.mark.parametrize(
    ("body", "options", "status", "code"),
    [
        ({"batch": [event(1)]}, {"write_key": "wrong"}, 401, "unknown_write_key"),
        ({"batch": [event(1)]}, {"write_key": None}, 401, "unknown_write_key"),
        ({"batch": [event(1)], "writeKey": 7}, {"write_key": None}, 401, "unknown_write_key"),
        (b"{", {}, 400, "bad_json"),
        (b"[1]", {}, 400, "not_an_object"),
        ({"batch": []}, {}, 400, "bad_batch"),
        ({"batch": {"a": 1}}, {}, 400, "bad_batch"),
        ({}, {}, 400, "bad_batch"),
        (event(1), {"kind": "delete"}, 400, "bad_kind"),
        ({"batch": [0] * 2_501}, {}, 413, "batch_too_large"),
        (b" " * 600_000, {}, 413, "body_too_large"),
        (gzip.compress(b" " * 90_000_000), {"is_gzip": True}, 413, "body_too_large"),
        (gzip.compress(b'{"batch":[{}]}', mtime=0)[:-9], {"is_gzip": True}, 400, "truncated_gzip"),
        (b"plain", {"is_gzip": True}, 400, "corrupt_gzip"),
    ],
)
def test_a_request_that_cannot_be_is_answered_whole(rig: Rig, body: Any, options: Any, status: int, code: str) -> None:
    result = collect(rig, body, **options)
    assert (result.status, result.code, result.answers) == (status, code, ())
    assert result.message
    assert not events_in(rig.log)


def test_a_packed_body_with_its_key_inside_is_collected(rig: Rig) -> None:
    body = gzip.compress(json.dumps({"batch": [event(1)], "writeKey": "good"}).encode())
    assert collect(rig, body, is_gzip=True, write_key=None).answers[0].status == "accepted"


def test_a_header_s_anonymous_id_stands_in(rig: Rig) -> None:
    result = collect(rig, {"batch": [event(1, anonymousId=...), event(2)]}, anonymous_id="from-header")
    assert [answer.status for answer in result.answers] == ["accepted"] * 2
    assert in_log(rig)["m1"].ids == (PSEUDONYMS.anonymous("from-header"),)
    assert in_log(rig)["m2"].ids == (PSEUDONYMS.anonymous("anon"),)


# --- the way of collected events into the lake --------------------------------------------------------------


def test_what_was_collected_lands_once_as_raw_lines(rig: Rig) -> None:
    statuses(rig, *[event(number, userId=f"C{number}") for number in range(25)])
    arguments = {"objects": rig.objects, "dead_letters": rig.letters, "clock": rig.clock}
    report = land_collected(rig.log, rig.tables, rig.catalog.state, batch_rows=7, **arguments)
    assert (report.accepted, report.duplicates, report.refused) == (25, 0, 0)
    rows = {row["message_id"]: row for row in rig.rows("bronze.log_lines")}
    assert rows["m3"]["customer_no"] == "C3"
    assert rows["m3"]["provenance"]["object"].startswith("log/collected/")
    assert land_collected(rig.log, rig.tables, rig.catalog.state, **arguments).accepted == 0
    statuses(rig, event(3), event(77))
    assert land_collected(rig.log, rig.tables, rig.catalog.state, **arguments).accepted == 1


def test_a_landing_killed_before_its_cursor_moved_adds_nothing_twice(rig: Rig) -> None:
    statuses(rig, event(1), event(2))
    arguments = {"objects": rig.objects, "dead_letters": rig.letters, "clock": rig.clock}
    land_collected(rig.log, rig.tables, rig.catalog.state, **arguments)
    rig.catalog.state.put({f"landed:collected:{partition}": b"0" for partition in range(4)})
    report = land_collected(rig.log, rig.tables, rig.catalog.state, **arguments)
    assert (report.accepted, report.duplicates) == (0, 2)


def test_a_record_that_is_no_line_is_a_letter_and_blocks_nothing(rig: Rig) -> None:
    rig.log.append("collected", [LogEntry(id="x", key="k", value=b"\xff{", time_ms=1)])
    rig.log.tick("collected", 0, 5)
    statuses(rig, event(1))
    arguments = {"objects": rig.objects, "dead_letters": rig.letters, "clock": rig.clock}
    report = land_collected(rig.log, rig.tables, rig.catalog.state, **arguments)
    assert (report.accepted, report.refused) == (1, 1)
    assert kept_bytes(rig.letter(), rig.objects) == b"\xff{"


def test_an_event_is_the_same_collected_live_and_landed_later(rig: Rig) -> None:
    from ingest.envelope import to_event

    statuses(rig, event(1, userId="C1", properties={"a": [1, {"b": None}]}))
    (record,) = events_in(rig.log, "collected")
    live = in_log(rig)["m1"]
    assert to_event(msgspec.json.decode(record.value, type=LogLine), PSEUDONYMS) == live


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
hostile = st.dictionaries(st.sampled_from([*event(1), "userId", "sentAt", "context", "properties", "traits"]), values)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(messages=st.lists(hostile.map(lambda changes: event(1, **changes)) | values, max_size=5))
def test_every_message_has_one_answer_whatever_it_is(rig: Rig, messages: list[Any]) -> None:
    assert len(statuses(rig, *messages)) == len(messages)
