"""What an offer truly changes: for every customer and product, the chance to buy without it, and what it adds."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from demo.customer import Customer
from demo.needs import needs
from demo.period import Period
from demo.products import PRODUCTS

_BASE_SHARE = 0.45
_MOST_CERTAIN = 0.95


def uplifts(customer: Customer, period: Period) -> Iterator[tuple[str, float, float]]:
    """Yield product, uplift and base rate.

    Those who half want a product are persuadable; those who want it anyway gain little; a few dislike being asked.
    """
    random = Random(f"uplift:{customer.customer_no}:{round(1e6 * customer.taste['loan'])}")
    dislikes_offers = random.random() < 0.07
    wanted = needs(customer, period, after_event=bool(customer.life_event))
    for product in PRODUCTS:
        need = wanted[product.product_type]
        base = round(_BASE_SHARE * need * random.uniform(0.6, 1.2), 4)
        persuadable = 4 * need * (1 - need)
        gain = -0.5 * base if dislikes_offers else 0.04 + 0.32 * persuadable * random.uniform(0.6, 1.2)
        yield product.product_id, round(min(gain, _MOST_CERTAIN - base), 4), base
