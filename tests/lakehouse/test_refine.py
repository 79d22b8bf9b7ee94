"""Single steps of the refinement: refused recordings, kills, new versions, properties, changed master data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from hub.ids import Pseudonymizer
from hub.records import Transcript
from ingest.object_store.directory import DirectoryObjectStore
from lakehouse.behavior import unify
from lakehouse.delta_tables import DeltaTables
from lakehouse.learning_loop import build_outcomes
from lakehouse.refine import (
    outdated_calls,
    pending_calls,
    refine_calls,
    refine_logs,
    refine_master,
    refine_memos,
    retry_refused_calls,
    waiting_calls,
)
from tests.lakehouse.parts import (
    DigitRedactor,
    KeptLetters,
    PrefixParser,
    ScriptTranscriber,
    WordReader,
    call_row,
    log_row,
    master_row,
    memo_row,
)

pytestmark = pytest.mark.spark
AT_MS = 1_790_000_000_000
SAID = "CUSTOMER 결혼 준비로 대출 문의 01012345678\nAGENT 대출 안내\n".encode()


class CallRoom:
    """A lake, a vault and everything that reads calls."""

    def __init__(self, tables: DeltaTables, folder: Path, pseudonyms: Pseudonymizer) -> None:
        self.tables = tables
        self.objects = DirectoryObjectStore(folder / "vault")
        self.pseudonyms = pseudonyms
        self.transcriber = ScriptTranscriber()
        self.reader = WordReader()
        self.letters = KeptLetters()

    def deliver(self, call_id: str, data: bytes, **fields: object) -> None:
        self.objects.put(f"calls/{call_id}.wav", data)
        self.tables.merge("bronze.calls", [call_row(call_id, f"calls/{call_id}.wav", AT_MS, **fields)])

    def refine(self) -> dict[str, int]:
        return refine_calls(
            self.tables,
            self.objects,
            self.transcriber,
            self.reader,
            DigitRedactor(),
            self.pseudonyms,
            self.letters,
            self.tables.clock,
        )


@pytest.fixture
def room(tables: DeltaTables, tmp_path: Path, pseudonyms: Pseudonymizer) -> CallRoom:
    """An empty room."""
    return CallRoom(tables, tmp_path, pseudonyms)


def test_a_call_becomes_redacted_turns_facts_and_events_that_point_at_its_second(room: CallRoom) -> None:
    room.deliver("c1", SAID, phone="+82 10-1234-5678", customer_no="C1")
    room.refine()
    turns = sorted(room.tables.read("silver.transcripts"), key=lambda row: row["turn_id"])
    assert [turn["text"] for turn in turns] == ["결혼 준비로 대출 문의 [NUMBER]", "대출 안내"]
    events = {row["event_id"]: row for row in room.tables.read("silver.events")}
    assert set(events) == {
        "call-c1-ended",
        "call-c1-life_event.detected-marriage-0",
        "call-c1-intent.expressed-loan_enquiry-0",
        "call-c1-product.enquired-loan-0",
    }
    life = events["call-c1-life_event.detected-marriage-0"]
    assert msgspec.json.decode(life["properties"])["life_event"] == "marriage"
    assert (life["provenance"]["object"], life["provenance"]["end_ms"]) == ("calls/c1.wav", 900)
    assert life["customer_key"] == room.pseudonyms.customer("C1")
    [edge] = room.tables.read("silver.identity_edges")
    assert (edge["left"], edge["source"]) == (room.pseudonyms.phone("01012345678"), "call")
    assert len(list(room.tables.read("silver.call_facts"))) == 3


def test_a_corrupt_recording_is_a_dead_letter_once_and_the_others_go_on(room: CallRoom) -> None:
    room.deliver("bad", b"\x00\x01")
    room.deliver("good", SAID)
    assert [call_id for call_id, _ in waiting_calls(room.tables, room.transcriber.model)] == ["bad", "good"]
    assert outdated_calls(room.tables, room.transcriber.model, "any") == []
    counts = room.refine()
    [letter] = room.letters.kept.values()
    assert (letter.reason, letter.payload_key, letter.feed) == ("bad_audio", "calls/bad.wav", "calls")
    assert counts["refused"] == 1
    assert {row["call_id"]: row["status"] for row in room.tables.read("silver.calls")} == {
        "bad": "refused",
        "good": "transcribed",
    }
    room.refine()
    assert room.transcriber.heard.count("bad") == 1
    assert retry_refused_calls(room.tables, ["bad", "good"]) == 1
    assert pending_calls(room.tables, room.transcriber.model) == ["bad"]


def test_a_kill_in_the_middle_of_a_batch_transcribes_nothing_twice(room: CallRoom) -> None:
    class Killed(BaseException):
        """What a kill looks like from inside."""

    class DyingTranscriber(ScriptTranscriber):
        def transcribe(self, path: Path, **fields: object) -> Transcript:  # type: ignore[override]
            if len(self.heard) == 2:
                raise Killed
            return super().transcribe(path, **fields)  # type: ignore[arg-type]

    for name in ("c1", "c2", "c3"):
        room.deliver(name, SAID)
    dying = room.transcriber = DyingTranscriber()
    with pytest.raises(Killed):
        room.refine()
    room.transcriber = ScriptTranscriber()
    assert room.refine()["silver.calls"] == 3
    assert sorted(dying.heard + room.transcriber.heard) == ["c1", "c2", "c3"]
    failed = [run for run in room.tables.lineage.runs() if run.status == "FAIL"]
    assert [run.job for run in failed] == ["refine.calls"]


def test_a_new_reader_starts_from_the_kept_words_and_withdraws_what_it_no_longer_finds(room: CallRoom) -> None:
    class Deaf(WordReader):
        WORDS = {"불만": ("complaint", "service")}

    room.deliver("c1", SAID)
    room.refine()
    heard = list(room.transcriber.heard)
    room.reader = Deaf("words-2")
    assert pending_calls(room.tables, "script-1", "words-2") == ["c1"]
    assert waiting_calls(room.tables, "script-1") == []
    assert [call_id for call_id, _ in outdated_calls(room.tables, "script-1", "words-2")] == ["c1"]
    room.refine()
    assert room.transcriber.heard == heard
    assert [row["event_id"] for row in room.tables.read("silver.events")] == ["call-c1-ended"]
    assert list(room.tables.read("silver.call_facts")) == []
    assert outdated_calls(room.tables, "script-1", "words-2") == []
    unify(room.tables)
    assert [row["event_id"] for row in room.tables.read("gold.customer_behavior")] == ["call-c1-ended"]


def test_another_model_transcribes_again(room: CallRoom) -> None:
    room.deliver("c1", SAID)
    room.refine()
    room.transcriber = ScriptTranscriber("script-2")
    room.refine()
    assert room.transcriber.heard == ["c1"]
    assert {row["model"] for row in room.tables.read("silver.transcripts")} == {"script-2"}


def test_a_call_recorded_without_consent_is_left_alone(room: CallRoom) -> None:
    room.deliver("c1", SAID, recording_consent=False)
    room.refine()
    assert room.transcriber.heard == []


def test_many_calls_go_to_an_engine_that_likes_many(room: CallRoom) -> None:
    groups: list[int] = []

    def many(recordings: Iterator[object]) -> Iterator[Transcript]:
        taken = list(recordings)
        groups.append(len(taken))
        for item in taken:
            yield room.transcriber.transcribe(
                item.path,
                call_id=item.call_id,
                roles=item.roles,
                language=item.language,  # type: ignore[attr-defined]
            )

    for name in ("c1", "c2", "c3"):
        room.deliver(name, SAID)
    told: list[tuple[int, int]] = []
    refine_calls(
        room.tables, room.objects, room.transcriber, room.reader, DigitRedactor(), room.pseudonyms, room.letters,
        room.tables.clock, batch_calls=2, transcribe_many=many, on_progress=lambda done, every: told.append((done, every)),
    )  # fmt: skip
    assert groups == [2, 1]
    assert told == [(2, 3), (3, 3)]


def test_a_new_parser_reads_again_and_takes_back_a_life_event(tables: DeltaTables, pseudonyms: Pseudonymizer) -> None:
    tables.merge(
        "bronze.memos", [memo_row(1, "110-1", "moving 이사비", AT_MS), memo_row(2, "110-1", "rent 월세", AT_MS)]
    )
    refine_memos(tables, PrefixParser(), pseudonyms)
    assert "txn-t1-life" in {row["event_id"] for row in tables.read("silver.events")}
    newer = PrefixParser("no-moves")
    refine_memos(tables, newer, pseudonyms)
    assert sorted(newer.read) == ["moving 이사비", "rent 월세"]
    assert {row["event_id"] for row in tables.read("silver.events")} == {"txn-t1", "txn-t2"}
    assert {row["parser_version"] for row in tables.read("silver.memo_facts")} == {"no-moves"}


def test_properties_that_identify_stay_in_the_vault_and_accounts_become_pseudonyms(
    tables: DeltaTables, pseudonyms: Pseudonymizer
) -> None:
    limit = {"account_id": "110-22", "amount": 5, "limit": 3, "surprise": "x", "name": "김철수"}
    custom = {"colour": "red", "Phone": "010", "size": 3.5, "tags": ["a", {"b": None}]}
    rows = [
        log_row(1, "card.limit_exceeded", AT_MS, customer_no="C1", properties=limit),
        log_row(2, "shop.entered", AT_MS, anonymous_id="a", properties=custom),
        log_row(3, "product.viewed", AT_MS, anonymous_id="a", properties={}),
    ]
    tables.merge("bronze.log_lines", rows)
    refine_logs(tables, pseudonyms)
    kept = {row["event_id"]: msgspec.json.decode(row["properties"]) for row in tables.read("silver.events")}
    assert kept == {
        "m1": {"account_id": pseudonyms.account("110-22"), "amount": 5, "limit": 3},
        "m2": {"colour": "red", "size": 3.5, "tags": ["a", {"b": None}]},
        "m3": {},
    }


def test_a_phone_that_was_given_up_is_taken_back_and_a_consent_withdrawn_is_an_event(
    tables: DeltaTables, pseudonyms: Pseudonymizer
) -> None:
    def customer(phone: str) -> dict[str, object]:
        return master_row(
            "customers", "C1", customer_no="C1", phone=phone, birth_date="1990-05-17", joined_on="2020-01-01"
        )

    def consent(withdrawn: str) -> dict[str, object]:
        return master_row(
            "consents",
            "C1|profiling",
            customer_no="C1",
            purpose="profiling",
            granted_at="2024-01-01",
            withdrawn_at=withdrawn,
        )

    tables.merge("bronze.master_rows", [customer("010-1111-2222"), consent("")])
    refine_master(tables, pseudonyms)
    [before] = tables.read("silver.customers")
    assert (str(before["birth_month"]), before["consents"]) == ("1990-05-01", ["profiling"])
    tables.merge("bronze.master_rows", [customer("010-3333-4444"), consent("2026-10-01T09:00:00+09:00")])
    refine_master(tables, pseudonyms)
    edges = {row["left"]: row["valid_to_ms"] for row in tables.read("silver.identity_edges")}
    assert edges == {pseudonyms.phone("01011112222"): tables.clock.now_ms(), pseudonyms.phone("01033334444"): None}
    changes = sorted((row["type"], row["event_time_ms"]) for row in tables.read("silver.events"))
    # 2024-01-01 names no offset: midnight in Seoul.
    assert changes == [("consent.granted", 1_704_034_800_000), ("consent.withdrawn", 1_790_812_800_000)]
    assert next(iter(tables.read("silver.customers")))["consents"] == []


def test_steps_without_input_do_nothing(tables: DeltaTables, pseudonyms: Pseudonymizer) -> None:
    counts = [
        refine_master(tables, pseudonyms),
        refine_memos(tables, PrefixParser(), pseudonyms),
        refine_logs(tables, pseudonyms),
        unify(tables),
    ]
    assert {rows for step in counts for rows in step.values()} == {0}


def test_an_offers_events_become_outcomes_of_its_decision(tables: DeltaTables, pseudonyms: Pseudonymizer) -> None:
    accepted = {"decision_id": "d1", "product_id": "P1", "value": 12.5}
    rows = [
        log_row(1, "offer.opened", AT_MS, customer_no="C1", properties={"decision_id": "d1"}),
        log_row(2, "offer.accepted", AT_MS + 1, customer_no="C1", properties=accepted),
        log_row(3, "offer.opened", AT_MS + 2, customer_no="C1", properties={}),
    ]
    tables.merge("bronze.log_lines", rows)
    refine_logs(tables, pseudonyms)
    unify(tables)
    assert build_outcomes(tables) == 2
    assert build_outcomes(tables) == 0
    found = {row["kind"]: (row["decision_id"], row["value"]) for row in tables.read("gold.outcomes")}
    assert found == {"opened": ("d1", 0.0), "accepted": ("d1", 12.5)}
