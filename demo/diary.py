"""Everything one customer does in the period, before it is written down in the shape of each source.

Stories and routines write here in any order; the records are sorted when the diary is closed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from demo.customer import Customer
from demo.memo import MemoText, Posting
from demo.period import Period
from demo.products import Product
from demo.session import START, Session

APP, WEB = "app", "web"
_PLATFORMS = {APP: ("ios", "android"), WEB: ("web",)}


@dataclass(slots=True)
class BusinessEvent:
    """One line of a business system's log."""

    at_ms: int
    type: str
    channel: str
    properties: dict[str, Any]


@dataclass(slots=True)
class CallRequest:
    """A call somebody wants to make: when, about what, and how much a story depends on it (0 first)."""

    at_ms: int
    script: str
    priority: int
    customer: Customer


@dataclass(slots=True)
class Diary:
    """One customer's period."""

    customer: Customer
    period: Period
    random: Random
    postings: list[Posting] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    business_events: list[BusinessEvent] = field(default_factory=list)
    calls: list[CallRequest] = field(default_factory=list)
    subscriptions: list[tuple[int, str]] = field(default_factory=list)

    def visit(self, at_ms: int, device: str = APP, login: str = START) -> Session:
        """Begin a session; it counts once it has events."""
        platforms = _PLATFORMS[device]
        platform = platforms[self.customer.index // 2 % len(platforms)]
        session = Session(at_ms, platform, f"s{self.random.getrandbits(60):015x}", login, self.random)
        session.track("session.started", platform=platform)
        self.sessions.append(session)
        return session

    def pay(self, at_ms: int, amount: int, memo: MemoText, method: str = "card") -> None:
        """Spend money: by card from the card account where there is one, else from the checking account."""
        is_card = method in ("card", "pos") and self.customer.account("card") is not None
        self._post(Posting(at_ms, "card" if is_card else "checking", amount, "out", method, memo))

    def receive(self, at_ms: int, amount: int, memo: MemoText, method: str = "transfer") -> None:
        """Get money on the checking account."""
        self._post(Posting(at_ms, "checking", amount, "in", method, memo))

    def business(self, at_ms: int, event_type: str, channel: str, **properties: object) -> None:
        """Record something a business system saw."""
        if self.period.covers(at_ms):
            self.business_events.append(BusinessEvent(at_ms, event_type, channel, properties))

    def call(self, at_ms: int, script: str, priority: int = 1) -> None:
        """Ask for a call; the bank's call centre takes as many as it has recordings for."""
        if self.period.covers(at_ms):
            self.calls.append(CallRequest(at_ms, script, priority, self.customer))

    def subscribe(self, product: Product, at_ms: int, session: Session | None = None) -> None:
        """Buy a product, in a session or at the branch."""
        if not self.period.covers(at_ms):
            return
        properties: dict[str, object] = {
            "product_id": product.product_id,
            "product_type": product.product_type,
            "amount": product.usual_amount,
        }
        if product.term_months:
            matures = self.period.date(self.period.day_of(at_ms) + round(product.term_months * 30.44))
            properties["matures_on"] = matures.isoformat()
        if session is None:
            self.business(at_ms, "product.subscribed", "branch", **properties)
        else:
            session.track("product.subscribed", **properties)
        self.subscriptions.append((at_ms, product.product_id))

    def reference(self, prefix: str) -> str:
        """Return a number for a claim, a quote or a review."""
        return f"{prefix}{self.customer.index + 1:07d}{self.random.randrange(1_000_000):06d}"

    def _post(self, posting: Posting) -> None:
        if self.period.covers(posting.at_ms):
            self.postings.append(posting)
