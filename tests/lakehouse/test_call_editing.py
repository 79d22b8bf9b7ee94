"""Calls leave the vault redacted: documents and recordings, written once, taken back when they are superseded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest
import soundfile

from hub.errors import Permanent
from hub.ids import Pseudonymizer
from hub.records import Transcript, Turn, Word
from ingest.object_store.directory import DirectoryObjectStore
from lakehouse.delta_tables import DeltaTables
from lakehouse.refine import refine_calls
from stt.editing import TranscriptEditor
from tests.lakehouse.parts import DigitFinder, KeptLetters, WordReader, call_row

pytestmark = pytest.mark.spark
AT_MS = 1_790_000_000_000
RATE_HZ = 8_000


def spoken(text: str, start_ms: int) -> tuple[Word, ...]:
    return tuple(
        Word(text=word, start_ms=start_ms + 500 * place, end_ms=start_ms + 500 * (place + 1), probability=0.9)
        for place, word in enumerate(text.split())
    )


SAID = (
    ("AGENT", "안녕하세요 전화번호를 말씀해 주세요", 0),
    ("CUSTOMER", "공일공 일이삼사 오육칠팔입니다", 3_000),
    ("CUSTOMER", "결혼 준비로 대출 문의요", 6_000),
)


class PreparedTranscriber:
    """Says what it was given for every recording that can be opened."""

    def __init__(self, said: Sequence[tuple[str, str, int]] = SAID, model: str = "prepared-1") -> None:
        self.said, self.model = said, model
        self.heard: list[str] = []

    def transcribe(self, path: Path, *, call_id: str, roles: Sequence[str], language: str | None = None) -> Transcript:
        self.heard.append(call_id)
        if path.stat().st_size == 0:
            raise Permanent("The recording is empty", reason="empty", call=call_id)
        turns = tuple(
            Turn(
                turn_id=n, role=role, text=text, start_ms=at, end_ms=at + 2_500, words=spoken(text, at), confidence=0.9
            )
            for n, (role, text, at) in enumerate(self.said)
        )
        return Transcript(call_id=call_id, language="ko", duration_ms=9_000, model=self.model, turns=turns)


class Room:
    """A lake, a vault and an editor."""

    def __init__(self, tables: DeltaTables, folder: Path, pseudonyms: Pseudonymizer) -> None:
        self.tables, self.folder, self.pseudonyms = tables, folder, pseudonyms
        self.objects = DirectoryObjectStore(folder / "vault")
        self.transcriber = PreparedTranscriber()
        self.finder = DigitFinder()
        self.letters = KeptLetters()

    def deliver(self, call_id: str, *, is_broken: bool = False) -> None:
        path = self.folder / f"{call_id}.wav"
        if is_broken:
            path.write_bytes(b"RIFF....WAVE" + bytes(2_000))
        else:
            noise = np.random.default_rng(len(call_id)).uniform(-0.5, 0.5, (9 * RATE_HZ, 2))
            soundfile.write(path, noise, RATE_HZ, subtype="ULAW")
        self.objects.put(f"calls/{call_id}.wav", path)
        self.tables.merge("bronze.calls", [call_row(call_id, f"calls/{call_id}.wav", AT_MS)])

    def refine(self) -> dict[str, int]:
        return refine_calls(
            self.tables, self.objects, self.transcriber, WordReader(), self.finder, self.pseudonyms, self.letters,
            self.tables.clock, editor=TranscriptEditor(self.finder),
        )  # fmt: skip

    def row(self) -> dict[str, object]:
        [row] = self.tables.read("silver.call_analytics")
        return row

    def copies(self) -> list[str]:
        return [info.key for info in self.objects.list("redacted/")]


@pytest.fixture
def room(tables: DeltaTables, tmp_path: Path, pseudonyms: Pseudonymizer) -> Room:
    return Room(tables, tmp_path, pseudonyms)


def test_a_call_leaves_the_vault_redacted_in_text_document_and_sound(room: Room) -> None:
    room.deliver("c1")
    room.refine()
    turns = sorted(room.tables.read("silver.transcripts"), key=lambda turn: turn["turn_id"])
    assert turns[1]["text"] == "[NUMBER]입니다"
    assert turns[1]["verbatim"] == "[NUMBER]입니다"
    row = room.row()
    document = msgspec.json.decode(row["document"])
    assert document["ContentMetadata"]["Output"] == "Redacted"
    assert document["Transcript"][1]["Content"] == "[NUMBER]입니다"
    assert "5678" not in row["document"]
    assert "육칠팔" not in row["document"]
    assert row["redactions"] == 1
    assert room.copies() == [row["redacted_audio"]]
    with room.objects.open(row["redacted_audio"]) as stream:
        sound, rate_hz = soundfile.read(stream)
    assert rate_hz == RATE_HZ
    assert not sound[3 * RATE_HZ : int(4.5 * RATE_HZ), 1].any()
    assert sound[3 * RATE_HZ : int(4.5 * RATE_HZ), 0].any()
    assert sound[: 2 * RATE_HZ].any()
    facts = {fact["kind"] for fact in room.tables.read("silver.call_facts")}
    assert facts == {"life_event", "intent"}


def test_refining_again_writes_nothing_and_silences_nothing_twice(room: Room) -> None:
    room.deliver("c1")
    room.refine()
    versions = {info.name: info.version for info in room.tables.list_tables()}
    copies = room.copies()
    assert room.refine()["silver.call_analytics"] == 0
    assert {info.name: info.version for info in room.tables.list_tables()} == versions
    assert room.copies() == copies


def test_a_model_that_hears_more_replaces_document_and_copy(room: Room) -> None:
    room.deliver("c1")
    room.transcriber = PreparedTranscriber(SAID[2:], "deaf-1")
    room.refine()
    [before] = room.copies()
    assert room.row()["redactions"] == 0
    room.transcriber = PreparedTranscriber(SAID, "prepared-2")
    room.refine()
    [after] = room.copies()
    assert after != before
    assert room.row()["redacted_audio"] == after
    assert room.row()["model"] == "prepared-2"


def test_a_recording_that_cannot_be_copied_is_a_dead_letter_and_the_others_go_on(room: Room) -> None:
    room.deliver("bad", is_broken=True)
    room.deliver("good")
    counts = room.refine()
    assert counts["refused"] == 1
    [letter] = room.letters.kept.values()
    assert letter.payload_key == "calls/bad.wav"
    assert {row["call_id"]: row["status"] for row in room.tables.read("silver.calls")} == {
        "bad": "refused",
        "good": "transcribed",
    }
    assert [row["call_id"] for row in room.tables.read("silver.call_analytics")] == ["good"]
    assert {row["call_id"] for row in room.tables.read("silver.transcripts")} == {"good"}
