"""Naive answers, slow and obvious, that the fast ones must equal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import msgspec

DAY_MS = 86_400_000
OFFSET_MS = 9 * 3_600_000
RANKS = {"master": 0, "login": 1}
Edge = tuple[str, str, str]


def as_of_ms(day: date) -> int:
    """Return the end of a local day."""
    return ((day - date(1970, 1, 1)).days + 1) * DAY_MS - OFFSET_MS


def activity(events: list[dict[str, Any]], day: date) -> dict[str, Any]:
    """Return customer_activity of one customer's events as of the end of a day."""
    end = as_of_ms(day)

    def within(days: int) -> list[dict[str, Any]]:
        return [e for e in events if end - days * DAY_MS <= e["event_time_ms"] < end]

    def views(days: int, *kinds: str) -> int:
        seen = [e for e in within(days) if e["type"] == "product.viewed"]
        return sum(1 for e in seen if not kinds or e["p"].get("product_type") in kinds)

    money = [e for e in within(30) if e["type"] == "transaction.posted"]
    out = [e for e in money if e["p"]["direction"] == "out"]
    balances = [e for e in within(365) if e["p"].get("balance") is not None]
    lives = [e for e in within(30) if e["type"] == "life_event.detected"]
    logins = [e for e in within(365) if e["type"] == "customer.identified"]

    def newest(found: list[dict[str, Any]]) -> dict[str, Any] | None:
        return max(found, key=lambda e: (e["event_time_ms"], e["event_id"]), default=None)

    last_balance, last_life, last_login = newest(balances), newest(lives), newest(logins)
    return {
        "product_views_7d": views(7),
        "loan_views_14d": views(14, "loan"),
        "savings_views_7d": views(7, "deposit", "savings", "subscription_savings"),
        "coffee_count_30d": sum(1 for e in out if e["p"]["category"] == "cafe"),
        "spend_30d": sum(e["p"]["amount"] for e in out),
        "salary_30d": sum(
            e["p"]["amount"] for e in money if e["p"]["direction"] == "in" and e["p"]["category"] == "salary"
        ),
        "lump_sum": last_balance and last_balance["p"]["balance"],
        "calls_30d": sum(1 for e in within(30) if e["type"] == "call.ended"),
        "complaints_30d": sum(1 for e in within(30) if e["type"] == "complaint.made"),
        "life_event_30d": last_life and last_life["p"]["life_event"],
        "days_since_login": last_login and _days_between(last_login["event_time_ms"], day),
    }


def profile(customer: dict[str, Any], holdings: Iterable[dict[str, Any]], day: date) -> dict[str, Any]:
    """Return customer_profile of one customer as of the end of a day."""
    born = customer["birth_month"]
    held = [h for h in holdings if h["opened_on"] <= day and (h["matures_on"] is None or h["matures_on"] > day)]
    types = {h["product_type"] for h in held}
    maturities = [(h["matures_on"] - day).days for h in held if h["matures_on"] is not None]
    return {
        "age": day.year - born.year - ((day.month, day.day) < (born.month, born.day)),
        "sex": customer["sex"],
        "region": customer["region"],
        "occupation": customer["occupation"],
        "segment": customer["segment"],
        "tenure_days": (day - customer["joined_on"]).days,
        "holds_loan": "loan" in types,
        "holds_card": "card" in types,
        "holds_car_insurance": "car_insurance" in types,
        "held_products": len(held),
        "days_to_maturity": min(maturities, default=None),
        "has_consultant": customer["has_consultant"],
    }


def identities(edges: Iterable[Edge]) -> dict[str, str | None]:
    """Return id -> customer, None for ambiguous ids; ids that nobody reaches are absent."""
    both = [(a, b, RANKS.get(s, 2)) for a, b, s in edges] + [(b, a, RANKS.get(s, 2)) for a, b, s in edges]
    known: dict[str, str | None] = {a: a for a, _, _ in both if a.startswith("cus_")}
    front = dict(known)
    while front:
        said: dict[str, list[tuple[int, str]]] = {}
        for here, there, rank in both:
            owner = front.get(here)
            if owner is not None and there not in known:
                said.setdefault(there, []).append((rank, owner))
        front = {}
        for name, votes in said.items():
            best = {owner for rank, owner in votes if rank == min(rank for rank, _ in votes)}
            front[name] = best.pop() if len(best) == 1 else None
        known |= front
    return {name: owner for name, owner in known.items() if not name.startswith("cus_")}


def with_properties(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event with its properties decoded as ``p``."""
    return event | {"p": msgspec.json.decode(event["properties"])}


def days(first: date, last: date) -> list[date]:
    """Return every day from the first to the last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _days_between(at_ms: int, day: date) -> int:
    return (day - (date(1970, 1, 1) + timedelta(days=(at_ms + OFFSET_MS) // DAY_MS))).days
