"""Recordings and their sidecars: both, either, neither, broken."""

from __future__ import annotations

import json
import os
import struct
import wave
from io import BytesIO
from pathlib import Path
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


def test_calls_in_two_folders_may_have_the_same_file_names(rig: Rig) -> None:
    for number, folder in enumerate(("mon", "tue")):
        rig.file(f"calls/{folder}/0001.wav", wav(level=number))
        rig.file(f"calls/{folder}/0001.json", sidecar(f"{folder}-1"))
    assert land(rig).accepted == 2
    by_id = {row["call_id"]: row["object_key"] for row in rig.rows("bronze.calls")}
    assert len(set(by_id.values())) == 2


@pytest.mark.parametrize(
    ("recording", "beside"),
    [("a.wav", "a.wav.json"), ("A.WAV", "a.json"), ("sound/a.wav", "about/a.json"), ("a.mp3", "a.JSON")],
)
def test_a_sidecar_finds_its_recording(rig: Rig, recording: str, beside: str) -> None:
    rig.file(f"calls/{recording}", wav())
    rig.file(f"calls/{beside}", sidecar("a"))
    assert land(rig) == LandingReport(accepted=1, objects=1)


def test_a_sidecar_that_could_mean_two_recordings_means_none(rig: Rig) -> None:
    for folder in ("x", "y"):
        rig.file(f"calls/{folder}/a.wav", wav())
    rig.file("calls/z/a.json", sidecar("a"))
    assert land(rig).reasons == {"ambiguous_recording": 1, "missing_sidecar": 2}


def test_a_manifest_may_name_paths_but_not_climb_out_of_its_folder(rig: Rig) -> None:
    rig.file("calls/mon/x.wav", wav(level=1))
    rig.file("calls/tue/x.wav", wav(level=2))
    rig.file("outside/secret.wav", wav(level=3))
    rows = f"call_id,file,started_at\n1,mon/x.wav,{AT}\n2,tue\\x.wav,{AT}\n3,../outside/secret.wav,{AT}\n4,x.wav,{AT}\n"
    rig.file("calls/manifest.csv", rows)
    assert land(rig).reasons == {"missing_recording": 1, "ambiguous_recording": 1}
    assert {row["call_id"] for row in rig.rows("bronze.calls")} == {"1", "2"}


def test_two_sidecars_that_agree_are_one_and_two_that_disagree_are_none(rig: Rig) -> None:
    delivered(rig, "a", "b")
    rig.file("calls/all.csv", f"call_id,started_at,phone,consent\na,{AT},010-1,Y\nb,{AT},010-1,N\n")
    report = land(rig)
    assert (report.accepted, report.duplicates, report.reasons) == (1, 1, {"contradictory_sidecars": 1})
    assert [row["call_id"] for row in rig.rows("bronze.calls")] == ["a"]
    assert "all.csv" in rig.letter().message
    assert "recording_consent" in rig.letter().message
    rig.file("calls/all.csv", f"call_id,started_at,phone,consent\na,{AT},010-1,Y\nb,{AT},010-1,Y\n")
    assert land(rig).accepted == 1
    assert rig.letter().status is LetterStatus.REPLAYED


def test_of_two_recordings_with_one_call_id_the_first_lands_and_nothing_is_lost(rig: Rig) -> None:
    rig.file("calls/a.wav", wav(level=1))
    rig.file("calls/a.json", sidecar("call-1"))
    rig.file("calls/b.wav", wav(level=2))
    rig.file("calls/b.json", sidecar("call-1"))
    for _ in range(2):
        assert land(rig).reasons == {"duplicate_call_id": 1}
        (row,) = rig.rows("bronze.calls")
        with rig.objects.open(row["object_key"]) as stream:
            assert stream.read() == wav(level=1)
        assert kept_bytes(rig.letter(), rig.objects) == wav(level=2)


def test_the_same_recording_under_two_call_ids_is_one_call(rig: Rig) -> None:
    for name in ("a", "b"):
        rig.file(f"calls/{name}.wav", wav())
        rig.file(f"calls/{name}.json", sidecar(name))
    assert land(rig).reasons == {"duplicate_recording": 1}
    assert [row["call_id"] for row in rig.rows("bronze.calls")] == ["a"]


def test_a_call_delivered_in_two_folders_is_one_call(rig: Rig) -> None:
    for folder in ("x", "y"):
        rig.file(f"calls/{folder}/a.wav", wav())
        rig.file(f"calls/{folder}/a.json", sidecar("a"))
    report = land(rig)
    assert (report.accepted, report.duplicates, report.refused) == (1, 1, 0)


def test_a_refused_recording_leaves_its_call_id_to_a_good_one(rig: Rig) -> None:
    rig.file("calls/a.wav", b"")
    rig.file("calls/a.json", sidecar("call-1"))
    rig.file("calls/b.wav", wav())
    rig.file("calls/b.json", sidecar("call-1"))
    report = land(rig)
    assert (report.accepted, report.reasons) == (1, {"empty_recording": 1})


