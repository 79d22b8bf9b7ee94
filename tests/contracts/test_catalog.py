"""What the catalogue's stores promise, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import subprocess
import sys
import threading

import pytest
from sqlalchemy import text

from catalog.engine import Catalog, open_catalog
from hub.errors import Permanent
from hub.records import (
    Access,
    DatasetVersion,
    DeadLetter,
    Decision,
    Evidence,
    FeatureEvidence,
    LetterStatus,
    LineageRun,
    Provenance,
    Receipt,
    Treatment,
)
from tests.servers.session import CHECKOUT


def decision(
    number: int, *, scenario: str = "savings", customer: str = "cus_1", treatment: str = "treated"
) -> Decision:
    return Decision(
        decision_id=f"d{number}",
        scenario_id=scenario,
        scenario_version=2,
        customer_key=customer,
        decided_ms=1_000 + number,
        trigger_event_id=f"e{number}",
        treatment=Treatment(treatment),
        reason="사유",
        campaign="c",
        action={"channel": "app_push", "nested": {"won": 10}},
        evidence=(
            Evidence(
                event_id="e",
                type="product.viewed",
                channel="web",
                event_time_ms=5,
                role="trigger",
                properties={"page": "detail", "odd": "\x00"},
                provenance=Provenance(dataset="d", start_ms=1, end_ms=2),
            ),
        ),
        features=(
            FeatureEvidence(name="age", value=None, as_of_ms=None),
            FeatureEvidence(name="x", value=1.5, as_of_ms=3),
        ),
        consent_purpose="marketing_offers",
        propensity=0.25,
    )


def letter(name: str, *, feed: str = "memos", received_ms: int = 10, message: str = "m") -> DeadLetter:
    return DeadLetter(
        letter_id=name,
        feed=feed,
        stage="landing",
        reason="missing_column",
        message=message,
        payload_key=f"vault/raw/{name}",
        provenance=Provenance(dataset=feed, object="o", offset=7),
        received_ms=received_ms,
    )


def appenders(url: str, *jobs: list[object]) -> list[int]:
    """Run one process per job at once; each opens the catalogue itself and prints a number."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.contracts.catalog_writer", url, json.dumps(job)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=CHECKOUT,
        )
        for job in jobs
    ]
    answers = [process.communicate(timeout=120)[0] for process in started]
    assert all(process.returncode == 0 for process in started)
    return [int(answer) for answer in answers]


def test_opening_it_again_changes_nothing(url: str, catalog: Catalog) -> None:
    catalog.state.put({"cursor": b"7"})
    again = open_catalog(url)
    assert again.state.get("cursor") == b"7"
    again.close()


