"""Business systems' logs, web servers' access logs and call sidecars."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.clock import parse_ms
from hub.records import Channel, LogLine
from ingest.formats import access_log, call_sidecar, core_jsonl
from ingest.formats.call_sidecar import Sidecar
from ingest.formats.source import Refused, Source

SOURCE = Source(dataset="d", object="o")
AT = "2026-10-01T09:00:00+09:00"


def core(**changes: Any) -> LogLine | Refused:
    whole = {
        "id": "c-1",
        "type": "claim.filed",
        "channel": "core",
        "occurred_at": AT,
        "customer_no": "C1",
        "properties": {"line": "car"},
    }
    fields = {name: value for name, value in (whole | changes).items() if value is not ...}
    (only,) = core_jsonl.read(io.BytesIO(json.dumps(fields).encode() + b"\n"), SOURCE)
    return only


def test_a_business_event_becomes_a_line() -> None:
    line = core(branch="강남")
    assert isinstance(line, LogLine)
    assert (line.message_id, line.type, line.channel) == ("core:c-1", "claim.filed", Channel.CORE)
    assert line.event_time_ms == parse_ms(AT)
    assert line.properties == {"branch": "강남", "line": "car"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"customer_no": None}, "no_id"),
        ({"customer_no": [1]}, "bad_id"),
        ({"type": ...}, "missing_value"),
        ({"channel": "carrier pigeon"}, "bad_value"),
        ({"channel": {"a": 1}}, "bad_value"),
        ({"occurred_at": ...}, "bad_time"),
        ({"occurred_at": "9999-01-01T00:00:00Z"}, "time_out_of_range"),
        ({"occurred_at": 1e300}, "time_out_of_range"),
        ({"properties": [1]}, "bad_properties"),
    ],
)
def test_a_business_event_that_cannot_be_is_refused(changes: dict[str, Any], reason: str) -> None:
    refused = core(**changes)
    assert isinstance(refused, Refused)
    assert refused.reason == reason


def test_a_business_event_may_name_an_account_in_place_of_a_customer() -> None:
    line = core(customer_no=None, properties={"account_no": "110-1"})
    assert isinstance(line, LogLine)
    assert line.customer_no is None


# --- access logs --------------------------------------------------------------------------------------------

COMBINED = '10.1.2.3 - kim [01/Oct/2026:09:00:00 +0900] "GET /loans?q=1 HTTP/1.1" 200 512 "https://x.kr/?a=b" "Firefox \\"9\\""'


def access(*lines: str) -> list[LogLine | Refused]:
    return list(access_log.read(io.BytesIO("\n".join(lines).encode() + b"\n"), SOURCE))


def test_a_combined_line_becomes_a_screen_view() -> None:
    (line,) = access(COMBINED)
    assert isinstance(line, LogLine)
    assert (line.type, line.customer_no, line.event_time_ms) == ("screen.viewed", "kim", parse_ms(AT))
    assert line.properties == {
        "screen": "/loans",
        "method": "GET",
        "status": 200,
        "bytes": 512,
        "referer": "https://x.kr/",
        "_remote": "10.1.2.3",
    }


@pytest.mark.parametrize(
    ("line", "event_type"),
    [
        (COMBINED.replace("200 512", "404 -"), "request.served"),
        (COMBINED.replace("GET /loans", "POST /loans"), "request.served"),
        (COMBINED.replace("/loans?q=1", "/app.css"), "request.served"),
        (COMBINED.replace("GET /loans?q=1 HTTP/1.1", ""), "request.served"),
        (COMBINED.replace("GET /loans?q=1 HTTP/1.1", "\\x16\\x03\\x01"), "request.served"),
        (COMBINED.partition(' "https')[0], "screen.viewed"),
        (COMBINED + ' "cookie=1" 17', "screen.viewed"),
    ],
)
def test_access_lines_of_other_shapes_are_understood(line: str, event_type: str) -> None:
    (read,) = access(line)
    assert isinstance(read, LogLine)
    assert read.type == event_type


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("hello", "bad_access_line"),
        (COMBINED.replace("Oct", "Okt"), "bad_time"),
        (COMBINED.replace("01/Oct", "31/Feb"), "bad_time"),
        (COMBINED.replace("2026", "0001"), "time_out_of_range"),
        (COMBINED.replace("2026", "9999"), "time_out_of_range"),
        (COMBINED.replace(" 200 ", " OK "), "bad_access_line"),
        (COMBINED.replace("200 512", "200 " + "9" * 30), "bad_access_line"),
    ],
)
def test_access_lines_that_cannot_be_are_refused(line: str, reason: str) -> None:
    (refused,) = access(line)
    assert isinstance(refused, Refused)
    assert refused.reason == reason


def test_equal_requests_within_a_second_are_two_events_each_time_the_file_is_read() -> None:
    first = [line.message_id for line in access(COMBINED, COMBINED, COMBINED) if isinstance(line, LogLine)]
    again = [line.message_id for line in access(COMBINED, COMBINED) if isinstance(line, LogLine)]
    assert len(set(first)) == 3
    assert first[:2] == again


@given(st.lists(st.text(max_size=80) | st.just(COMBINED), max_size=6))
def test_every_access_line_is_accepted_or_refused(lines: list[str]) -> None:
    raw = "\n".join(lines).encode("utf-8", "surrogatepass") + b"\n"
    if raw.startswith(b"\xef\xbb\xbf"):
        return
    expected = [line for line in raw.split(b"\n") if line.removesuffix(b"\r").strip() or b"\0" in line]
    assert len(list(access_log.read(io.BytesIO(raw), SOURCE))) == len(expected)


# --- sidecars -----------------------------------------------------------------------------------------------


def sidecar(**changes: Any) -> dict[str, Any]:
    whole = {
        "call_id": "call-1",
        "started_at": AT,
        "direction": "inbound",
        "phone": "010-1234-5678",
        "customer_no": None,
        "agent_id": "A7",
        "language": "ko",
        "channel_roles": ["AGENT", "CUSTOMER"],
        "recording_consent": True,
    }
    return {name: value for name, value in (whole | changes).items() if value is not ...}


def test_a_sidecar_is_read() -> None:
    read = call_sidecar.parse(b"\xef\xbb\xbf" + json.dumps(sidecar()).encode(), SOURCE)
    assert isinstance(read, Sidecar)
    assert (read.call_id, read.phone, read.customer_no) == ("call-1", "010-1234-5678", None)
    assert read.started_ms == parse_ms(AT)


def test_a_short_sidecar_takes_what_is_usual() -> None:
    read = call_sidecar.parse(json.dumps({"call_id": 7, "started_at": AT}).encode(), SOURCE)
    assert isinstance(read, Sidecar)
    assert (read.call_id, read.channel_roles, read.recording_consent) == ("7", (), True)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "bad_json"),
        (b"{", "bad_json"),
        (b"[]", "not_an_object"),
        (b'{"a":"\xff\xff"}', "not_utf8"),
        (b'{"a":' * 3_000, "too_deep"),
        (b" " * (2 << 20), "sidecar_too_large"),
        (sidecar(call_id=None), "missing_value"),
        (sidecar(call_id={"a": 1}), "bad_id"),
        (sidecar(started_at=...), "bad_time"),
        (sidecar(started_at="1066-10-14T09:00:00Z"), "time_out_of_range"),
        (sidecar(direction="up"), "bad_direction"),
        (sidecar(phone="0" * 99), "bad_id"),
        (sidecar(channel_roles={"left": "AGENT"}), "bad_roles"),
        (sidecar(channel_roles=[1, 2]), "bad_roles"),
        (sidecar(channel_roles=["AGENT"] * 99), "bad_roles"),
        (sidecar(channel_roles=["DROP TABLE"]), "unknown_role"),
        (sidecar(recording_consent="perhaps"), "bad_flag"),
    ],
)
def test_a_sidecar_that_cannot_be_is_refused(raw: bytes | dict[str, Any], reason: str) -> None:
    refused = call_sidecar.parse(raw if isinstance(raw, bytes) else json.dumps(raw).encode(), SOURCE)
    assert isinstance(refused, Refused)
    assert refused.reason == reason


def test_a_manifest_has_one_call_a_row() -> None:
    raw = f"call_id,file,started_at,channel_roles,recording_consent\n1,a.wav,{AT},agent|customer,N\n2,,{AT},,\n3,,never,,\n"
    first, second, third = call_sidecar.read_manifest(io.BytesIO(raw.encode()), SOURCE)
    assert isinstance(first, Sidecar)
    assert isinstance(second, Sidecar)
    assert isinstance(third, Refused)
    assert (first.file, first.channel_roles, first.recording_consent) == ("a.wav", ("AGENT", "CUSTOMER"), False)
    assert (second.file, second.recording_consent) == (None, True)


@given(st.binary(max_size=300))
def test_any_bytes_beside_a_recording_do_no_harm(raw: bytes) -> None:
    assert isinstance(call_sidecar.parse(raw, SOURCE), Sidecar | Refused)
