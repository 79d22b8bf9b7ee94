"""How many events a second one core decides: with the catalogue alone, and with 300 scenarios live at once.

Prints one JSON line per figure. The stream is the mix of a bank's day: most events are clicks and card
payments, few move a pattern; 300 scenarios are the catalogue and copies of it over event types of their own.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator

import msgspec

from hub.ids import content_id
from hub.records import BehaviorEvent, Channel, LogRecord, Provenance
from rules.book import BOOK_FILE, CATALOG_DIR, Book, compile_book
from rules.kernel.partition import PartitionKernel
from rules.kernel.snapshot import encode_state
from rules.patterns.state import CustomerState

START_MS = 1_790_000_000_000
_MIX = (
    (30, "screen.viewed", {"screen": "home", "session_id": "s"}),
    (22, "transaction.posted", {"amount": 12_000, "direction": "out", "category": "restaurant", "account_id": "a", "brand": "김밥천국"}),
    (6, "transaction.posted", {"amount": 4_500, "direction": "out", "category": "cafe", "account_id": "a", "brand": "스타벅스"}),
    (12, "product.viewed", {"product_id": "D01", "product_type": "deposit", "page": "rate", "session_id": "s"}),
    (4, "product.viewed", {"product_id": "S01", "product_type": "savings", "page": "detail", "session_id": "s"}),
    (8, "session.started", {"session_id": "s", "platform": "ios"}),
    (8, "session.ended", {"session_id": "s"}),
    (6, "customer.identified", {"session_id": "s"}),
    (1, "quote.requested", {"quote_id": "Q", "line": "car", "premium": 600_000}),
    (1, "product.enquired", {"product_id": "L01", "product_type": "loan", "via": "web"}),
    (1, "life_event.detected", {"life_event": "moving", "source": "memo"}),
    (1, "features.updated", {"view": "customer_profile", "version": "1", "values": {"age": 40, "region": "강남"}}),
)  # fmt: skip


def book_of(size: int) -> Book:
    """Return the catalogue, filled up with copies whose event types are their own."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(CATALOG_DIR.glob("*.yaml"))}
    own = {name: text for name, text in texts.items() if name != BOOK_FILE and "assert:" not in text}
    names = sorted(own)
    copy = 0
    while len(texts) - 1 < size:
        name = names[copy % len(names)]
        series = f"v{copy // len(names) + 1}"
        text = own[name].split("examples:")[0]
        scenario_id = name.removesuffix(".yaml")
        text = text.replace(f"id: {scenario_id}\n", f"id: {scenario_id}-{series}\n", 1)
        for _, kind, _ in _MIX:
            text = text.replace(f"event: {kind}", f"event: {series}_{kind}")
        texts[f"{scenario_id}-{series}.yaml"] = text
        copy += 1
    return compile_book(texts)


def records(events: int, customers: int) -> Iterator[LogRecord]:
    """Yield log records, encoded as the log holds them."""
    dice = random.Random(7)
    weights = [weight for weight, _, _ in _MIX]
    at_ms = START_MS
    for number in range(events):
        at_ms += dice.randrange(0, 2 * 86_400_000 // max(1, events // 30))
        _, kind, properties = dice.choices(_MIX, weights)[0]
        key = f"cus_{dice.randrange(customers):07d}"
        event = BehaviorEvent(
            event_id=content_id(number),
            type=kind,
            channel=Channel.APP,
            event_time_ms=at_ms,
            received_time_ms=at_ms,
            customer_key=key,
            properties=properties,
            provenance=Provenance(dataset="benchmark", offset=number),
        )
        value = msgspec.json.encode(event)
        yield LogRecord(topic="t", partition=0, offset=number, id=event.event_id, key=key, value=value, time_ms=at_ms)


def measure(size: int, log: list[LogRecord], customers: int) -> dict[str, object]:
    """Run a book of a size over the log; return its figure."""
    book = book_of(size)
    states: dict[str, CustomerState] = {}
    kernel = PartitionKernel(book, states)
    slowest_s, decisions = 0.0, 0
    begin, cpu_begin = time.perf_counter(), time.process_time()
    for record in log:
        before = time.perf_counter()
        decisions += len(kernel.feed(record))
        slowest_s = max(slowest_s, time.perf_counter() - before)
    elapsed_s, cpu_s = time.perf_counter() - begin, time.process_time() - cpu_begin
    state_bytes = [len(encode_state(state)) for state in states.values()]
    return {
        "benchmark": "rules_kernel",
        "scenarios": len(book.scenarios),
        "events": len(log),
        "customers": customers,
        "events_per_s": round(len(log) / elapsed_s),
        "events_per_cpu_s": round(len(log) / cpu_s),
        "slowest_event_ms": round(slowest_s * 1_000, 2),
        "decisions": decisions,
        "state_bytes_mean": round(sum(state_bytes) / len(state_bytes)),
        "cores": 1,
    }


def main() -> None:
    """Measure the catalogue and 300 scenarios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--customers", type=int, default=2_000)
    given = parser.parse_args()
    log = list(records(given.events, given.customers))
    for size in (len(list(CATALOG_DIR.glob("*.yaml"))) - 1, 300):
        sys.stdout.write(json.dumps(measure(size, log, given.customers)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
