"""What a customer would like to have next: hidden from the hub, moved by age, money and what happens in life."""

from __future__ import annotations

import math
from random import Random

from demo.customer import Customer
from demo.period import Period
from demo.products import BY_ID, PRODUCT_TYPES, PRODUCTS, Product

EVENT_NEEDS: dict[str, dict[str, float]] = {
    "marriage": {"loan": 2.4, "subscription_savings": 1.2, "life_insurance": 1.2},
    "moving": {"loan": 3.0, "car_insurance": 0.8},
    "birth": {"life_insurance": 2.8, "loan": 1.4, "car_insurance": 0.7},
    "study_abroad": {"loan": 2.4, "card": 1.0, "fund": -0.8},
    "job_change": {"card": 1.4, "savings": 1.6},
    "retirement": {"deposit": 2.6, "fund": 1.0},
}
"""How much a life event adds to the log-odds of wanting a type of product."""
_NOISE = 0.5
_HELD_ALREADY = {
    "loan": -0.4,
    "car_insurance": -2.0,
    "subscription_savings": -2.5,
    "card": -0.8,
    "life_insurance": -0.6,
}


def draw_taste(customer: Customer, random: Random) -> None:
    """Give a customer the part of their wishes that nothing visible explains."""
    customer.taste = {kind: random.gauss(0, _NOISE) for kind in PRODUCT_TYPES}


def needs(customer: Customer, period: Period, *, after_event: bool) -> dict[str, float]:
    """Return how much a customer wants each type of product, 0 to 1, before or after their life event."""
    age = customer.age_on(period.first_day)
    odds = {
        "deposit": -2.7 + 1.7 * (customer.lump_sum > 30_000_000) + 0.8 * (age > 50),
        "savings": -2.3 + 1.5 * (age < 35) + 0.6 * (customer.salary > 0),
        "subscription_savings": -2.6 + 1.8 * (age < 33),
        "loan": -2.9 + 1.2 * (28 <= age <= 45) + 0.4 * (customer.salary > 0),
        "card": -2.8 + 1.0 * (22 <= age <= 40) + 0.9 * (customer.spender > 1.1),
        "car_insurance": -3.0 + 1.6 * customer.owns_car,
        "life_insurance": -3.1 + 1.1 * (33 <= age <= 55),
        "fund": -3.0 + 1.8 * (customer.segment != "mass") + 0.6 * (customer.salary > 4_500_000),
    }
    moved = EVENT_NEEDS.get(customer.life_event, {}) if after_event else {}
    return {
        kind: 1 / (1 + math.exp(-(value + customer.taste[kind] + moved.get(kind, 0.0) + _held(customer, kind))))
        for kind, value in odds.items()
    }


def product_for(customer: Customer, product_type: str, period: Period) -> Product:
    """Return the product of a type that suits a customer best."""
    age = customer.age_on(period.first_day)
    if product_type == "loan":
        home = "L02" if age < 40 else "L03"
        return BY_ID[home if customer.life_event in ("moving", "marriage") else "L01"]
    chosen = {
        "deposit": "D01" if customer.lump_sum > 30_000_000 else "D02",
        "savings": "S02" if age < 30 else "S01",
        "card": "C02" if customer.salary else "C01",
        "life_insurance": "I02" if customer.life_event == "birth" else "I01",
        "fund": "F02" if age < 50 else "F01",
    }
    fallback = next(p for p in PRODUCTS if p.product_type == product_type)
    return BY_ID[chosen.get(product_type, fallback.product_id)]


def _held(customer: Customer, kind: str) -> float:
    return _HELD_ALREADY.get(kind, 0.0) if customer.holds(kind) else 0.0
