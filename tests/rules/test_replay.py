"""The log is the clock: the same log gives the same decisions, whatever happened to the process in between."""

from __future__ import annotations

import msgspec
import pytest

from hub.clock import DAY_MS, HOUR_MS
from hub.ports import TICK_ID
from hub.records import BehaviorEvent, Decision, LogRecord
from rules.book import Book, load_book
from rules.kernel.deciding import Purse
from rules.kernel.matching import tidy
from rules.kernel.partition import PartitionKernel
from rules.kernel.snapshot import decode_state, encode_state
from rules.patterns.state import CustomerState
from tests.rules.busy import busy_stream
from tests.rules.streams import START_MS, book_of, decide, event, scenario

BOOK = load_book(global_control_percent=5)


def as_log(stream: list[BehaviorEvent], *, ticks: bool = True) -> list[LogRecord]:
    records, head = [], 0
    entries = [(e.event_id, msgspec.json.encode(e), e.received_time_ms) for e in stream]
    if ticks:
        entries.append((TICK_ID, b"", entries[-1][2] + 400 * DAY_MS))
    for offset, (entry_id, value, time_ms) in enumerate(entries):
        head = max(head, time_ms)
        records.append(LogRecord(topic="t", partition=0, offset=offset, id=entry_id, key="", value=value, time_ms=head))
    return records


def run(book: Book, records: list[LogRecord]) -> list[Decision]:
    kernel = PartitionKernel(book, {})
    return [d for record in records for d in kernel.feed(record)]


def through_bytes(kernel: PartitionKernel) -> PartitionKernel:
    """Return the kernel as it is after its whole state went through bytes."""
    states = {}
    for key, state in kernel.customers.items():
        data = encode_state(state)
        states[key] = decode_state(data)
        assert encode_state(states[key]) == data
    purse = Purse(spent=kernel.purse.spent)
    return PartitionKernel(kernel.book, states, purse=purse, timers=[(due, key) for key, due in kernel.due.items()])


def test_the_stream_moves_most_of_the_catalogue() -> None:
    made = run(BOOK, as_log(busy_stream(1)))
    assert len({d.scenario_id for d in made}) > 12
    assert len({d.reason.split(":")[0] for d in made}) > 4


@pytest.mark.parametrize("seed", range(3))
def test_the_same_log_gives_byte_identical_decisions(seed: int) -> None:
    log = as_log(busy_stream(seed))
    assert msgspec.json.encode(run(BOOK, log)) == msgspec.json.encode(run(load_book(global_control_percent=5), log))


@pytest.mark.parametrize("seed", range(2))
def test_a_snapshot_at_every_position_changes_no_decision(seed: int) -> None:
    log = as_log(busy_stream(seed, 400))
    expected = run(BOOK, log)
    kernel, made = PartitionKernel(BOOK, {}), []
    for record in log:
        made += through_bytes(kernel).feed(record)
        kernel = through_bytes(kernel)
        kernel.feed(record)
    assert made == expected


def test_running_from_snapshots_alone_gives_the_same() -> None:
    log = as_log(busy_stream(5, 600))
    kernel, made = PartitionKernel(BOOK, {}), []
    for record in log:
        kernel = through_bytes(kernel)
        made += kernel.feed(record)
    assert msgspec.json.encode(made) == msgspec.json.encode(run(BOOK, log))


def test_ticks_between_records_change_no_match_but_only_the_place_of_timers() -> None:
    stream = busy_stream(7, 500)
    plain = as_log(stream)
    ticked: list[LogRecord] = []
    for record in plain:
        if ticked and record.time_ms - ticked[-1].time_ms > HOUR_MS // 2:
            between = (record.time_ms + ticked[-1].time_ms) // 2
            ticked.append(msgspec.structs.replace(record, id=TICK_ID, value=b"", time_ms=between))
        ticked.append(record)

    def without_place(made: list[Decision]) -> list[Decision]:
        return [msgspec.structs.replace(d, log_offset=0) for d in made]

    assert len(ticked) > len(plain)
    assert without_place(run(BOOK, ticked)) == without_place(run(BOOK, plain))


