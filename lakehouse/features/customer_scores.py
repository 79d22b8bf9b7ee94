"""View customer_scores: what the models say. Written by ``ml``, one row per customer and scoring."""

from __future__ import annotations

from hub.records import FeatureSpec
from lakehouse.features.declaration import feature

VIEW = "customer_scores"

SPECS: tuple[FeatureSpec, ...] = (
    feature(VIEW, "loan_propensity", "float", "Probability of taking a loan, 0 to 1", owner="data-science"),
    feature(VIEW, "best_product", "str", "Product the model ranks first", owner="data-science"),
    feature(VIEW, "best_product_score", "float", "Score of that product, 0 to 1", owner="data-science"),
)
