"""A web or app session: what was opened, in which order, and when the visitor said who they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from demo.products import Product

START, MIDDLE, NEVER = "start", "middle", "never"
_READING_MS = (6_000, 45_000)


@dataclass(slots=True)
class Click:
    """One event of a session."""

    at_ms: int
    type: str
    properties: dict[str, Any]


@dataclass(slots=True)
class Session:
    """A session under way; every step advances its clock.

    ``login`` says when the visitor logs in, unless the device still knows them:
    at the start, in the middle, or never.
    """

    at_ms: int
    platform: str
    session_id: str
    login: str
    random: Random
    clicks: list[Click] = field(default_factory=list)

    @property
    def started_ms(self) -> int:
        """When it began."""
        return self.clicks[0].at_ms

    def track(self, event_type: str, **properties: object) -> None:
        """Record an event now, then let some seconds pass."""
        self.clicks.append(Click(self.at_ms, event_type, {"session_id": self.session_id, **properties}))
        self.at_ms += self.random.randrange(*_READING_MS)

    def view(self, product: Product, page: str = "detail") -> None:
        """Open a page about a product."""
        self.track("product.viewed", product_id=product.product_id, product_type=product.product_type, page=page)

    def screen(self, name: str) -> None:
        """Open a screen that is about no product."""
        self.track("screen.viewed", screen=name)

    def apply(self, product: Product) -> None:
        """Open the form to subscribe."""
        self.track("application.started", product_id=product.product_id, product_type=product.product_type)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.at_ms += int(seconds * 1_000)

    def end(self) -> None:
        """Log out or close."""
        self.track("session.ended")
