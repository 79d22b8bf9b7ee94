"""Offers as lines on a stream, for people who watch."""

from __future__ import annotations

import sys
from typing import TextIO

import msgspec

from hub.records import Decision, Receipt
from rules.delivery.offer import offer_of


class ConsoleDelivery:
    """``hub.ports.Delivery`` that prints; standard error unless told otherwise."""

    name = "console"

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def hand_over(self, decision: Decision, now_ms: int) -> Receipt:
        """Print the offer."""
        stream = self._stream or sys.stderr
        stream.write(msgspec.json.encode(offer_of(decision)).decode() + "\n")
        stream.flush()
        return Receipt(decision_id=decision.decision_id, channel=self.name, handed_over_ms=now_ms)
