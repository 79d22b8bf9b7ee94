"""Batch scores as features: view ``customer_scores``, versioned by the model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from hub.records import DataClass, FeatureRow, FeatureSpec, RankedProduct
from ml.point_in_time import FeatureTimeline
from ml.recommend import LightGbmRecommender

SCORES_VIEW = "customer_scores"

SCORE_SPECS = (
    FeatureSpec(view=SCORES_VIEW, name="loan_propensity", dtype="float", owner="ml", data_class=DataClass.PERSONAL,
                description="Probability that the customer takes any loan product within the model's horizon."),
    FeatureSpec(view=SCORES_VIEW, name="best_product", dtype="str", owner="ml", data_class=DataClass.PERSONAL,
                description="Product the model ranks first."),
    FeatureSpec(view=SCORES_VIEW, name="best_product_score", dtype="float", owner="ml", data_class=DataClass.PERSONAL,
                description="Probability of the product ranked first."),
)  # fmt: skip


def score_rows(
    model: LightGbmRecommender, timeline: FeatureTimeline, as_of_ms: Iterable[int], created_ms: int
) -> Iterator[FeatureRow]:
    """Score every customer as of each time, with nothing that was learnt later."""
    types = model.product_types()
    for at_ms in as_of_ms:
        known = [(c, f) for c in timeline.customers() if (f := timeline.as_of(c, at_ms))]
        rankings = model.rank([features for _, features in known])
        for (customer, _), ranking in zip(known, rankings, strict=True):
            yield FeatureRow(
                view=SCORES_VIEW,
                customer_key=customer,
                event_time_ms=at_ms,
                created_ms=created_ms,
                values=_scores(ranking, types),
                version=model.version,
            )


def _scores(ranking: Sequence[RankedProduct], types: dict[str, str]) -> dict[str, str | int | float | bool | None]:
    none_taken = 1.0
    for product in ranking:
        if types[product.product_id] == "loan":
            none_taken *= 1.0 - product.score
    best = ranking[0]
    return {
        "loan_propensity": round(1.0 - none_taken, 6),
        "best_product": best.product_id,
        "best_product_score": round(best.score, 6),
    }