def test_many_open_an_empty_catalogue_at_once_and_it_is_made_once(url: str) -> None:
    opened: list[Catalog] = []
    threads = [threading.Thread(target=lambda: opened.append(open_catalog(url))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 6
    with opened[0].engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1
    for each in opened:
        each.close()


def test_processes_open_an_empty_catalogue_at_once(url: str) -> None:
    assert appenders(url, *[["access", "p", 1]] * 4) == [1] * 4


# --- decisions ----------------------------------------------------------------------------------------------


def test_a_decision_comes_back_whole(catalog: Catalog) -> None:
    catalog.decisions.save([decision(1)])
    assert catalog.decisions.get("d1") == decision(1)


def test_a_decision_written_twice_is_there_once_as_first_written(catalog: Catalog) -> None:
    assert catalog.decisions.save([decision(1), decision(2), decision(1)]) == 2
    assert catalog.decisions.save([decision(1, scenario="other"), decision(3)]) == 1
    assert catalog.decisions.get("d1").scenario_id == "savings"
    assert [found.decision_id for _, found in catalog.decisions.list()] == ["d1", "d2", "d3"]
    assert catalog.decisions.save([]) == 0


def test_an_unknown_decision_is_refused(catalog: Catalog) -> None:
    with pytest.raises(Permanent) as refusal:
        catalog.decisions.get("nobody")
    assert refusal.value.reason == "unknown_decision"


def test_decisions_are_listed_by_customer_scenario_and_place(catalog: Catalog) -> None:
    catalog.decisions.save([decision(n, customer=f"cus_{n % 2}", scenario=f"s{n % 3}") for n in range(12)])
    sequences = [sequence for sequence, _ in catalog.decisions.list(limit=100)]
    assert sequences == sorted(set(sequences))
    after = catalog.decisions.list(after=sequences[4], limit=3)
    assert [found.decision_id for _, found in after] == ["d5", "d6", "d7"]
    assert [found.decision_id for _, found in catalog.decisions.list(limit=2, newest_first=True)] == ["d11", "d10"]
    both = catalog.decisions.list(customer_key="cus_0", scenario_id="s0")
    assert [found.decision_id for _, found in both] == ["d0", "d6"]


def test_decisions_about_a_customer_are_erased_with_their_receipts(catalog: Catalog) -> None:
    catalog.decisions.save([decision(1), decision(2, customer="cus_2")])
    catalog.decisions.save_receipts(
        [Receipt(decision_id=f"d{number}", channel="file", handed_over_ms=5) for number in (1, 2)]
    )
    assert catalog.decisions.erase(["cus_1", "cus_9"]) == 1
    assert [kept.decision_id for _, kept in catalog.decisions.list()] == ["d2"]
    assert [kept.decision_id for _, kept in catalog.decisions.receipts()] == ["d2"]
    assert catalog.decisions.erase(["cus_1"]) == 0


def test_decisions_are_counted_by_scenario_and_treatment(catalog: Catalog) -> None:
    catalog.decisions.save([decision(1), decision(2, treatment="control"), decision(3), decision(4, scenario="b")])
    assert catalog.decisions.count() == {"savings": {"control": 1, "treated": 2}, "b": {"treated": 1}}


def test_only_treated_decisions_without_a_receipt_are_undelivered(catalog: Catalog) -> None:
    catalog.decisions.save([decision(1), decision(2, treatment="control"), decision(3), decision(4)])
    catalog.decisions.save_receipts([Receipt(decision_id="d3", channel="file", handed_over_ms=5)])
    assert [found.decision_id for found in catalog.decisions.undelivered(10)] == ["d1", "d4"]
    assert [found.decision_id for found in catalog.decisions.undelivered(1)] == ["d1"]


def test_the_first_receipt_stays_even_before_its_decision(catalog: Catalog) -> None:
    first = Receipt(decision_id="d1", channel="file", handed_over_ms=5, reference="r")
    catalog.decisions.save_receipts([first, Receipt(decision_id="d1", channel="sms", handed_over_ms=6)])
    catalog.decisions.save([decision(1)])
    catalog.decisions.save_receipts([Receipt(decision_id="d1", channel="sms", handed_over_ms=7)])
    assert [receipt for _, receipt in catalog.decisions.receipts()] == [first]
    assert not catalog.decisions.undelivered(10)


def test_a_large_batch_is_saved_whole(catalog: Catalog) -> None:
    many = [decision(number) for number in range(2_500)]
    assert catalog.decisions.save(many) == 2_500
    catalog.decisions.save_receipts([Receipt(decision_id=f"d{n}", channel="f", handed_over_ms=1) for n in range(2_499)])
    assert [found.decision_id for found in catalog.decisions.undelivered(10)] == ["d2499"]


def test_a_reader_that_goes_on_from_the_greatest_sequence_misses_no_concurrent_writer(url: str) -> None:
    readers = open_catalog(url)
    seen: list[str] = []
    stop = threading.Event()

    def follow() -> None:
        after = 0
        while True:
            is_last = stop.is_set()
            page = readers.decisions.list(after=after, limit=50)
            seen.extend(found.decision_id for _, found in page)
            after = page[-1][0] if page else after
            if is_last and not page:
                return

    follower = threading.Thread(target=follow)
    follower.start()
    try:
        assert appenders(url, *[["decisions", f"w{n}", 60] for n in range(4)]) == [60] * 4
    finally:
        stop.set()
        follower.join()
    readers.close()
    assert len(seen) == len(set(seen)) == 240


# --- dead letters -------------------------------------------------------------------------------------------


def test_a_letter_added_twice_is_kept_once_with_its_status(catalog: Catalog) -> None:
    assert catalog.dead_letters.add([letter("a"), letter("b"), letter("a")]) == 2
    catalog.dead_letters.mark("a", LetterStatus.DISCARDED, "a test")
    assert catalog.dead_letters.add([letter("a")]) == 0
    assert catalog.dead_letters.get("a").status is LetterStatus.DISCARDED
    assert catalog.dead_letters.get("a").status_note == "a test"
    assert catalog.dead_letters.get("b") == letter("b")


def test_letters_are_listed_oldest_first_by_feed_and_status(catalog: Catalog) -> None:
    catalog.dead_letters.add([letter("new", received_ms=30), letter("old", received_ms=20), letter("x", feed="logs")])
    catalog.dead_letters.mark("new", LetterStatus.REPLAYED, "")
    names = lambda **wanted: [found.letter_id for found in catalog.dead_letters.list(**wanted)]  # noqa: E731
    assert names() == ["x", "old", "new"]
    assert names(limit=2) == ["x", "old"]
    assert names(feed="memos") == ["old", "new"]
    catalog.dead_letters.add([letter("part", feed="memos.kb", received_ms=90), letter("no", feed="memosx")])
    assert names(feed="memos") == ["old", "new", "part"]
    assert names(feed="memo_") == []
    assert names(status=LetterStatus.OPEN) == ["x", "no", "old", "part"]
    assert names(feed="memos", status=LetterStatus.REPLAYED) == ["new"]


@pytest.mark.parametrize("message", ["NUL \x00 inside", "lone \ud800 surrogate", "😀" * 3_000, ""])
def test_a_letter_with_a_hostile_message_is_kept(catalog: Catalog, message: str) -> None:
    assert catalog.dead_letters.add([letter("a", message=message)]) == 1
    assert catalog.dead_letters.get("a").letter_id == "a"


def test_an_unknown_letter_is_refused(catalog: Catalog) -> None:
    for act in (
        lambda: catalog.dead_letters.get("nobody"),
        lambda: catalog.dead_letters.mark("nobody", LetterStatus.DISCARDED, ""),
    ):
        with pytest.raises(Permanent) as refusal:
            act()
        assert refusal.value.reason == "unknown_letter"


# --- state --------------------------------------------------------------------------------------------------


def test_values_are_put_together_and_overwrite(catalog: Catalog) -> None:
    catalog.state.put({"a": b"1", "b": bytes(range(256)) * 4_096})
    catalog.state.put({"a": b""})
    assert catalog.state.get("a") == b""
    assert catalog.state.get("b") == bytes(range(256)) * 4_096
    assert catalog.state.get("c") is None
    catalog.state.put({})


def test_values_that_cannot_all_be_put_are_not_put_at_all(catalog: Catalog) -> None:
    with pytest.raises(Permanent):
        catalog.state.put({"a": b"1", "z\ud800": b"2"})
    assert catalog.state.get("a") is None


# --- access log ---------------------------------------------------------------------------------------------


def access(number: int, subject: str = "cus_1") -> Access:
    return Access(account="key", origin="10.0.0.1", subject=subject, task="read", purpose="service", at_ms=number)


def test_the_chain_starts_at_one_and_links_each_record_to_the_one_before(catalog: Catalog) -> None:
    first = catalog.access_log.append(account="k", origin="o", subject="s", task="t", purpose="p", at_ms=1)
    second, third = catalog.access_log.append_all([access(2), access(3)])
    assert [first.sequence, second.sequence, third.sequence] == [1, 2, 3]
    assert first.previous == "0" * 64
    assert (second.previous, third.previous) == (first.digest, second.digest)
    assert catalog.access_log.list() == [third, second, first]
    assert catalog.access_log.list(subject="s") == [first]
    assert catalog.access_log.list(limit=1) == [third]
    assert catalog.access_log.append_all([]) == []
    assert catalog.access_log.verify() is None


def test_an_empty_chain_fits(catalog: Catalog) -> None:
    assert catalog.access_log.verify() is None


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("UPDATE access_log SET purpose = 'else' WHERE sequence = 3", 3),
        ("UPDATE access_log SET at_ms = at_ms + 1 WHERE sequence = 5", 5),
        ("DELETE FROM access_log WHERE sequence = 2", 2),
        ("DELETE FROM access_log WHERE sequence >= 4", 4),
        ("DELETE FROM access_log", 1),
        ("UPDATE access_log SET digest = previous WHERE sequence = 1", 1),
    ],
)
def test_tampering_is_found_at_its_place(catalog: Catalog, tampering: str, found: int) -> None:
    catalog.access_log.append_all([access(number) for number in range(5)])
    with catalog.engine.begin() as connection:
        connection.execute(text(tampering))
    assert catalog.access_log.verify() == found


