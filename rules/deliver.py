"""Hands treated decisions over and keeps the receipts.

At least once: a crash between the hand-over and the receipt hands over again, under the same decision id.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import msgspec

from hub.clock import Clock
from hub.errors import Permanent, Transient
from hub.ids import content_id
from hub.ports import DeadLetterStore, DecisionStore, Delivery
from hub.records import DeadLetter, Decision, Provenance, Receipt

INTERNAL = "internal"
BATCH = 200


class DeliveryReport(msgspec.Struct):
    """What became of the decisions that awaited delivery. ``away`` is the reason a channel gave up for now."""

    handed_over: int = 0
    internal: int = 0
    refused: int = 0
    away: str | None = None


def deliver_pending(
    decisions: DecisionStore,
    delivery: Delivery,
    clock: Clock,
    *,
    dead_letters: DeadLetterStore | None = None,
    limit: int | None = None,
) -> DeliveryReport:
    """Hand over what awaits delivery, oldest first, until nothing is left or the channel is away.

    A decision whose action is ``internal`` (a fact) needs no channel. An offer the channel refuses for
    good becomes a dead letter and a receipt of channel ``<name>:refused``, so that it is not tried again.
    """
    report = DeliveryReport()
    done = 0
    while report.away is None and (limit is None or done < limit):
        batch = decisions.undelivered(BATCH if limit is None else min(BATCH, limit - done))
        if not batch:
            break
        receipts: list[Receipt] = []
        try:
            for decision in batch:
                receipts.append(_deliver(decision, delivery, clock.now_ms(), dead_letters, report))
        except Transient as error:
            report.away = error.reason
        finally:
            if receipts:
                decisions.save_receipts(receipts)
        done += len(receipts)
    return report


def _deliver(
    decision: Decision,
    delivery: Delivery,
    now_ms: int,
    dead_letters: DeadLetterStore | None,
    report: DeliveryReport,
) -> Receipt:
    if decision.action.get("channel") == INTERNAL:
        report.internal += 1
        return Receipt(decision_id=decision.decision_id, channel=INTERNAL, handed_over_ms=now_ms)
    try:
        receipt = delivery.hand_over(decision, now_ms)
    except Permanent as error:
        report.refused += 1
        if dead_letters is not None:
            dead_letters.add([_letter(decision, error, now_ms)])
        return Receipt(
            decision_id=decision.decision_id,
            channel=f"{delivery.name}:refused",
            handed_over_ms=now_ms,
            reference=error.reason,
        )
    report.handed_over += 1
    return receipt


def _letter(decision: Decision, error: Permanent, now_ms: int) -> DeadLetter:
    return DeadLetter(
        letter_id=content_id("letter", "delivery", decision.decision_id),
        feed="delivery",
        stage="hand_over",
        reason=error.reason,
        message=str(error),
        payload_key=f"decision/{decision.decision_id}",
        provenance=Provenance(dataset="decisions", object=decision.decision_id),
        received_ms=now_ms,
    )


def deliver_forever(
    decisions: DecisionStore,
    delivery: Delivery,
    clock: Clock,
    stop: threading.Event,
    *,
    poll_s: float = 0.05,
    longest_wait_s: float = 30.0,
    dead_letters: DeadLetterStore | None = None,
    on_report: Callable[[DeliveryReport], None] | None = None,
) -> None:
    """Deliver until told to stop; while the channel is away, wait longer each time."""
    wait_s = poll_s
    while not stop.is_set():
        try:
            report = deliver_pending(decisions, delivery, clock, dead_letters=dead_letters)
        except Transient as error:
            report = DeliveryReport(away=error.reason)
        if on_report and (report.handed_over or report.internal or report.refused or report.away):
            on_report(report)
        wait_s = min(wait_s * 2, longest_wait_s) if report.away else poll_s
        stop.wait(wait_s)
