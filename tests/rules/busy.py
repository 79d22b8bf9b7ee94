"""A seeded stream of several customers that moves many scenarios at once."""

from __future__ import annotations

import random

from hub.clock import HOUR_MS, MINUTE_MS
from hub.records import BehaviorEvent
from tests.rules.streams import event

CUSTOMERS = [f"cus_{number:03d}" for number in range(4)]
_PRODUCTS = [("S01", "savings"), ("D01", "deposit"), ("D02", "deposit"), ("L01", "loan"), ("A01", "car_insurance")]


def busy_stream(seed: int, length: int = 1_500, customers: list[str] = CUSTOMERS) -> list[BehaviorEvent]:
    """Return events in order of time: consents, features and everything the catalogue listens to."""
    dice = random.Random(seed)
    at_ms, stream = 0, []
    for key in customers:
        for purpose in ("marketing_offers", "service"):
            stream.append(event(at_ms, "consent.granted", customer=key, channel="system", purpose=purpose))
        stream.append(_features(dice, at_ms, key))
    while len(stream) < length:
        at_ms += dice.choice((0, 1, 500, MINUTE_MS, 4 * MINUTE_MS, HOUR_MS))
        stream.append(_one(dice, at_ms, dice.choice(customers), len(stream)))
    return stream


def _features(dice: random.Random, at_ms: int, key: str) -> BehaviorEvent:
    values = {
        "age": dice.randrange(18, 70), "lump_sum": 20_000_000, "holds_card": True, "holds_car_insurance": False,
        "has_consultant": dice.random() < 0.5, "segment": dice.choice(("mass", "vip")), "region": "강남",
    }  # fmt: skip
    return event(
        at_ms, "features.updated", customer=key, channel="system", view="customer_profile", version="1", values=values
    )


def _one(dice: random.Random, at_ms: int, key: str, number: int) -> BehaviorEvent:
    product, kind = dice.choice(_PRODUCTS)
    session = f"s{dice.randrange(3)}"
    name, properties = dice.choice(
        [
            ("product.viewed", {"product_id": product, "product_type": kind, "page": dice.choice(("detail", "compare", "yield")), "session_id": session}),
            ("product.viewed", {"product_id": "S01", "product_type": "savings", "page": "detail", "session_id": session}),
            ("product.subscribed", {"product_id": product, "product_type": kind, "matures_on": "2026-12-31"}),
            ("screen.viewed", {"screen": dice.choice("ab"), "session_id": session}),
            ("session.ended", {"session_id": session}),
            ("quote.requested", {"quote_id": f"Q{number}", "line": "car", "premium": 600_000}),
            ("quote.followed_up", {"quote_id": f"Q{number}", "step": "enquiry"}),
            ("transaction.posted", {"amount": 5_000, "direction": "out", "category": "cafe", "brand": "스타벅스", "account_id": "acc"}),
            ("transaction.posted", {"amount": 900_000, "direction": dice.choice(("in", "out")), "category": "atm_cash", "account_id": "acc"}),
            ("life_event.detected", {"life_event": "marriage", "source": "call"}),
            ("complaint.made", {"object": "fees"}),
            ("closing_page.viewed", {"session_id": session}),
            ("security.traded", {"symbol": dice.choice("xy"), "side": dice.choice(("buy", "sell"))}),
            ("payout.enquired", {"accident_type": dice.choice(("fall", "theft")), "via": "web"}),
            ("claim.filed", {"claim_id": f"K{number}", "accident_type": dice.choice(("fall", "theft")), "amount": 1}),
            ("contact.changed", {"field": "phone", "via": "web"}),
            ("loan_review.started", {"review_id": f"R{number}", "product_id": "L01"}),
            ("branch_visit.ended", {"branch": "강남", "purpose": "loan"}),
            ("features.updated", {"view": "customer_scores", "version": "3", "values": {"loan_propensity": round(dice.random(), 3), "best_product": "L01"}}),
        ]
    )  # fmt: skip
    late_ms = dice.choice((0, 0, 0, 10_000, 2 * HOUR_MS))
    return event(at_ms, name, customer=key, event_id=f"e{number}", late_ms=late_ms, **properties)