def test_the_chain_does_not_fork_under_several_processes(url: str, catalog: Catalog) -> None:
    assert appenders(url, *[["access", f"p{n}", 40] for n in range(4)]) == [40] * 4
    records = catalog.access_log.list(limit=1_000)
    assert [record.sequence for record in records] == list(range(160, 0, -1))
    assert catalog.access_log.verify() is None


# --- keys ---------------------------------------------------------------------------------------------------


def test_a_key_is_found_by_its_secret_and_stored_as_a_digest(catalog: Catalog) -> None:
    secret, key = catalog.keys.create("marketer", "Kim's console", 5)
    assert secret.startswith(f"hub_{key.key_id}_")
    assert catalog.keys.find(secret) == key
    with catalog.engine.connect() as connection:
        stored = " ".join(str(value) for value in connection.execute(text("SELECT * FROM api_keys")).one())
    assert secret.split("_", 2)[2] not in stored


def test_no_other_secret_finds_a_key(catalog: Catalog) -> None:
    secret, key = catalog.keys.create("viewer", "", 5)
    for wrong in (
        "",
        "hub",
        secret[:-1],
        secret + "x",
        f"hub_{key.key_id}_",
        f"hub_{key.key_id}",
        key.digest,
        "키",
        "x" * 9_999,
    ):
        assert catalog.keys.find(wrong) is None


