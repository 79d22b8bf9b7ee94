"""What the demo bank sells."""

from __future__ import annotations

from typing import NamedTuple


class Product(NamedTuple):
    """One product of the master data. ``term_months`` is 0 where nothing matures."""

    product_id: str
    name_ko: str
    name_en: str
    product_type: str
    rate: float
    owner: str
    term_months: int
    usual_amount: int


PRODUCTS = (
    Product("D01", "행복정기예금", "Happy time deposit", "deposit", 3.2, "deposits", 12, 30_000_000),
    Product("D02", "스마트정기예금", "Smart time deposit", "deposit", 3.5, "deposits", 6, 10_000_000),
    Product("S01", "자유적금", "Free instalment savings", "savings", 3.8, "deposits", 12, 300_000),
    Product("S02", "첫월급적금", "First pay savings", "savings", 4.5, "deposits", 24, 500_000),
    Product("U01", "주택청약저축", "Housing subscription savings", "subscription_savings", 2.8, "deposits", 0, 100_000),
    Product("L01", "직장인신용대출", "Employee credit loan", "loan", 5.4, "lending", 36, 30_000_000),
    Product("L02", "전세자금대출", "Lease deposit loan", "loan", 4.1, "lending", 24, 120_000_000),
    Product("L03", "주택담보대출", "Mortgage loan", "loan", 3.9, "lending", 360, 250_000_000),
    Product("C01", "행복체크카드", "Happy check card", "card", 0.0, "cards", 0, 0),
    Product("C02", "플러스신용카드", "Plus credit card", "card", 0.0, "cards", 0, 0),
    Product("A01", "다이렉트자동차보험", "Direct car insurance", "car_insurance", 0.0, "insurance", 12, 780_000),
    Product("I01", "든든종신보험", "Whole life insurance", "life_insurance", 0.0, "insurance", 0, 120_000),
    Product("I02", "튼튼어린이보험", "Child insurance", "life_insurance", 0.0, "insurance", 0, 60_000),
    Product("F01", "안정채권펀드", "Stable bond fund", "fund", 4.0, "wealth", 0, 5_000_000),
    Product("F02", "성장주식펀드", "Growth equity fund", "fund", 7.0, "wealth", 0, 3_000_000),
)
BY_ID = {p.product_id: p for p in PRODUCTS}
PRODUCT_TYPES = tuple(dict.fromkeys(p.product_type for p in PRODUCTS))
BY_TYPE = {kind: tuple(p for p in PRODUCTS if p.product_type == kind) for kind in PRODUCT_TYPES}
SAVING_TYPES = ("deposit", "savings", "subscription_savings")
