"""From bronze to gold over a small bank: what comes out, and that a second run changes nothing."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from hub.ids import Pseudonymizer
from hub.records import FeatureRow
from ingest.object_store.directory import DirectoryObjectStore
from lakehouse.behavior import unify
from lakehouse.delta_tables import DeltaTables
from lakehouse.features import build_features, features_of, materialize
from lakehouse.publishing import events_to_publish
from lakehouse.refine import refine_calls, refine_logs, refine_master, refine_memos
from tests.lakehouse import oracle
from tests.lakehouse.parts import (
    DigitRedactor,
    KeptLetters,
    PrefixParser,
    ScriptTranscriber,
    WordReader,
    log_row,
)
from tests.lakehouse.small_bank import FIRST_DAY, SmallBank, day_ms, make_bank

pytestmark = pytest.mark.spark
DAYS = 34


class Batch(NamedTuple):
    """A bank that went through the whole batch."""

    bank: SmallBank
    tables: DeltaTables
    objects: DirectoryObjectStore
    parser: PrefixParser
    pseudonyms: Pseudonymizer

    def run(self) -> dict[str, int]:
        """Run every step once; returns rows changed by step and table."""
        self.bank.land(self.tables, self.objects)
        steps: dict[str, dict[str, int]] = {
            "master": refine_master(self.tables, self.pseudonyms),
            "memos": refine_memos(self.tables, self.parser, self.pseudonyms),
            "logs": refine_logs(self.tables, self.pseudonyms),
            "calls": refine_calls(
                self.tables,
                self.objects,
                ScriptTranscriber(),
                WordReader(),
                DigitRedactor(),
                self.pseudonyms,
                KeptLetters(),
                self.tables.clock,
            ),
            "unify": unify(self.tables),
            "features": build_features(self.tables),
        }
        return {f"{step} {name}": rows for step, counts in steps.items() for name, rows in counts.items()}


@pytest.fixture(scope="module")
def batch(
    make_tables: Callable[[Path], DeltaTables], tmp_path_factory: pytest.TempPathFactory, pseudonyms: Pseudonymizer
) -> Batch:
    """The bank after one run."""
    home = tmp_path_factory.mktemp("bank")
    bank = make_bank(12, DAYS)
    made = Batch(bank, make_tables(home), DirectoryObjectStore(home / "vault"), PrefixParser(), pseudonyms)
    made.run()
    return made


def test_every_event_of_every_channel_is_in_the_behaviour_table_once_and_resolved(batch: Batch) -> None:
    events = list(batch.tables.read("gold.customer_behavior"))
    by_channel = {channel: sum(1 for e in events if e["channel"] == channel) for channel in ("web", "call")}
    assert len({e["event_id"] for e in events}) == len(events)
    assert by_channel["web"] == len(batch.bank.rows["bronze.log_lines"])
    assert sum(1 for e in events if e["type"] == "transaction.posted") == len(batch.bank.rows["bronze.memos"])
    assert sum(1 for e in events if e["type"] == "call.ended") == len(batch.bank.rows["bronze.calls"])
    assert all(e["customer_key"] for e in events if e["channel"] != "web")
    logged_in = {row["anonymous_id"] for row in batch.bank.rows["bronze.log_lines"] if row["customer_no"]}
    expected = sum(1 for row in batch.bank.rows["bronze.log_lines"] if row["anonymous_id"] in logged_in)
    assert sum(1 for e in events if e["channel"] == "web" and e["customer_key"]) == expected > 0


def test_clicks_before_the_login_belong_to_who_logged_in_later(batch: Batch) -> None:
    number = next(int(row["customer_no"][1:]) for row in batch.bank.rows["bronze.log_lines"] if row["customer_no"])
    browser = batch.pseudonyms.anonymous(f"browser-{number}")
    customer = batch.pseudonyms.customer(f"C{number:06d}")
    owners = {e["customer_key"] for e in batch.tables.read("gold.customer_behavior") if browser in (e["ids"] or ())}
    assert owners == {customer}


def test_a_second_run_changes_nothing_not_even_a_version_and_reads_no_memo_again(batch: Batch) -> None:
    before = batch.tables.list_tables()
    texts = len(batch.parser.read)
    assert set(batch.run().values()) == {0}
    assert batch.tables.list_tables() == before
    assert len(batch.parser.read) == texts


def test_each_distinct_memo_is_read_once(batch: Batch) -> None:
    assert len(batch.parser.read) == len(set(batch.parser.read)) <= 6 < len(batch.bank.rows["bronze.memos"])


def test_nothing_above_bronze_holds_a_raw_identifier(batch: Batch) -> None:
    raw = _raw_words(batch.bank)
    leaks = []
    for info in batch.tables.list_tables():
        if info.zone == "bronze":
            continue
        for row in batch.tables.read(info.name):
            text = msgspec.json.encode(row).decode()
            leaks += [(info.name, word) for word in raw if word in text]
    assert leaks == []


def test_the_search_for_raw_identifiers_can_find_one(batch: Batch) -> None:
    rows = batch.tables.read("bronze.memos")
    assert any(word in msgspec.json.encode(row).decode() for row in rows for word in _raw_words(batch.bank))


def test_features_equal_the_naive_answer_on_every_day(batch: Batch) -> None:
    assert _wrong_values(batch, oracle.activity, oracle.profile) == []


def test_a_mutant_that_sees_the_next_day_is_caught(batch: Batch) -> None:
    def leaking(events: list[dict[str, Any]], day: date) -> dict[str, Any]:
        return oracle.activity(events, day + timedelta(days=1))

    assert _wrong_values(batch, leaking, oracle.profile) != []


def test_only_days_with_another_value_have_a_row(batch: Batch) -> None:
    rows = list(batch.tables.read("gold.feature_history", where="view = 'customer_activity'"))
    rows.sort(key=lambda row: (row["customer_key"], row["event_time_ms"]))
    repeated = [
        (one["event_time_ms"], two["event_time_ms"])
        for one, two in itertools.pairwise(rows)
        if one["customer_key"] == two["customer_key"] and one["values"] == two["values"]
    ]
    assert repeated == []


def test_a_late_event_is_computed_from_its_day_on(batch: Batch) -> None:
    number = 3
    browser = f"browser-{number}"
    before = len(_wrong_values(batch, oracle.activity, oracle.profile))
    late = log_row(900_001, "product.viewed", day_ms(FIRST_DAY + timedelta(days=5), 60), anonymous_id=browser)
    login = log_row(
        900_002,
        "customer.identified",
        day_ms(FIRST_DAY + timedelta(days=5), 61),
        anonymous_id=browser,
        customer_no=f"C{number:06d}",
    )
    late["properties"] = {"product_type": "loan", "product_id": "P2"}
    batch.tables.merge("bronze.log_lines", [late, login])
    refine_logs(batch.tables, batch.pseudonyms)
    unify(batch.tables)
    changed = build_features(batch.tables)
    assert before == 0
    assert changed["customer_profile"] == 0
    assert changed["customer_activity"] > 0
    assert _wrong_values(batch, oracle.activity, oracle.profile) == []
    assert set(build_features(batch.tables).values()) == {0}


def test_the_online_store_gets_the_newest_row_of_each_view_and_every_link(batch: Batch) -> None:
    online = KeptOnline()
    counts = materialize(batch.tables, online)
    history = list(batch.tables.read("gold.feature_history"))
    newest = {}
    for row in sorted(history, key=lambda row: row["event_time_ms"]):
        newest[row["view"], row["customer_key"]] = row["event_time_ms"]
    assert {(r.view, r.customer_key): r.event_time_ms for r in online.rows} == newest
    assert counts == {"rows": len(newest), "links": len(online.links)}
    phone = batch.pseudonyms.phone("010-0003-5678")
    assert online.links[phone] == batch.pseudonyms.customer("C000003")


def test_a_customers_values_are_those_in_force_at_a_time(batch: Batch) -> None:
    customer = batch.pseudonyms.customer("C000001")
    moment = oracle.as_of_ms(FIRST_DAY + timedelta(days=10)) + 5
    rows = features_of(batch.tables, customer, moment)
    assert [row.view for row in rows] == ["customer_activity", "customer_profile"]
    assert all(row.event_time_ms <= moment for row in rows)
    assert rows[1].values["age"] is not None


def test_the_stream_to_publish_is_in_the_order_of_time_with_features_stamped_at_their_day_end(batch: Batch) -> None:
    events = list(events_to_publish(batch.tables))
    times = [event.event_time_ms for event in events]
    updates = [event for event in events if event.type == "features.updated"]
    assert times == sorted(times)
    assert all(event.customer_key for event in events)
    assert {event.properties["view"] for event in updates} == {"customer_activity", "customer_profile"}
    assert all((event.event_time_ms + oracle.OFFSET_MS) % oracle.DAY_MS == 0 for event in updates)
    middle = times[len(times) // 2]
    later = list(events_to_publish(batch.tables, after_ms=middle))
    assert later == [event for event in events if event.event_time_ms > middle]
    assert len({event.event_id for event in events}) == len(events)


def test_every_step_left_its_lineage(batch: Batch) -> None:
    jobs = {run.job for run in batch.tables.lineage.runs(limit=10_000)}
    assert jobs >= {
        "refine.logs",
        "refine.memos",
        "refine.master",
        "refine.calls",
        "unify",
        "features.customer_profile",
    }
    run = next(run for run in batch.tables.lineage.runs("gold.customer_behavior") if run.status == "COMPLETE")
    assert {item.name for item in run.inputs} == {"silver.events", "silver.identity_edges"}
    assert all(item.version is not None for item in (*run.inputs, *run.outputs))


class KeptOnline:
    """What an online store was given."""

    def __init__(self) -> None:
        self.rows: list[FeatureRow] = []
        self.links: dict[str, str] = {}

    def write(self, rows: Iterator[FeatureRow]) -> int:
        self.rows = list(rows)
        return len(self.rows)

    def read(self, view: str, customer_keys: list[str]) -> list[FeatureRow | None]:
        return []

    def link(self, links: dict[str, str]) -> None:
        self.links |= links

    def resolve(self, ids: list[str]) -> list[str | None]:
        return [self.links.get(name) for name in ids]


def _raw_words(bank: SmallBank) -> set[str]:
    customers = [r["values"] for r in bank.rows["bronze.master_rows"] if r["table"] == "customers"]
    words = {values[name] for values in customers for name in ("customer_no", "phone", "email", "address", "name")}
    words |= {values["phone"].replace("-", "") for values in customers}
    words |= {row["account_no"] for row in bank.rows["bronze.memos"]}
    return words | {row["anonymous_id"] for row in bank.rows["bronze.log_lines"]} | {"김철수", "01012345678"}


Activity = Callable[[list[dict[str, Any]], date], dict[str, Any]]
Profile = Callable[[dict[str, Any], list[dict[str, Any]], date], dict[str, Any]]


def _wrong_values(batch: Batch, activity: Activity, profile: Profile) -> list[tuple[str, str, date]]:
    """Return view, customer and day wherever the values in force differ from the naive ones."""
    events = [oracle.with_properties(e) for e in batch.tables.read("gold.customer_behavior") if e["customer_key"]]
    holdings = list(batch.tables.read("silver.holdings"))
    asked = oracle.days(FIRST_DAY, max(e["event_date"] for e in events))
    wrong = []
    for customer in batch.tables.read("silver.customers"):
        key = customer["customer_key"]
        mine = [e for e in events if e["customer_key"] == key]
        held = [h for h in holdings if h["customer_key"] == key]
        for day in (day for day in asked if day >= customer["joined_on"]):
            answers = {"customer_activity": activity(mine, day), "customer_profile": profile(customer, held, day)}
            for view, answer in answers.items():
                if _in_force(batch, view, key, oracle.as_of_ms(day)) != answer:
                    wrong.append((view, key, day))
    _HISTORY.clear()
    return wrong


_HISTORY: dict[tuple[str, str], list[tuple[int, dict[str, Any]]]] = {}


def _in_force(batch: Batch, view: str, key: str, at_ms: int) -> dict[str, Any] | None:
    if not _HISTORY:
        for row in batch.tables.read("gold.feature_history"):
            kept = _HISTORY.setdefault((row["view"], row["customer_key"]), [])
            kept.append((row["event_time_ms"], msgspec.json.decode(row["values"])))
    rows = [item for item in _HISTORY.get((view, key), []) if item[0] <= at_ms]
    return max(rows, key=lambda item: item[0])[1] if rows else None
