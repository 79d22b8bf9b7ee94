"""Recordings are telephone audio, and their truth lies where it says."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import soundfile

from demo.calls import resident_number

from .conftest import Bank


def test_recordings_are_8_khz_stereo_mu_law_with_a_sidecar_each(talking_bank: Bank) -> None:
    recordings = sorted((talking_bank.source / "calls").glob("CALL0*.wav"))
    assert len(recordings) == talking_bank.summary.calls == 10
    for path in recordings:
        info = soundfile.info(path)
        assert (info.samplerate, info.channels, info.subtype) == (8_000, 2, "ULAW")
        sidecar = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        assert sidecar["call_id"] == path.stem
        assert sidecar["channel_roles"] == ["AGENT", "CUSTOMER"]


def test_one_call_in_ten_is_english(talking_bank: Bank) -> None:
    languages = [call["language"] for call in talking_bank.calls()]
    assert languages.count("en") == talking_bank.summary.english_calls == 1
    assert languages.count("ko") == 9


def test_most_sidecars_name_a_phone_of_the_master_and_no_customer(talking_bank: Bank) -> None:
    phones = {row["phone"]: row["customer_no"] for row in talking_bank.master("customers")}
    nameless = 0
    for call in talking_bank.calls():
        sidecar = json.loads((talking_bank.source / "calls" / f"{call['call_id']}.json").read_text(encoding="utf-8"))
        assert phones[sidecar["phone"]] == call["customer_no"]
        assert sidecar["customer_no"] in (None, call["customer_no"])
        nameless += sidecar["customer_no"] is None
        if call["life_events"] and call["script"].startswith("loan_"):
            assert sidecar["customer_no"] is None
    assert nameless >= 6


def test_turns_lie_within_the_recording_and_nobody_talks_over_themselves(talking_bank: Bank) -> None:
    for call in talking_bank.calls():
        path = talking_bank.source / "calls" / f"{call['call_id']}.wav"
        assert abs(soundfile.info(path).duration * 1_000 - call["duration_ms"]) < 2
        free = {"AGENT": 0, "CUSTOMER": 0}
        for turn in call["turns"]:
            assert free[turn["role"]] <= turn["start_ms"] < turn["end_ms"] <= call["duration_ms"]
            free[turn["role"]] = turn["end_ms"]


def test_some_turns_overlap_those_of_the_other_side(talking_bank: Bank) -> None:
    overlaps = sum(
        later["start_ms"] < earlier["end_ms"]
        for call in talking_bank.calls()
        for earlier, later in zip(call["turns"], call["turns"][1:], strict=False)
    )
    assert overlaps >= 2


def test_a_speaker_is_heard_on_their_own_channel_during_their_turn(talking_bank: Bank) -> None:
    for call in talking_bank.calls():
        samples, rate = soundfile.read(talking_bank.source / "calls" / f"{call['call_id']}.wav")
        for turn in call["turns"]:
            heard = samples[turn["start_ms"] * rate // 1_000 : turn["end_ms"] * rate // 1_000]
            own, _ = (0, 1) if turn["role"] == "AGENT" else (1, 0)
            assert np.sqrt(np.mean(heard[:, own] ** 2)) > 0.04


def test_personal_data_stands_in_the_text_where_the_truth_says(talking_bank: Bank) -> None:
    kinds = set()
    for call in talking_bank.calls():
        for item in call["personal_data"]:
            turn = call["turns"][item["turn"]]
            assert turn["text"][item["start"] : item["end"]] == item["text"]
            assert turn["start_ms"] <= item["start_ms"] < item["end_ms"] <= turn["end_ms"] + 1
            kinds.add(item["kind"])
    assert {"person_name", "birth_date"} <= kinds


def test_a_customer_gives_their_own_name_and_birth_date(talking_bank: Bank) -> None:
    customers = {row["customer_no"]: row for row in talking_bank.master("customers")}
    for call in talking_bank.calls():
        row = customers[call["customer_no"]]
        if call["language"] == "en":
            continue
        for turn in call["turns"]:
            if turn["group"] == "customer_gives_name":
                assert row["name"] in turn["text"]
            if turn["group"] == "customer_gives_birth_date":
                assert f"{int(row['birth_date'][:4])}년" in turn["text"]


def test_without_audio_the_truth_of_calls_is_still_written(bank: Bank) -> None:
    assert len(bank.calls()) == 40
    assert not list((bank.source / "calls").glob("CALL0*"))
    assert all(not call["has_audio"] and call["turns"] for call in bank.calls())


def test_a_resident_number_has_its_check_digit() -> None:
    number = resident_number(date(1984, 12, 5), "F", 17).replace("-", "")
    weighted = sum(int(c) * w for c, w in zip(number, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5), strict=False))
    assert int(number[-1]) == (11 - weighted % 11) % 10
    assert number[:7] == "8412052"
