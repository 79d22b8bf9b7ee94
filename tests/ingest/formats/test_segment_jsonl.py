"""Web and app logs, as they should be and as they come."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.clock import parse_ms
from hub.records import Channel, LogLine
from ingest.formats import segment_jsonl
from ingest.formats.source import Refused, Source

SOURCE = Source(dataset="logs.segment", object="vault/raw/x")
AT = "2026-10-01T09:00:00+09:00"


def message(**changes: Any) -> dict[str, Any]:
    whole = {
        "type": "track",
        "messageId": "m-1",
        "event": "product.viewed",
        "anonymousId": "anon-1",
        "userId": "C000001",
        "originalTimestamp": "2026-10-01T08:59:58+09:00",
        "sentAt": "2026-10-01T08:59:59+09:00",
        "receivedAt": AT,
        "context": {"platform": "ios"},
        "properties": {"product_id": "P1", "price": 1.5},
    }
    return {name: value for name, value in (whole | changes).items() if value is not ...}


def read(*lines: bytes | dict[str, Any], source: Source = SOURCE) -> list[LogLine | Refused]:
    raw = b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
    return list(segment_jsonl.read(io.BytesIO(raw), source))


def one(line: bytes | dict[str, Any], source: Source = SOURCE) -> LogLine | Refused:
    (only,) = read(line, source=source)
    return only


def accepted(line: bytes | dict[str, Any]) -> LogLine:
    read_line = one(line)
    assert isinstance(read_line, LogLine), read_line
    return read_line


def test_a_message_becomes_a_line_with_its_place() -> None:
    _, second = read(message(messageId="m-0"), message())
    assert isinstance(second, LogLine)
    assert (second.message_id, second.type, second.channel) == ("m-1", "product.viewed", Channel.APP)
    assert (second.customer_no, second.anonymous_id) == ("C000001", "anon-1")
    assert second.received_time_ms == parse_ms(AT)
    assert second.event_time_ms == parse_ms(AT) - 1_000
    assert second.properties["product_id"] == "P1"
    assert second.provenance.object == "vault/raw/x"
    assert second.provenance.offset == len(json.dumps(message(messageId="m-0"))) + 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "bad_json"),
        (b"[]", "not_an_object"),
        (b"17", "not_an_object"),
        (b"nonsense", "bad_json"),
        (b'{"a": NaN}', "bad_json"),
        (b'{"a": 1e999}', "number_out_of_range"),
        (b'{"a": 123456789012345678901234567890}', "number_out_of_range"),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "too_deep"),
        (b'{"properties":' + b'{"a":' * 40 + b"1" + b"}" * 41, "too_deep"),
        (b'{"a":"\xb1\xe8"}', "not_utf8"),
        (b'{"a":"\x00"}', "nul_byte"),
        (b'{"a":"' + b"x" * (2 << 20) + b'"}', "line_too_long"),
        (b'{"a":[' + b"1," * 100_000 + b"1]}", "too_many_values"),
        (message(userId=None, anonymousId=None), "no_id"),
        (message(userId=" ", anonymousId=""), "no_id"),
        (message(userId=..., anonymousId=...), "no_id"),
        (message(userId={"id": 1}), "bad_id"),
        (message(userId=True), "bad_id"),
        (message(userId=1.5), "bad_id"),
        (message(userId="x" * 300), "bad_id"),
        (message(anonymousId="a\nb"), "bad_id"),
        (message(messageId="m" * 101), "bad_id"),
        (message(messageId="core:1"), "bad_id"),
        (message(event=None), "no_event"),
        (message(event=""), "no_event"),
        (message(type="drop table"), "bad_kind"),
        (message(type=["track"]), "bad_kind"),
        (message(properties=[1]), "bad_properties"),
        (message(properties="x"), "bad_properties"),
        (message(context=7), "bad_properties"),
        (message(originalTimestamp="yesterday"), "bad_time"),
        (message(originalTimestamp={"$date": 1}), "bad_time"),
        (message(originalTimestamp="2" * 100), "bad_time"),
        (message(receivedAt="2026-13-45T99:99:99Z"), "bad_time"),
        (message(originalTimestamp="0001-01-01T00:00:00+23:59"), "time_out_of_range"),
        (message(originalTimestamp="9999-12-31T23:59:59Z"), "time_out_of_range"),
        (message(receivedAt=1), "time_out_of_range"),
        (message(originalTimestamp=..., sentAt=..., receivedAt=...), "no_time"),
        (message(properties={"text": "x" * 33_000}), "event_too_large"),
    ],
)
def test_what_is_no_event_is_refused_with_its_reason(line: bytes | dict[str, Any], reason: str) -> None:
    refused = one(line)
    assert isinstance(refused, Refused)
    assert refused.reason == reason
    assert refused.offset == 0
    assert refused.message


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"userId": 42}, {"customer_no": "42"}),
        ({"userId": None}, {"customer_no": None}),
        ({"type": ...}, {"type": "product.viewed"}),
        ({"type": "page", "event": ..., "name": "Loans"}, {"type": "screen.viewed"}),
        ({"type": "screen", "event": ..., "context": ...}, {"type": "screen.viewed", "channel": Channel.APP}),
        ({"type": "identify", "event": ...}, {"type": "customer.identified"}),
        ({"type": "identify", "event": ..., "userId": ...}, {"type": "traits.updated"}),
        ({"type": "group", "event": ..., "groupId": 9}, {"type": "group.joined"}),
        ({"type": "alias", "event": ..., "previousId": "old"}, {"type": "customer.identified", "anonymous_id": "old"}),
        ({"context": {"device": {"type": "android"}}}, {"channel": Channel.APP}),
        ({"context": None, "properties": None}, {"channel": Channel.WEB}),
        ({"context": {"platform": 3}}, {"channel": Channel.WEB}),
    ],
)
def test_what_senders_may_write_differently_is_understood(changes: dict[str, Any], expected: dict[str, Any]) -> None:
    line = accepted(message(**changes))
    assert {name: getattr(line, name) for name in expected} == expected


def test_a_page_names_its_screen() -> None:
    assert accepted(message(type="page", event=..., name="Loans")).properties["screen"] == "Loans"
    by_path = message(type="page", event=..., properties={"path": "/loans"})
    assert accepted(by_path).properties["screen"] == "/loans"


def test_a_message_without_an_id_gets_one_that_survives_being_sent_again() -> None:
    first = accepted(message(messageId=...))
    again = accepted(message(messageId=..., sentAt=AT, receivedAt="2026-10-01T10:00:00+09:00"))
    other = accepted(message(messageId=..., event="session.ended"))
    assert len(first.message_id) == 32
    assert first.message_id == again.message_id != other.message_id


def test_a_korean_file_is_read_when_its_encoding_is_declared() -> None:
    raw = json.dumps(message(properties={"screen": "대출 안내"}), ensure_ascii=False).encode("cp949")
    refused = one(raw)
    assert isinstance(refused, Refused)
    assert refused.reason == "not_utf8"
    line = one(raw, source=Source(dataset="d", encoding="cp949"))
    assert isinstance(line, LogLine)
    assert line.properties["screen"] == "대출 안내"


def test_a_last_line_cut_off_is_told_from_one_that_is_wrong() -> None:
    raw = json.dumps(message()).encode()
    (cut,) = segment_jsonl.read(io.BytesIO(raw[:-9]), SOURCE)
    assert isinstance(cut, Refused)
    assert cut.reason == "truncated_line"
    (whole,) = segment_jsonl.read(io.BytesIO(raw), SOURCE)
    assert isinstance(whole, LogLine)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from([*message(), "traits", "name", "groupId", "previousId", "timestamp"])
hostile = st.dictionaries(fields, values, max_size=6).map(lambda changes: json.dumps(message(**changes)).encode())


@given(st.lists(st.binary(max_size=80).map(lambda raw: raw.replace(b"\n", b"")) | hostile, max_size=6))
def test_every_line_is_accepted_or_refused_whatever_it_holds(lines: list[bytes]) -> None:
    raw = b"".join(line + b"\n" for line in lines)
    if raw.startswith((b"\x1f\x8b", b"\xef\xbb\xbf")):
        return
    expected = [line for line in lines if line.removesuffix(b"\r").strip() or b"\0" in line]
    items = list(segment_jsonl.read(io.BytesIO(raw), SOURCE))
    assert len(items) == len(expected)
    assert all(isinstance(item, LogLine | Refused) for item in items)
