"""Deciding: run the scenario tier over the log, hand offers over, bring decisions and outcomes back to the lake."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hub.records import Decision, Receipt
from infra.jobs.record import Counts, recorded
from infra.wiring import Hub, current_hub

if TYPE_CHECKING:
    from rules.hosts.embedded import EmbeddedHost

PAGE = 5_000
_DECISIONS_CURSOR = "landed:decisions"
_RECEIPTS_CURSOR = "landed:receipts"


def host(hub: Hub) -> EmbeddedHost:
    """Return the scenario tier over this hub's log."""
    from rules.hosts.embedded import EmbeddedHost

    rules = hub.settings.rules
    catalog = hub.catalog
    return EmbeddedHost(
        hub.event_log,
        hub.book,
        catalog.decisions,
        catalog.state,
        hub.clock,
        batch_size=rules.batch_size,
        poll_s=rules.poll_ms / 1_000,
        tick_s=rules.tick_s,
        dead_letters=catalog.dead_letters,
    )


@recorded("decisions.decide")
def _decide() -> Counts:
    report = host(current_hub()).run_until_caught_up()
    return {"records": report.records, "decisions": report.decisions, **report.by_treatment}


def decide(_hub: Hub | None = None) -> Counts:
    """Decide everything the log holds, then return."""
    return _decide()


def deliver(hub: Hub) -> Counts:
    """Hand over every offer that waits."""
    from rules.deliver import deliver_pending

    report = deliver_pending(hub.catalog.decisions, hub.delivery, hub.clock, dead_letters=hub.catalog.dead_letters)
    return {"handed_over": report.handed_over, "internal": report.internal, "refused": report.refused}


def run_tier(hub: Hub, stop: threading.Event) -> None:
    """Decide and deliver until told to stop."""
    from rules.deliver import deliver_forever

    catalog = hub.catalog
    courier = threading.Thread(
        target=deliver_forever,
        args=(catalog.decisions, hub.delivery, hub.clock, stop),
        kwargs={"dead_letters": catalog.dead_letters},
        name="delivery",
    )
    courier.start()
    try:
        host(hub).run_forever(stop)
    finally:
        stop.set()
        courier.join()


@recorded("decisions.land")
def land() -> Counts:
    """Bring new decisions and receipts to the lake; the cursor moves after the rows are there."""
    from lakehouse.learning_loop import land_decisions, land_receipts

    hub = current_hub()
    decisions = receipts = 0
    for last, page in decision_pages(hub, _cursor(hub, _DECISIONS_CURSOR)):
        decisions += land_decisions(hub.tables, page)
        hub.catalog.state.put({_DECISIONS_CURSOR: str(last).encode()})
    for last, handed in _receipt_pages(hub, _cursor(hub, _RECEIPTS_CURSOR)):
        receipts += land_receipts(hub.tables, handed)
        hub.catalog.state.put({_RECEIPTS_CURSOR: str(last).encode()})
    return {"decisions": decisions, "receipts": receipts}


@recorded("decisions.outcomes")
def land_outcomes() -> Counts:
    """Join what customers did to the decisions it answers."""
    from lakehouse.learning_loop import build_outcomes

    return {"outcomes": build_outcomes(current_hub().tables)}


def decision_pages(hub: Hub, after: int = 0) -> Iterator[tuple[int, list[Decision]]]:
    """Yield decisions in pages with the sequence of the last one."""
    while page := hub.catalog.decisions.list(after=after, limit=PAGE):
        after = page[-1][0]
        yield after, [decision for _, decision in page]


def _receipt_pages(hub: Hub, after: int) -> Iterator[tuple[int, list[Receipt]]]:
    while page := hub.catalog.decisions.receipts(after=after, limit=PAGE):
        after = page[-1][0]
        yield after, [receipt for _, receipt in page]


def _cursor(hub: Hub, name: str) -> int:
    return int(hub.catalog.state.get(name) or b"0")