def test_a_call_that_starts_tomorrow_is_refused_and_one_within_the_clocks_difference_is_not(rig: Rig) -> None:
    delivered(rig, "a", "b")
    rig.file("calls/a.json", sidecar("a", started_at="2026-11-01T20:00:00+09:00"))
    rig.file("calls/b.json", sidecar("b", started_at="2026-11-03T09:00:00+09:00"))
    assert land(rig).reasons == {"starts_in_future": 1}


def test_roles_must_be_as_many_as_the_channels_unless_several_share_one(rig: Rig) -> None:
    rig.file("calls/a.wav", wav(channels=1))
    rig.file("calls/a.json", sidecar("a", channel_roles="AGENT,CUSTOMER"))
    rig.file("calls/b.wav", wav(channels=2))
    rig.file("calls/b.json", sidecar("b", channel_roles="AGENT,CUSTOMER,SUPERVISOR"))
    report = land(rig)
    assert (report.accepted, report.reasons) == (1, {"roles_contradict_channels": 1})


def test_a_link_out_of_the_delivery_is_not_followed(rig: Rig) -> None:
    secret = rig.file("secret.wav", wav())
    rig.file("calls/a.json", sidecar("a"))
    (rig.source / "calls/a.wav").symlink_to(secret)
    (rig.source / "calls/gone.wav").symlink_to("nowhere.wav")
    delivered(rig, "b")
    (rig.source / "calls/c.wav").symlink_to("d.wav")
    rig.file("calls/d.wav", wav(0.3))
    rig.file("calls/c.json", sidecar("c"))
    report = land(rig)
    assert report.accepted == 2
    assert report.reasons == {"link_outside": 1, "broken_link": 1, "missing_recording": 1, "missing_sidecar": 1}
    assert not any(info.size_bytes == len(wav()) for info in rig.objects.list("vault/raw/"))


def test_a_file_whose_name_is_no_text_is_a_letter(rig: Rig) -> None:
    delivered(rig, "good")
    path = os.fsencode(rig.source / "calls") + b"/call-\xff.wav"
    Path(os.fsdecode(path)).write_bytes(wav())
    assert land(rig).reasons == {"bad_file_name": 1}
    assert rig.letter().message.startswith("call-")


def test_bare_g711_is_a_recording(rig: Rig) -> None:
    rig.file("calls/a.ulaw", b"\x7f" * 8_000)
    rig.file("calls/a.json", sidecar("a"))
    assert land(rig).accepted == 1


def test_a_playlist_with_a_recordings_name_opens_no_other_file(rig: Rig) -> None:
    target = rig.file("other.ts", wav())
    rig.file("calls/a.wav", f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{target}\n#EXT-X-ENDLIST\n")
    rig.file("calls/a.json", sidecar("a"))
    assert land(rig).reasons == {"unreadable_recording": 1}


def test_a_recording_with_more_channels_than_people_is_refused(rig: Rig) -> None:
    rig.file("calls/a.wav", wav(channels=64))
    rig.file("calls/a.json", sidecar("a"))
    assert land(rig).reasons == {"too_many_channels": 1}


def test_sidecars_as_xml_and_manifests_with_tabs_land_too(rig: Rig) -> None:
    rig.file("calls/a.wav", wav(level=1))
    rig.file("calls/a.xml", f"<call><call_id>a</call_id><start>{AT}</start></call>")
    rig.file("calls/b.wav", wav(level=2))
    rig.file("calls/list.tsv", f"call_id\tstart\nb\t{AT}\n")
    assert land(rig) == LandingReport(accepted=2, objects=2)


def aged(path: Path, seconds: float) -> Path:
    then = path.stat().st_mtime - seconds
    os.utime(path, (then, then))
    return path


def test_a_recording_that_still_grows_is_left_to_the_next_landing_and_leaves_no_letter(rig: Rig) -> None:
    delivered(rig, "a", "b")
    for name in ("a.wav", "a.json", "b.json"):
        aged(rig.source / "calls" / name, 60)
    whole = (rig.source / "calls" / "b.wav").read_bytes()
    (rig.source / "calls" / "b.wav").write_bytes(whole[: len(whole) // 2])
    first = land(rig, settle_s=30)
    assert (first.accepted, first.refused) == (1, 0)
    (rig.source / "calls" / "b.wav").write_bytes(whole)
    aged(rig.source / "calls" / "b.wav", 60)
    second = land(rig, settle_s=30)
    assert (second.accepted, second.refused, rig.reasons()) == (1, 0, [])


@pytest.mark.parametrize("late", ["a.json", "calls.csv"])
def test_a_recording_whose_sidecar_still_grows_waits_for_it(rig: Rig, late: str) -> None:
    aged(rig.file("calls/a.wav", wav()), 60)
    text = sidecar("a") if late == "a.json" else f"file,call_id,started_at,phone\na.wav,a,{AT},010-1\n"
    rig.file(f"calls/{late}", text)
    assert land(rig, settle_s=30) == LandingReport()
    aged(rig.source / "calls" / late, 60)
    assert land(rig, settle_s=30).accepted == 1


def test_files_named_one_by_one_are_landed_at_once(rig: Rig) -> None:
    delivered(rig, "a")
    paths = sorted((rig.source / "calls").iterdir())
    assert land_calls(paths, settle_s=30, **rig.parts).accepted == 1
