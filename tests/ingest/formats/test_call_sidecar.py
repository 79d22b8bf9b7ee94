"""Sidecars as call centres write them: their names, their times, their encodings."""

from __future__ import annotations

import gzip
import io
import json
from typing import Any

import pytest

from hub.clock import parse_ms
from ingest.formats import call_sidecar
from ingest.formats.call_sidecar import Sidecar
from ingest.formats.source import Refused, Source

SOURCE = Source(dataset="calls")
AT = "2026-10-01T09:00:00+09:00"


def read(fields: dict[str, Any] | str, encoding: str = "utf-8") -> Sidecar | Refused:
    text = fields if isinstance(fields, str) else json.dumps(fields, ensure_ascii=False)
    return call_sidecar.parse(text.encode(encoding), SOURCE)


def manifest(text: str, encoding: str = "utf-8") -> list[Sidecar | Refused]:
    raw = text.encode(encoding)
    found = call_sidecar.find_encoding(io.BytesIO(raw), "utf-8")
    return list(call_sidecar.read_manifest(io.BytesIO(raw), Source(dataset="calls", encoding=found)))


@pytest.mark.parametrize(
    "written",
    [
        AT,
        "2026-10-01 09:00:00",
        "20261001090000",
        20261001090000,
        "20261001 090000",
        "2026/10/01 9:00",
        "2026.10.01 09:00:00",
        "2026-10-01 오전 9:00:00",
        "2026. 10. 1. 오전 9:00",
        parse_ms(AT),
        parse_ms(AT) // 1_000,
        str(parse_ms(AT)),
    ],
    ids=str,
)
def test_a_start_is_read_however_the_recorder_writes_it(written: object) -> None:
    sidecar = read({"call_id": "1", "started_at": written})
    assert isinstance(sidecar, Sidecar)
    assert sidecar.started_ms == parse_ms(AT)


@pytest.mark.parametrize(
    "names",
    [
        {"call_id": "callId", "started_at": "startTime", "agent_id": "agentId", "customer_no": "customerId"},
        {"call_id": "Call ID", "started_at": "Start Time", "agent_id": "Agent", "customer_no": "Customer No."},
        {"call_id": "통화ID", "started_at": "통화시작시각", "agent_id": "상담원ID", "customer_no": "고객번호"},
    ],
    ids=["camel case", "headings", "korean"],
)
def test_a_field_is_known_by_the_names_that_call_centres_use(names: dict[str, str]) -> None:
    values = {"call_id": "1", "started_at": AT, "agent_id": "A7", "customer_no": "C9"}
    as_json = read({names[key]: value for key, value in values.items()})
    (as_row,) = manifest(",".join(names[key] for key in values) + "\n" + ",".join(values.values()) + "\n")
    for sidecar in (as_json, as_row):
        assert isinstance(sidecar, Sidecar)
        assert (sidecar.call_id, sidecar.agent_id, sidecar.customer_no) == ("1", "A7", "C9")


@pytest.mark.parametrize(
    ("field", "written", "meant"),
    [
        ("direction", "수신", "inbound"),
        ("direction", "OUT", "outbound"),
        ("language", "ko-KR", "ko"),
        ("language", "Korean", "ko"),
        ("language", "영어", "en"),
        ("language", "eng", "en"),
        ("language", "fr", "fr"),
        ("channel_roles", "CUSTOMER,AGENT", ("CUSTOMER", "AGENT")),
        ("channel_roles", "고객;상담원", ("CUSTOMER", "AGENT")),
        ("channel_roles", ["caller", "operator"], ("CUSTOMER", "AGENT")),
        ("channel_roles", "", ()),
        ("channel_roles", {"1": "AGENT", "0": "CUSTOMER"}, ("CUSTOMER", "AGENT")),
        ("channel_roles", {"1": "AGENT", "2": "CUSTOMER"}, ("AGENT", "CUSTOMER")),
        ("channel_roles", {"left": "고객", "right": "상담원"}, ("CUSTOMER", "AGENT")),
        ("channel_roles", [{"channel": 1, "role": "agent"}, {"channel": 0, "role": "customer"}], ("CUSTOMER", "AGENT")),
        (
            "ChannelDefinitions",
            [{"ChannelId": 0, "ParticipantRole": "CUSTOMER"}, {"ChannelId": 1, "ParticipantRole": "AGENT"}],
            ("CUSTOMER", "AGENT"),
        ),
        ("recording_consent", "미동의", False),
        ("recording_consent", "동의", True),
        ("recording_consent", "N", False),
    ],
)
def test_a_value_is_known_by_the_words_that_call_centres_use(field: str, written: object, meant: object) -> None:
    sidecar = read({"call_id": "1", "started_at": AT, field: written})
    assert isinstance(sidecar, Sidecar)
    assert getattr(sidecar, "channel_roles" if field == "ChannelDefinitions" else field) == meant


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_a_sidecar_is_read_in_the_encodings_of_korean_desktops(encoding: str) -> None:
    sidecar = read({"통화ID": "통화-1", "통화시작": AT}, encoding)
    assert isinstance(sidecar, Sidecar)
    assert sidecar.call_id == "통화-1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_a_manifest_is_read_in_the_encodings_of_korean_desktops(encoding: str) -> None:
    rows = manifest(f"통화번호,시작일시,상담원\n1,{AT},김상담\n2,{AT},이상담\n", encoding)
    assert [row.agent_id for row in rows if isinstance(row, Sidecar)] == ["김상담", "이상담"]


