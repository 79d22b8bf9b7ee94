"""Second chances: the kept bytes, a corrected file, or put aside with a reason."""

from __future__ import annotations

import gzip
import json

import pytest

from hub.errors import Permanent
from hub.records import LetterStatus
from ingest.collector import Collector
from ingest.dead_letters import discard
from ingest.landing import land_calls, land_logs, land_memos
from ingest.replay import Replay
from tests.ingest.rig import NOW_MS, PSEUDONYMS, Rig
from tests.ingest.test_call_landing import sidecar, wav
from tests.ingest.test_landing import HEADER, memo, web


def replay_of(rig: Rig, collector: Collector | None = None) -> Replay:
    return Replay(**rig.parts, collector=collector)


def open_letters(rig: Rig) -> list[str]:
    return [letter.reason for letter in rig.letters.list(status=LetterStatus.OPEN)]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_lines_refused_for_their_encoding_pass_once_it_is_known(rig: Rig, pack: object) -> None:
    assert callable(pack)
    lines = [
        HEADER.encode(),
        memo(1).encode(),
        memo(2, "김철수").encode("cp949"),
        b"T3\n",
        memo(4, "박").encode("cp949"),
    ]
    land_memos(rig.file("memos.csv", pack(b"".join(lines))), **rig.parts)
    assert rig.reasons() == ["missing_column", "not_utf8", "not_utf8"]
    report = replay_of(rig).replay(rig.letters.list(), encoding="cp949")
    assert (report.accepted, report.reasons) == (2, {"missing_column": 1})
    assert {row["memo"] for row in rig.rows("bronze.memos")} == {"월세", "김철수", "박"}
    assert open_letters(rig) == ["missing_column"]


def test_a_replay_that_changes_nothing_leaves_letters_open(rig: Rig) -> None:
    land_logs(rig.file("web.jsonl", web(1) + "{broken\n"), **rig.parts)
    assert replay_of(rig).replay(rig.letters.list()).reasons == {"bad_json": 1}
    assert open_letters(rig) == ["bad_json"]


def test_a_corrected_file_settles_its_letter(rig: Rig) -> None:
    land_memos(rig.file("memos.csv", HEADER + "T1\n"), **rig.parts)
    report = replay_of(rig).replace(rig.letter(), rig.file("corrected.csv", HEADER + memo(1)))
    assert report.accepted == 1
    assert rig.letter().status is LetterStatus.REPLAYED
    assert "corrected.csv" in rig.letter().status_note


def test_a_corrected_file_that_is_still_wrong_settles_nothing(rig: Rig) -> None:
    land_memos(rig.file("memos.csv", HEADER + "T1\n"), **rig.parts)
    first = rig.letter()
    assert replay_of(rig).replace(first, rig.file("corrected.csv", HEADER + "T1,x\n")).refused == 1
    assert rig.letters.get(first.letter_id).status is LetterStatus.OPEN


def test_a_call_is_corrected_with_its_sidecar(rig: Rig) -> None:
    rig.file("calls/a.wav", wav())
    rig.file("calls/a.json", "{broken")
    land_calls(rig.source / "calls", **rig.parts)
    letter = rig.letter()
    assert replay_of(rig).replay([letter]).reasons == {"needs_corrected_file": 1}
    corrected = [rig.file("corrected/a.wav", wav()), rig.file("corrected/a.json", sidecar("a"))]
    assert replay_of(rig).replace(letter, corrected).accepted == 1
    assert not open_letters(rig)


def test_a_quarantined_event_is_collected_once_the_hub_accepts_it(rig: Rig) -> None:
    message = {"type": "track", "event": "e", "messageId": "m1", "userId": "C1", "originalTimestamp": "someday"}
    rig.collector([message, "text"], source="k", received_ms=NOW_MS)
    letters = rig.letters.list()
    assert replay_of(rig, rig.collector).replay(letters).refused == 2
    bad_time = next(letter for letter in letters if letter.reason == "bad_time")
    rig.objects.put(bad_time.payload_key, json.dumps(message | {"originalTimestamp": None}).encode())
    report = replay_of(rig, rig.collector).replay([bad_time])
    assert (report.accepted, open_letters(rig)) == (1, ["not_an_object"])
    with pytest.raises(Permanent):
        replay_of(rig).replay([bad_time])


def test_a_letter_is_discarded_with_a_reason_only(rig: Rig) -> None:
    land_logs(rig.file("web.jsonl", "{broken\n"), **rig.parts)
    with pytest.raises(Permanent):
        discard([rig.letter().letter_id], rig.letters, " ")
    assert discard([rig.letter().letter_id], rig.letters, "a test line") == 1
    assert (rig.letter().status, rig.letter().status_note) == (LetterStatus.DISCARDED, "a test line")
    assert PSEUDONYMS
