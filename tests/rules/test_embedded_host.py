"""The host over real stores: SQLite's event log and catalogue."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import pytest

from catalog.engine import Catalog, open_catalog
from hub.clock import DAY_MS, HOUR_MS, SettableClock
from hub.errors import Transient
from hub.records import Decision, LogEntry
from ingest.event_log.sqlite import SqliteEventLog
from rules.backtest import replay
from rules.book import Book, load_book
from rules.hosts.embedded import EmbeddedHost
from rules.hosts.history import BookHistory
from tests.rules.busy import busy_stream
from tests.rules.streams import START_MS, book_of, entry, event, scenario

TOPIC = "events"
BOOK = load_book()
WAIT = scenario("absence: {after: {event: quote.requested}, of: {event: quote.followed_up}, within: 1h}")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteEventLog]:
    opened = SqliteEventLog(tmp_path / "events.db", 2)
    yield opened
    opened.close()


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = open_catalog(f"sqlite:///{tmp_path}/catalog.db")
    yield opened
    opened.close()


def host(log: SqliteEventLog, catalog: Catalog, book: Book = BOOK, **options: object) -> EmbeddedHost:
    clock = SettableClock(START_MS)
    return EmbeddedHost(log, book, catalog.decisions, catalog.state, clock, **options)  # type: ignore[arg-type]


def publish(log: SqliteEventLog, seed: int = 1, length: int = 800) -> None:
    stream = busy_stream(seed, length)
    log.append(TOPIC, [msgspec.structs.replace(entry(e), time_ms=e.received_time_ms) for e in stream])
    for partition in range(2):
        log.tick(TOPIC, partition, stream[-1].received_time_ms + 10 * DAY_MS)


def saved(catalog: Catalog) -> list[Decision]:
    return [decision for _, decision in catalog.decisions.list(limit=100_000)]


def by_id(decisions: Sequence[Decision]) -> list[bytes]:
    return [msgspec.json.encode(d) for d in sorted(decisions, key=lambda d: d.decision_id)]


def test_a_replay_of_the_log_gives_what_was_saved_byte_for_byte(log: SqliteEventLog, catalog: Catalog) -> None:
    publish(log)
    report = host(log, catalog).run_until_caught_up()
    assert report.decisions == len(saved(catalog)) > 100
    again = list(replay(log, TOPIC, BookHistory(catalog.state, TOPIC).at))
    assert by_id(again) == by_id(saved(catalog))


def test_running_twice_adds_nothing(log: SqliteEventLog, catalog: Catalog) -> None:
    publish(log)
    host(log, catalog).run_until_caught_up()
    before = by_id(saved(catalog))
    assert host(log, catalog).run_until_caught_up().records == 0
    assert by_id(saved(catalog)) == before


@pytest.mark.parametrize("batch_size", [3, 10_000])
def test_the_size_of_a_batch_and_restarts_change_nothing(
    log: SqliteEventLog, catalog: Catalog, tmp_path: Path, batch_size: int
) -> None:
    publish(log, length=200)
    whole = open_catalog(f"sqlite:///{tmp_path}/whole.db")
    host(log, whole).run_until_caught_up()
    while host(log, catalog, batch_size=batch_size, most_kept=1)._run_batch(0, _Nothing()):  # type: ignore[arg-type]
        pass
    host(log, catalog, batch_size=batch_size, most_kept=1).run_until_caught_up()
    assert by_id(saved(catalog)) == by_id(saved(whole))
    whole.close()


class _Nothing:
    def add(self, records: object, decisions: object) -> None:
        pass


class FailingState:
    """A state store that is away every so often."""

    def __init__(self, inner: object, fail_every: int) -> None:
        self._inner, self._fail_every, self._puts = inner, fail_every, 0

    def get(self, name: str) -> bytes | None:
        return self._inner.get(name)  # type: ignore[attr-defined]

    def put(self, values: Mapping[str, bytes]) -> None:
        self._puts += 1
        if self._puts % self._fail_every == 0:
            raise Transient("The store is away.")
        self._inner.put(values)  # type: ignore[attr-defined]


def test_a_store_that_is_away_now_and_then_changes_no_decision(
    log: SqliteEventLog, catalog: Catalog, tmp_path: Path
) -> None:
    publish(log)
    whole = open_catalog(f"sqlite:///{tmp_path}/whole.db")
    host(log, whole).run_until_caught_up()
    stop = threading.Event()
    away: list[Transient] = []
    shaky = EmbeddedHost(
        log, BOOK, catalog.decisions, FailingState(catalog.state, 3), SettableClock(START_MS), batch_size=60, poll_s=0.001
    )  # fmt: skip
    runner = threading.Thread(target=shaky.run_forever, args=(stop, away.append))
    runner.start()
    deadline = time.monotonic() + 60
    while len(saved(catalog)) < len(saved(whole)) and time.monotonic() < deadline:
        time.sleep(0.02)
    stop.set()
    runner.join()
    assert away
    assert by_id(saved(catalog)) == by_id(saved(whole))
    whole.close()


def test_an_idle_partition_whose_timers_are_due_gets_a_tick(log: SqliteEventLog, catalog: Catalog) -> None:
    log.append(TOPIC, [entry(event(0, "quote.requested"))])
    clock = SettableClock(START_MS)
    live = EmbeddedHost(log, book_of(WAIT), catalog.decisions, catalog.state, clock, poll_s=0.001, tick_s=0.001)
    stop = threading.Event()
    runner = threading.Thread(target=live.run_forever, args=(stop,))
    runner.start()
    time.sleep(0.1)
    assert sum(log.end_offsets(TOPIC)) == 1
    clock.set(START_MS + HOUR_MS + 1)
    deadline = time.monotonic() + 20
    while not saved(catalog) and time.monotonic() < deadline:
        time.sleep(0.01)
    stop.set()
    runner.join()
    assert [d.decided_ms for d in saved(catalog)] == [START_MS + HOUR_MS]
    assert sum(log.end_offsets(TOPIC)) == 2


def test_timers_survive_a_restart(log: SqliteEventLog, catalog: Catalog) -> None:
    log.append(TOPIC, [entry(event(n, "quote.requested", customer=f"c{n}")) for n in range(20)])
    host(log, catalog, book_of(WAIT)).run_until_caught_up()
    for partition in range(2):
        log.tick(TOPIC, partition, START_MS + DAY_MS)
    assert host(log, catalog, book_of(WAIT)).run_until_caught_up().decisions == 20


def test_a_changed_book_takes_effect_at_a_place_in_the_log_and_a_replay_knows_it(
    log: SqliteEventLog, catalog: Catalog
) -> None:
    old = book_of(scenario("count: {of: {event: screen.viewed}, at_least: 2, within: 1h}"))
    new = book_of(
        scenario("count: {of: {event: screen.viewed}, at_least: 2, within: 1h}"),
        scenario("event: screen.viewed", name="two"),
    )
    live = host(log, catalog, old)
    log.append(TOPIC, [entry(event(0, "screen.viewed"))])
    live.run_until_caught_up()
    live.adopt(new)
    log.append(TOPIC, [entry(event(1, "screen.viewed"))])
    live.run_until_caught_up()
    assert sorted((d.scenario_id, d.decided_ms - START_MS) for d in saved(catalog)) == [("one", 1), ("two", 1)]
    again = list(replay(log, TOPIC, BookHistory(catalog.state, TOPIC).at))
    assert by_id(again) == by_id(saved(catalog))


def test_a_scenario_whose_pattern_was_edited_starts_anew(log: SqliteEventLog, catalog: Catalog) -> None:
    log.append(TOPIC, [entry(event(0, "screen.viewed"))])
    host(
        log, catalog, book_of(scenario("count: {of: {event: screen.viewed}, at_least: 2, within: 1h}"))
    ).run_until_caught_up()
    log.append(TOPIC, [entry(event(1, "screen.viewed"))])
    edited = book_of(scenario("sequence: {steps: [{event: screen.viewed}, {event: screen.viewed}], within: 1h}"))
    assert host(log, catalog, edited).run_until_caught_up().decisions == 0


def test_a_record_that_is_no_event_becomes_a_dead_letter_and_stops_nothing(
    log: SqliteEventLog, catalog: Catalog
) -> None:
    bad = LogEntry(id="bad", key="cus_kim", value=b'{"type": 3}', time_ms=START_MS)
    log.append(TOPIC, [bad, entry(event(1, "screen.viewed"))])
    live = host(log, catalog, book_of(scenario("event: screen.viewed")), dead_letters=catalog.dead_letters)
    assert live.run_until_caught_up().decisions == 1
    (letter,) = catalog.dead_letters.list(feed="events")
    assert (letter.stage, letter.reason) == ("rules", "not_a_behavior_event")


def test_what_a_save_costs_depends_on_what_was_touched_and_not_on_what_is_known(
    log: SqliteEventLog, catalog: Catalog
) -> None:
    sizes: list[int] = []

    class Measured(FailingState):
        def put(self, values: Mapping[str, bytes]) -> None:
            sizes.append(sum(len(value) for value in values.values()))
            super().put(values)

    state = Measured(catalog.state, 1_000_000)
    live = EmbeddedHost(log, book_of(WAIT), catalog.decisions, state, SettableClock(START_MS))
    one = [entry(event(0, "quote.requested", customer="first"))]
    log.append(TOPIC, one)
    live.run_until_caught_up()
    log.append(TOPIC, [entry(event(1, "quote.requested", customer=f"c{n}")) for n in range(3_000)])
    live.run_until_caught_up()
    log.append(TOPIC, [entry(event(2, "quote.requested", customer="first"))])
    live.run_until_caught_up()
    assert sizes[-1] < 5 * sizes[0] < sizes[1]
