"""Recordings and their sidecars: both, either, neither, broken."""

from __future__ import annotations

import json
import struct
import wave
from io import BytesIO
from typing import Any

import pytest

from hub.records import Call, LetterStatus
from ingest.dead_letters import kept_bytes
from ingest.landing import land_calls
from ingest.report import LandingReport
from tests.ingest.rig import Rig

AT = "2026-10-01T09:00:00+09:00"


def wav(seconds: float = 0.5, channels: int = 2, level: int = 900) -> bytes:
    buffer = BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(8_000)
        sound.writeframes(struct.pack("<h", level) * int(8_000 * seconds) * channels)
    return buffer.getvalue()


def mu_law(seconds: float = 0.5) -> bytes:
    data = b"\x7f" * int(16_000 * seconds)
    shape = struct.pack("<HHIIHHH", 7, 2, 8_000, 16_000, 2, 8, 0)
    return (
        b"RIFF"
        + struct.pack("<I", 38 + len(data))
        + b"WAVEfmt \x12\0\0\0"
        + shape
        + b"data"
        + struct.pack("<I", len(data))
        + data
    )


def sidecar(call_id: str, **changes: Any) -> str:
    return json.dumps({"call_id": call_id, "started_at": AT, "phone": "010-1", "customer_no": None} | changes)


def delivered(rig: Rig, *names: str) -> None:
    for number, name in enumerate(names):
        rig.file(f"calls/{name}.wav", wav(level=number))
        rig.file(f"calls/{name}.json", sidecar(name))


def land(rig: Rig, **options: Any) -> LandingReport:
    return land_calls(rig.source / "calls", **options, **rig.parts)


def test_a_call_is_landed_with_its_recording_under_its_hash(rig: Rig) -> None:
    delivered(rig, "call-1", "call-2")
    rig.file("calls/call-3.wav", mu_law())
    rig.file("calls/call-3.json", sidecar("call-3", language="ko"))
    assert land(rig) == LandingReport(accepted=3, objects=3)
    row = next(row for row in rig.rows("bronze.calls") if row["call_id"] == "call-3")
    assert row["object_key"] == f"vault/calls/{row['object_key'][12:76]}.wav"
    with rig.objects.open(row["object_key"]) as stream:
        assert stream.read() == mu_law()
    assert set(row) == set(Call.__struct_fields__)
    assert len(list(rig.objects.list("vault/raw/calls/"))) == 3


def test_landing_calls_twice_changes_nothing(rig: Rig) -> None:
    delivered(rig, "a", "b")
    rig.file("calls/lone.wav", wav(0.1))
    land(rig)
    before = (rig.rows("bronze.calls"), rig.letters.list(), list(rig.objects.list("")))
    report = land(rig)
    assert report == LandingReport(duplicates=2, skipped=2, refused=1, reasons={"missing_sidecar": 1})
    assert (rig.rows("bronze.calls"), rig.letters.list(), list(rig.objects.list(""))) == before
    assert rig.tables.merges == 1


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"a.wav": wav()}, "missing_sidecar"),
        ({"a.json": sidecar("a")}, "missing_recording"),
        ({"a.wav": wav(), "a.json": "{broken"}, "bad_json"),
        ({"a.wav": wav(), "a.json": sidecar("a", started_at="soon")}, "bad_time"),
        ({"a.wav": wav(), "a.json": sidecar("")}, "missing_value"),
        ({"a.wav": b"", "a.json": sidecar("a")}, "empty_recording"),
        ({"a.wav": wav(0), "a.json": sidecar("a")}, "empty_recording"),
        ({"a.wav": b"RIFF" + bytes(40), "a.json": sidecar("a")}, "unreadable_recording"),
        ({"a.wav": b"not audio at all " * 99, "a.json": sidecar("a")}, "unreadable_recording"),
        ({"a.wav": wav()[:20], "a.json": sidecar("a")}, "unreadable_recording"),
        ({"a.mp3": b"\xff\xfb" + bytes(9), "a.json": sidecar("a")}, "unreadable_recording"),
        ({"a.docx": b"PK"}, "unknown_kind"),
    ],
)
def test_half_a_call_is_a_letter_whose_bytes_are_kept(rig: Rig, files: dict[str, bytes | str], reason: str) -> None:
    for name, content in files.items():
        rig.file(f"calls/{name}", content)
    delivered(rig, "good")
    report = land(rig)
    assert (report.accepted, report.reasons) == (1, {reason: 1})
    letter = rig.letter()
    assert letter.reason == reason
    kept = kept_bytes(letter, rig.objects)
    assert kept in {content.encode() if isinstance(content, str) else content for content in files.values()}


def test_a_recording_of_another_kind_is_read_by_its_content(rig: Rig) -> None:
    rig.file("calls/a.mp3", wav())
    rig.file("calls/a.json", sidecar("a"))
    assert land(rig).accepted == 1


def test_the_missing_half_settles_the_letter_when_it_comes(rig: Rig) -> None:
    rig.file("calls/a.wav", wav())
    rig.file("calls/b.json", sidecar("b"))
    assert land(rig).refused == 2
    rig.file("calls/a.json", sidecar("a"))
    rig.file("calls/b.wav", wav(0.2))
    assert land(rig) == LandingReport(accepted=2, objects=2)
    assert {letter.status for letter in rig.letters.list()} == {LetterStatus.REPLAYED}


def test_a_manifest_names_many_recordings(rig: Rig) -> None:
    rig.file("calls/2026/x.wav", wav(level=1))
    rig.file("calls/2026/2.wav", wav(level=2))
    rows = f"call_id,file,started_at\n1,x.wav,{AT}\n2,,{AT}\n3,gone.wav,{AT}\n4,x.wav,never\n"
    rig.file("calls/manifest.csv", rows)
    report = land(rig)
    assert (report.accepted, report.reasons) == (2, {"missing_recording": 1, "bad_time": 1})
    assert {row["call_id"] for row in rig.rows("bronze.calls")} == {"1", "2"}
    assert land(rig).accepted == 0


def test_a_changed_sidecar_changes_its_call(rig: Rig) -> None:
    delivered(rig, "a")
    land(rig)
    rig.file("calls/a.json", sidecar("a", customer_no="C1"))
    assert land(rig).accepted == 1
    assert rig.rows("bronze.calls")[0]["customer_no"] == "C1"


def test_files_still_being_written_are_left_alone(rig: Rig) -> None:
    rig.file("calls/a.wav.part", wav())
    rig.file("calls/.b.wav", wav())
    assert land(rig) == LandingReport()


def test_a_landing_that_breaks_is_run_again(rig: Rig) -> None:
    delivered(rig, "a", "b")
    rig.tables.fail_every = 1
    with pytest.raises(Exception, match="away"):
        land(rig)
    rig.tables.fail_every = 0
    assert land(rig).accepted == 2