def test_one_damaged_line_does_not_change_how_the_others_are_read() -> None:
    raw = (
        f"call_id,started_at,agent\n1,{AT},김상담\n2,{AT},".encode()
        + "박".encode("cp949")
        + f"\n3,{AT},이상담\n".encode()
    )
    assert call_sidecar.find_encoding(io.BytesIO(raw), "utf-8") == "utf-8"
    assert call_sidecar.find_encoding(io.BytesIO(gzip.compress(raw)), "utf-8") == "utf-8"
    assert call_sidecar.find_encoding(io.BytesIO("김,이\n박\n".encode("cp949")), "utf-8") == "cp949"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"call_id": "1", "callId": "2", "started_at": AT}, "contradictory_fields"),
        ({"call_id": "1", "started_at": AT, "channel_roles": ["AGENT", "DOCTOR"]}, "unknown_role"),
        ({"call_id": "1", "started_at": AT, "channel_roles": ["CUSTOMER", "CUSTOMER"]}, "bad_roles"),
        ({"call_id": "1", "started_at": AT, "channel_roles": 2}, "bad_roles"),
        ({"call_id": "1", "started_at": AT, "language": "Klingon!"}, "bad_language"),
        ({"call_id": "1", "started_at": AT, "direction": "sideways"}, "bad_direction"),
        ({"call_id": "1", "started_at": "20261301090000"}, "bad_time"),
        ({"call_id": ["1"], "started_at": AT}, "bad_id"),
        ({"call_id": "1", "started_at": True}, "bad_time"),
        ({"call_id": "1", "started_at": AT, "channel_roles": {"0": "AGENT", "2": "CUSTOMER"}}, "bad_roles"),
        ({"call_id": "1", "started_at": AT, "channel_roles": [{"channel": 0}]}, "bad_roles"),
        ({"call_id": "1", "started_at": "2026-10-01 오전 13:00"}, "bad_time"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(fields: dict[str, Any], reason: str) -> None:
    refused = read(fields)
    assert isinstance(refused, Refused)
    assert refused.reason == reason


def test_the_same_said_twice_is_no_contradiction() -> None:
    assert isinstance(read({"call_id": "1", "callId": "1", "started_at": AT, "phone": "", "ani": "02"}), Sidecar)


def test_a_header_that_names_a_field_twice_is_refused() -> None:
    (refused,) = manifest(f"call_id,callId,started_at\n1,1,{AT}\n")
    assert isinstance(refused, Refused)
    assert refused.reason == "duplicate_header"


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_manifest_may_have_any_usual_mark_between_its_cells(mark: str) -> None:
    rows = manifest(f'통화ID{mark}시작일시{mark}채널역할\n1{mark}{AT}{mark}"고객,상담원"\n2{mark}{AT}{mark}\n')
    assert [(row.call_id, row.channel_roles) for row in rows if isinstance(row, Sidecar)] == [
        ("1", ("CUSTOMER", "AGENT")),
        ("2", ()),
    ]


@pytest.mark.parametrize("wrapped", [{"call": {"call_id": "1", "start": AT}}, [{"call_id": "1", "start": AT}]], ids=str)
def test_the_facts_may_lie_in_an_object_or_a_list_of_their_own(wrapped: Any) -> None:
    sidecar = read(json.dumps(wrapped))
    assert isinstance(sidecar, Sidecar)
    assert sidecar.started_ms == parse_ms(AT)


def test_an_id_of_the_row_and_the_time_of_the_export_contradict_no_plainer_name() -> None:
    sidecar = read({"id": 99, "call_id": "c-1", "started_at": AT, "timestamp": "2026-10-02T00:00:00Z"})
    assert isinstance(sidecar, Sidecar)
    assert (sidecar.call_id, sidecar.started_ms) == ("c-1", parse_ms(AT))
    (row,) = manifest(f"id,call_id,start,timestamp\n99,c-1,{AT},2026-10-02T00:00:00Z\n")
    assert isinstance(row, Sidecar)
    assert (row.call_id, row.started_ms) == ("c-1", parse_ms(AT))
    vague = read({"id": "c-2", "timestamp": AT})
    assert isinstance(vague, Sidecar)
    assert vague.call_id == "c-2"


XML = f"""<?xml version="1.0" encoding="euc-kr"?>
<r:recording xmlns:r="urn:recorder" callId="c-1">
  <start>{AT}</start><agent id="A7">김상담</agent><direction>OUT</direction>
  <roles><role>고객</role><role>상담원</role></roles>
  <segment number="1"/><segment number="2"/>
</r:recording>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_a_sidecar_may_be_xml(encoding: str) -> None:
    sidecar = read(XML.replace("김상담", ""), encoding)
    assert isinstance(sidecar, Sidecar)
    assert (sidecar.call_id, sidecar.agent_id, sidecar.direction) == ("c-1", "A7", "outbound")
    assert sidecar.channel_roles == ("CUSTOMER", "AGENT")
    assert sidecar.started_ms == parse_ms(AT)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<call><call_id>1</call_id>", "bad_xml"),
        ("<html><body>502 Bad Gateway</body></html>", "missing_value"),
        ('<!DOCTYPE c [<!ENTITY a SYSTEM "file:///etc/passwd">]><c><call_id>&a;</call_id></c>', "bad_xml"),
        (f"<calls><c><id>1</id><start>{AT}</start></c><c><id>2</id><start>{AT}</start></c></calls>", "contradictory_fields"),
    ],
    ids=["cut", "web page", "entity", "two calls"],
)  # fmt: skip
def test_xml_that_is_no_sidecar_is_refused_with_its_reason(text: str, reason: str) -> None:
    refused = read(text)
    assert isinstance(refused, Refused)
    assert refused.reason == reason