def test_a_repeated_event_counts_once() -> None:
    stream = busy_stream(8, 400)
    repeated = [again for e in stream for again in (e, e)]
    assert [d.decision_id for d in run(BOOK, as_log(repeated))] == [d.decision_id for d in run(BOOK, as_log(stream))]


def test_an_event_later_than_allowed_is_counted_and_not_matched() -> None:
    book = book_of(scenario("event: screen.viewed"), scenario("event: screen.viewed", name="patient", lateness="2h"))
    stream = [
        event(0, "screen.viewed", late_ms=HOUR_MS),
        event(1, "screen.viewed", late_ms=HOUR_MS + 1),
        event(2, "screen.viewed", late_ms=2 * HOUR_MS + 1),
    ]
    kernel = PartitionKernel(book, {})
    made = [d for record in as_log(stream, ticks=False) for d in kernel.feed(record)]
    assert [(d.scenario_id, d.decided_ms - START_MS) for d in made] == [("one", 0), ("patient", 0), ("patient", 1)]
    assert kernel.counts.late == 1


def test_an_event_from_the_future_is_counted_and_not_matched() -> None:
    kernel = PartitionKernel(book_of(scenario("event: screen.viewed")), {})
    assert not [
        d for r in as_log([event(0, "screen.viewed", late_ms=-2 * DAY_MS)], ticks=False) for d in kernel.feed(r)
    ]
    assert kernel.counts.future == 1


def test_a_repeat_is_known_for_as_long_as_it_could_still_be_matched() -> None:
    book = book_of(scenario("event: screen.viewed"))
    first = event(0, "screen.viewed", event_id="x")
    again = msgspec.structs.replace(first, received_time_ms=START_MS + HOUR_MS)
    noise = [event(n, "screen.viewed", event_id=f"n{n}", customer="cus_other") for n in range(1, 50)]
    assert [d.trigger_event_id for d in run(book, as_log([first, *noise, again]))].count("x") == 1


def test_anonymous_and_unreadable_records_are_counted() -> None:
    refused = []
    kernel = PartitionKernel(
        book_of(scenario("event: screen.viewed")), {}, refuse=lambda r, m: refused.append(r.offset)
    )
    records = as_log([event(0, "screen.viewed", customer=None)], ticks=False)
    records.append(msgspec.structs.replace(records[0], offset=1, value=b"{not json"))
    records.append(msgspec.structs.replace(records[0], offset=2, value=b"\xff"))
    assert [kernel.feed(record) for record in records] == [[], [], []]
    assert (kernel.counts.anonymous, kernel.counts.refused, refused) == (1, 2, [1, 2])


def test_state_stays_small_however_long_the_stream() -> None:
    sizes = []
    for length in (8_000, 16_000):
        states: dict[str, CustomerState] = {}
        kernel = PartitionKernel(BOOK, states)
        for record in as_log(busy_stream(3, length, ["cus_1"]), ticks=False):
            kernel.feed(record)
        state = states["cus_1"]
        tidy(BOOK, state, state.clock_ms)
        assert state.overflowed == 0
        sizes.append(len(encode_state(state)))
    assert sizes[1] < 1.2 * sizes[0]


def test_what_expires_is_forgotten() -> None:
    book = book_of(scenario("count: {of: {event: screen.viewed}, at_least: 3, within: 1h}"))
    states: dict[str, CustomerState] = {}
    kernel = PartitionKernel(book, states)
    for record in as_log([event(0, "screen.viewed"), event(8 * DAY_MS, "screen.viewed")], ticks=False):
        kernel.feed(record)
    assert len(states["cus_kim"].events) == 1
    assert len(states["cus_kim"].seen) == 1


def test_timers_of_all_customers_fire_in_order_of_time() -> None:
    book = book_of(scenario("absence: {after: {event: quote.requested}, of: {event: quote.followed_up}, within: 1h}"))
    stream = [event(n * 1_000, "quote.requested", customer=f"c{9 - n}", event_id=str(n)) for n in range(5)]
    made = decide(book, stream, DAY_MS)
    assert [d.trigger_event_id for d in made] == ["0", "1", "2", "3", "4"]
    assert [d.decided_ms - START_MS for d in made] == [n * 1_000 + HOUR_MS for n in range(5)]
