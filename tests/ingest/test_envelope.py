"""The four times, and what of a line may leave the vault."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from hub.clock import DAY_MS, HOUR_MS, iso, parse_ms
from hub.records import Channel, LogLine, Provenance
from ingest.envelope import to_event, to_line
from ingest.formats.source import Source
from tests.ingest.rig import PSEUDONYMS

RECEIVED = parse_ms("2026-10-01T12:00:00Z")
SOURCE = Source(dataset="d")


@pytest.mark.parametrize(
    ("original", "sent", "event"),
    [
        (RECEIVED - 5_000, RECEIVED - 1_000, RECEIVED - 4_000),
        # a device whose clock is an hour ahead: only the delay counts
        (RECEIVED + HOUR_MS - 5_000, RECEIVED + HOUR_MS, RECEIVED - 5_000),
        (RECEIVED - 400 * DAY_MS, RECEIVED - 400 * DAY_MS + 7, RECEIVED - 7),
        # queued offline for two weeks
        (RECEIVED - 14 * DAY_MS, RECEIVED, RECEIVED - 14 * DAY_MS),
        # a delay nobody believes: the original time stands, but not after it was received
        (RECEIVED - 300 * DAY_MS, RECEIVED, RECEIVED - 300 * DAY_MS),
        (RECEIVED + 9_000, RECEIVED, RECEIVED),
        (RECEIVED - 5_000, None, RECEIVED - 5_000),
        (RECEIVED + HOUR_MS, None, RECEIVED),
        (None, RECEIVED - 1_000, RECEIVED),
        (None, None, RECEIVED),
    ],
)
def test_the_device_clock_is_taken_out_where_that_is_plausible(
    original: int | None, sent: int | None, event: int
) -> None:
    message: dict[str, Any] = {"event": "e", "userId": "1"}
    message |= {"originalTimestamp": iso(original)} if original else {}
    message |= {"sentAt": iso(sent)} if sent else {}
    line = to_line(message, SOURCE, None, RECEIVED)
    assert (line.event_time_ms, line.received_time_ms) == (event, RECEIVED)
    assert line.properties.get("_original_ms") == original
    assert line.properties.get("_sent_ms") == sent


def line(**changes: Any) -> LogLine:
    whole = LogLine(
        message_id="m-1",
        type="contact.changed",
        channel=Channel.WEB,
        event_time_ms=1,
        received_time_ms=2,
        customer_no="C1",
        anonymous_id="anon-1",
        properties={},
        content_hash="h",
        provenance=Provenance(dataset="d", offset=3),
    )
    return msgspec.structs.replace(whole, **changes)


def test_an_event_carries_pseudonyms_and_keeps_the_rest() -> None:
    event = to_event(line(properties={"field": "phone", "via": "web", "session_id": "s"}), PSEUDONYMS)
    assert event.event_id == "m-1"
    assert event.customer_key == PSEUDONYMS.customer("C1")
    assert event.ids == (PSEUDONYMS.anonymous("anon-1"),)
    assert event.properties == {"field": "phone", "via": "web", "session_id": "s"}
    assert event.provenance.offset == 3


def test_no_raw_identifier_leaves_the_vault() -> None:
    secrets = {
        "account_no": "110-234-567890",
        "phone": "010-1234-5678",
        "email": "kim@example.com",
        "Name": "김철수",
        "customer_no": "C000777",
        "via": "web",
        "undeclared": "somewhere",
        "_context": {"ip": "10.9.8.7"},
        "_traits": {"email": "kim@example.com"},
        "_remote": "10.9.8.7",
        "_sent_ms": 77,
    }
    event = to_event(line(customer_no="C000777", anonymous_id="raw-anon", properties=secrets), PSEUDONYMS)
    encoded = msgspec.json.encode(event).decode()
    for raw in ("110", "5678", "kim@", "김철수", "C000777", "10.9.8.7", "raw-anon"):
        assert raw not in encoded
    account = PSEUDONYMS.account("110234567890")
    assert event.properties == {"account_id": account, "via": "web"}
    assert event.ids == (PSEUDONYMS.anonymous("raw-anon"), account, PSEUDONYMS.phone("01012345678"))


def test_an_account_that_is_a_pseudonym_already_stays() -> None:
    assert to_event(line(properties={"account_id": "acc_123"}), PSEUDONYMS).properties == {"account_id": "acc_123"}


def test_an_anonymous_event_is_ordered_by_its_first_id() -> None:
    event = to_event(line(customer_no=None), PSEUDONYMS)
    assert event.customer_key is None
    assert event.subject == PSEUDONYMS.anonymous("anon-1")


def test_a_custom_event_keeps_what_identifies_nobody() -> None:
    properties = {"colour": "red", "Email": "kim@example.com", "_context": {}, "nested": {"a": [1]}}
    event = to_event(line(type="Button Clicked", properties=properties), PSEUDONYMS)
    assert event.properties == {"colour": "red", "nested": {"a": [1]}}
