"""Landing files: everything kept, nothing twice, whatever happens on the way."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.errors import HubError, Misconfigured, Permanent, Transient
from hub.records import LetterStatus
from ingest.dead_letters import kept_bytes
from ingest.landing import land_logs, land_master, land_memos
from ingest.report import LandingReport
from tests.ingest.rig import Rig

AT = "2026-10-01T09:00:00+09:00"
HEADER = "txn_id,account_no,customer_no,posted_at,amount,currency,direction,method,memo,balance\n"


def web(number: int, **changes: Any) -> str:
    message = {"type": "track", "messageId": f"m{number}", "event": "e", "anonymousId": "a", "receivedAt": AT}
    return json.dumps(message | changes, ensure_ascii=False) + "\n"


def memo(number: int, text: str = "월세", amount: str = "5") -> str:
    return f"T{number},110-{number},C1,{AT},{amount},KRW,out,card,{text},100\n"


GOOD = "".join(web(number) for number in range(5))
BAD = web(7, anonymousId=None) + "{broken\n"


def test_lines_go_to_bronze_refusals_to_dead_letters_and_the_file_to_the_vault(rig: Rig) -> None:
    content = (GOOD + BAD).encode() + web(9, event="김").encode("cp949")
    report = land_logs(rig.file("logs/web-2026-10-01.jsonl", content), **rig.parts)
    assert report == LandingReport(accepted=5, refused=3, objects=1, reasons={"no_id": 1, "bad_json": 1, "not_utf8": 1})
    assert {row["message_id"] for row in rig.rows("bronze.log_lines")} == {f"m{number}" for number in range(5)}
    (kept,) = rig.objects.list("vault/raw/logs.segment/")
    with rig.objects.open(kept.key) as stream:
        assert stream.read() == content
    assert {row["provenance"]["object"] for row in rig.rows("bronze.log_lines")} == {kept.key}


def test_a_letter_s_bytes_are_found_again(rig: Rig) -> None:
    content = (GOOD + BAD + GOOD).encode()
    land_logs(rig.file("web.jsonl", gzip.compress(content)), **rig.parts)
    kept = {letter.reason: kept_bytes(letter, rig.objects) for letter in rig.letters.list()}
    assert kept == {"no_id": web(7, anonymousId=None).strip().encode(), "bad_json": b"{broken"}
    assert all("web.jsonl" in letter.message for letter in rig.letters.list())


def test_landing_twice_changes_nothing(rig: Rig) -> None:
    path = rig.file("web.jsonl", GOOD + BAD)
    land_logs(path, **rig.parts)
    before = (rig.rows("bronze.log_lines"), rig.letters.list(), list(rig.objects.list("")))
    report = land_logs(path, **rig.parts)
    assert report == LandingReport(duplicates=5, refused=2, skipped=1, reasons={"no_id": 1, "bad_json": 1})
    assert rig.tables.merges == 1
    assert (rig.rows("bronze.log_lines"), rig.letters.list(), list(rig.objects.list(""))) == before


def test_the_same_file_under_another_name_is_known(rig: Rig) -> None:
    land_logs(rig.file("web-1.jsonl", GOOD), **rig.parts)
    assert land_logs(rig.file("web-2.jsonl", GOOD), **rig.parts).skipped == 1


def test_a_folder_is_landed_in_few_merges(rig: Rig) -> None:
    for day in range(12):
        rig.file(f"logs/web-{day:02}.jsonl", "".join(web(day * 10 + number) for number in range(10)))
    rig.file("logs/.hidden.jsonl", GOOD)
    rig.file("logs/readme.md", "no log")
    report = land_logs(rig.source / "logs", **rig.parts)
    assert (report.accepted, report.objects, rig.tables.merges) == (120, 12, 1)


def test_batches_bound_what_waits_in_memory(rig: Rig) -> None:
    report = land_logs(rig.file("web.jsonl", "".join(web(n) for n in range(95))), batch_rows=10, **rig.parts)
    assert (report.accepted, rig.tables.merges) == (95, 10)


def test_ids_seen_before_are_duplicates(rig: Rig) -> None:
    land_logs(rig.file("web-1.jsonl", GOOD), **rig.parts)
    report = land_logs(rig.file("web-2.jsonl", web(3) + web(3) + web(77)), **rig.parts)
    assert (report.accepted, report.duplicates) == (1, 2)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(min_value=1, max_value=len((GOOD + BAD + GOOD).encode())))
def test_a_log_cut_anywhere_and_then_completed_lands_as_if_it_came_whole(tmp_path_factory: Any, cut: int) -> None:
    content = (GOOD + BAD + "".join(web(number) for number in range(20, 25))).encode()
    rig = Rig(tmp_path_factory.mktemp("hub") / "h")
    land_logs(rig.file("web.jsonl", content[:cut]), **rig.parts)
    land_logs(rig.file("web.jsonl", content), **rig.parts)
    assert {row["message_id"] for row in rig.rows("bronze.log_lines")} == {f"m{n}" for n in [*range(5), *range(20, 25)]}
    still_open = rig.letters.list(status=LetterStatus.OPEN)
    # A line that is broken when it is whole was broken when it was cut: both letters stay.
    assert {letter.reason for letter in still_open} - {"truncated_line"} == {"bad_json", "no_id"}
    assert {letter.provenance.offset for letter in still_open} == {len(GOOD), len(GOOD) + len(BAD.split("\n")[0]) + 1}
    rig.close()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(min_value=len(HEADER), max_value=len((HEADER + memo(1) + memo(2) + memo(3)).encode())))
def test_memos_cut_anywhere_and_then_completed_land_as_if_they_came_whole(tmp_path_factory: Any, cut: int) -> None:
    content = (HEADER + memo(1) + memo(2) + memo(3)).encode()
    rig, whole = Rig(tmp_path_factory.mktemp("a") / "h"), Rig(tmp_path_factory.mktemp("b") / "h")
    land_memos(rig.file("memos.csv", content[:cut]), **rig.parts)
    land_memos(rig.file("memos.csv", content), **rig.parts)
    land_memos(whole.file("memos.csv", content), **whole.parts)
    strip = lambda row: {name: value for name, value in row.items() if name != "provenance"}  # noqa: E731
    assert [strip(row) for row in rig.rows("bronze.memos")] == [strip(row) for row in whole.rows("bronze.memos")]
    assert not rig.letters.list(status=LetterStatus.OPEN)
    rig.close()
    whole.close()


@pytest.mark.parametrize("fail_every", [1, 2, 3])
def test_a_landing_that_breaks_is_simply_run_again(rig: Rig, fail_every: int) -> None:
    rig.tables.fail_every = fail_every
    path = rig.file("web.jsonl", "".join(web(n) for n in range(45)) + BAD)
    for _ in range(9):
        try:
            land_logs(path, batch_rows=10, **rig.parts)
        except Transient:
            rig.tables.fail_every = 0 if fail_every == 1 else rig.tables.fail_every + 50
    assert len(rig.rows("bronze.log_lines")) == 45
    assert rig.reasons() == ["bad_json", "no_id"]


def test_a_copy_that_is_not_its_hash_is_dropped_and_said_to_be_tried_again(rig: Rig) -> None:
    path = rig.file("web.jsonl", GOOD)
    land_logs(path, **rig.parts)
    (kept,) = rig.objects.list("vault/raw/")
    (note,) = rig.objects.list("vault/landed/")
    rig.objects.put(kept.key, GOOD.encode()[:40])
    rig.objects.delete(note.key)
    with pytest.raises(Transient) as failure:
        land_logs(path, **rig.parts)
    assert failure.value.reason == "file_changed"
    assert land_logs(path, **rig.parts).duplicates == 5


def test_memos_and_a_row_with_a_missing_column(rig: Rig) -> None:
    report = land_memos(rig.file("memos/memos-2026-10-01.csv", HEADER + memo(1) + "T2,110\n" + memo(3)), **rig.parts)
    assert report == LandingReport(accepted=2, refused=1, objects=1, reasons={"missing_column": 1})
    assert kept_bytes(rig.letter(), rig.objects) == b"T2,110"


def test_a_corrected_memo_replaces_the_first(rig: Rig) -> None:
    land_memos(rig.file("memos-1.csv", HEADER + memo(1, "월세")), **rig.parts)
    report = land_memos(rig.file("memos-2.csv", HEADER + memo(1, "월세 3월")), **rig.parts)
    assert report.accepted == 1
    assert [row["memo"] for row in rig.rows("bronze.memos")] == ["월세 3월"]


def test_a_file_with_a_bad_header_is_one_letter_with_the_whole_file(rig: Rig) -> None:
    content = HEADER.replace("amount", "won") + memo(1) + memo(2)
    report = land_memos(rig.file("memos.csv", content), **rig.parts)
    assert (report.accepted, report.refused) == (0, 1)
    assert kept_bytes(rig.letter(), rig.objects) == content.encode()


def test_master_data_is_a_snapshot_and_the_last_one_counts(rig: Rig) -> None:
    first, second = "customer_no,name\nC1,김\nC2,이\n", "customer_no,name\nC1,박\n"
    land = lambda content: land_master(rig.file("master/customers.csv", content), **rig.parts)  # noqa: E731
    assert land(first).accepted == 2
    assert land(first).skipped == 1
    assert land(second).accepted == 1
    assert land(first).accepted == 1
    assert {row["key"]: row["values"]["name"] for row in rig.rows("bronze.master_rows")} == {"C1": "김", "C2": "이"}


@pytest.mark.parametrize("name", ["customers-2026-10-31.csv", "CUSTOMERS_20261031.csv.gz", "customers.csv"])
def test_a_master_file_s_name_says_its_table(rig: Rig, name: str) -> None:
    content = b"customer_no\nC1\n"
    land_master(rig.file(f"m/{name}", gzip.compress(content) if name.endswith("gz") else content), **rig.parts)
    assert rig.rows("bronze.master_rows")[0]["table"] == "customers"


def test_a_master_file_nobody_declared_is_a_letter(rig: Rig) -> None:
    assert land_master(rig.file("m/branches.csv", "a\n1\n"), **rig.parts).reasons == {"unknown_table": 1}


CORE = json.dumps({"id": 1, "type": "t", "occurred_at": AT, "customer_no": "C1"}) + "\n"
ACCESS = '1.2.3.4 - - [01/Oct/2026:09:00:00 +0900] "GET / HTTP/1.1" 200 5\n'


@pytest.mark.parametrize(
    ("name", "content", "log_format"),
    [
        ("web-1.jsonl", web(1), "auto"),
        ("core-1.jsonl", CORE, "auto"),
        ("access.log", ACCESS, "auto"),
        ("unnamed.jsonl", web(1), "auto"),
        ("unnamed.jsonl", CORE, "auto"),
        ("unnamed.jsonl", "{broken\n" + CORE, "auto"),
        ("unnamed.log", ACCESS, "auto"),
        ("web-1.jsonl", CORE, "core"),
        ("core.log", ACCESS, "access"),
        ("core.jsonl", web(1), "segment"),
    ],
)
def test_a_log_s_format_is_told_by_name_content_or_word(rig: Rig, name: str, content: str, log_format: str) -> None:
    assert land_logs(rig.file(name, content), log_format=log_format, **rig.parts).accepted == 1


def test_a_korean_file_refused_at_first_lands_once_its_encoding_is_declared(rig: Rig) -> None:
    path = rig.file("memos.csv", (HEADER + memo(1, "김철수 월세")).encode("cp949"))
    assert land_memos(path, **rig.parts).reasons == {"not_utf8": 1}
    assert land_memos(path, encoding="cp949", **rig.parts).accepted == 1
    assert rig.rows("bronze.memos")[0]["memo"] == "김철수 월세"


@pytest.mark.parametrize(
    ("options", "error"),
    [({"encoding": "utf-16"}, Misconfigured), ({"log_format": "xml"}, Misconfigured), ({}, Permanent)],
)
def test_what_cannot_be_asked_for_is_refused(rig: Rig, options: dict[str, Any], error: type[HubError]) -> None:
    path = rig.file("x.jsonl", GOOD) if options else Path("/nowhere/at/all.jsonl")
    with pytest.raises(error):
        land_logs(path, **options, **rig.parts)


def test_an_empty_file_is_landed_and_holds_nothing(rig: Rig) -> None:
    assert land_logs(rig.file("web.jsonl", b""), **rig.parts) == LandingReport(objects=1)


def test_a_binary_file_is_refused_line_by_line_and_harms_nobody(rig: Rig) -> None:
    report = land_logs(rig.file("web.jsonl", bytes(range(256)) * 500), **rig.parts)
    assert report.accepted == 0
    assert report.refused == sum(report.reasons.values()) > 0
    assert len(rig.letters.list(limit=5_000)) == report.refused


def test_a_new_file_of_an_old_name_settles_no_letter_of_the_old_one(rig: Rig) -> None:
    land_memos(rig.file("memos.csv", HEADER + memo(1)[:20]), **rig.parts)
    land_memos(rig.file("memos.csv", HEADER + memo(2)), **rig.parts)
    assert [letter.status for letter in rig.letters.list()] == [LetterStatus.OPEN]