def test_a_revoked_key_is_listed_and_no_longer_found(catalog: Catalog) -> None:
    secret, key = catalog.keys.create("admin", "a", 5)
    catalog.keys.revoke(key.key_id, 9)
    catalog.keys.revoke(key.key_id, 99)
    assert catalog.keys.find(secret) is None
    assert [listed.revoked_ms for listed in catalog.keys.list()] == [9]


def test_unknown_roles_and_keys_are_refused(catalog: Catalog) -> None:
    with pytest.raises(Permanent, match="admin, service"):
        catalog.keys.create("root", "", 5)
    with pytest.raises(Permanent) as refusal:
        catalog.keys.revoke("nobody", 5)
    assert refusal.value.reason == "unknown_key"


# --- lineage ------------------------------------------------------------------------------------------------


def run(name: str, ended_ms: int, *outputs: str, status: str = "COMPLETE") -> LineageRun:
    return LineageRun(
        run_id=name,
        job="refine",
        started_ms=1,
        ended_ms=ended_ms,
        inputs=(DatasetVersion(name="bronze.memos", version=3, rows=9),),
        outputs=tuple(DatasetVersion(name=output, version=1) for output in outputs),
        status=status,
    )


def test_runs_are_found_by_what_they_wrote_newest_first(catalog: Catalog) -> None:
    for saved in (run("a", 10, "x", "y"), run("b", 30, "y", "y"), run("c", 20, "x")):
        catalog.lineage.save(saved)
    assert [found.run_id for found in catalog.lineage.runs()] == ["b", "c", "a"]
    assert [found.run_id for found in catalog.lineage.runs("x")] == ["c", "a"]
    assert [found.run_id for found in catalog.lineage.runs("y", limit=1)] == ["b"]
    assert catalog.lineage.runs("bronze.memos") == []


def test_a_run_saved_again_is_one_run_as_last_saved(catalog: Catalog) -> None:
    catalog.lineage.save(run("a", 10, "x", "y", status="RUNNING"))
    catalog.lineage.save(run("a", 20, "x"))
    assert catalog.lineage.runs() == [run("a", 20, "x")]
    assert catalog.lineage.runs("y") == []
