"""Training on a small world whose true rule is known."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from hub.clock import DAY_MS
from hub.errors import Permanent
from hub.records import FeatureSpec
from ml.encoding import Product
from ml.point_in_time import FeatureTimeline
from ml.registry import CHALLENGER, CHAMPION, Registry
from ml.score import score_rows
from ml.train import TrainingOptions, fit
from ml.training_set import Snapshots, Subscription, TrainingSet, build

SPECS = (
    FeatureSpec(view="profile", name="age", dtype="int", description="years"),
    FeatureSpec(view="profile", name="segment", dtype="str", description="segment"),
    FeatureSpec(view="activity", name="loan_views", dtype="int", description="views"),
)
PRODUCTS = (Product("L1", "loan"), Product("S1", "savings"), Product("S2", "savings"))


def history(customers: int, days: int, rng: random.Random) -> tuple[list[dict[str, object]], list[Subscription]]:
    """Customers who look at loans take L1 three days later, young ones take S1, others nothing."""
    rows: list[dict[str, object]] = []
    taken: list[Subscription] = []
    for index in range(customers):
        key = f"cus_{index:04d}"
        age = rng.randint(20, 70)
        rows.append(
            {
                "view": "profile",
                "customer_key": key,
                "event_time_ms": 0,
                "created_ms": 0,
                "values": {"age": age, "segment": "mass"},
            }
        )
        looks_at = rng.randrange(2, days) * DAY_MS if rng.random() < 0.3 else None
        if looks_at is not None:
            rows.append(
                {
                    "view": "activity",
                    "customer_key": key,
                    "event_time_ms": looks_at,
                    "created_ms": 0,
                    "values": '{"loan_views": 4}',
                }
            )
            taken.append(Subscription(key, "L1", looks_at + 3 * DAY_MS))
        elif age < 30:
            taken.append(Subscription(key, "S1", rng.randrange(2, days) * DAY_MS))
    return rows, taken


def training_set(seed: int = 3, customers: int = 300) -> TrainingSet:
    rows, taken = history(customers, 40, random.Random(seed))
    return build(FeatureTimeline(rows), taken, SPECS, PRODUCTS, Snapshots(first_ms=0, cut_ms=40 * DAY_MS))


def test_features_are_those_known_at_the_snapshot_and_not_a_day_later() -> None:
    timeline = FeatureTimeline(
        [
            {
                "view": "activity",
                "customer_key": "c",
                "event_time_ms": 10,
                "created_ms": 1,
                "values": {"loan_views": 1},
            },
            {
                "view": "activity",
                "customer_key": "c",
                "event_time_ms": 20,
                "created_ms": 1,
                "values": {"loan_views": 2},
            },
        ]
    )
    assert [timeline.as_of("c", t).get("loan_views") for t in (9, 10, 19, 20, 99)] == [None, 1, 1, 2, 2]


def test_no_label_is_taken_from_after_the_cut() -> None:
    rows, taken = history(50, 40, random.Random(1))
    early = build(FeatureTimeline(rows), taken, SPECS, PRODUCTS, Snapshots(first_ms=0, cut_ms=15 * DAY_MS))
    late_only = [s for s in taken if s.at_ms > 15 * DAY_MS]
    without = build(
        FeatureTimeline(rows),
        [s for s in taken if s not in late_only],
        SPECS,
        PRODUCTS,
        Snapshots(first_ms=0, cut_ms=15 * DAY_MS),
    )
    assert early.digest == without.digest


def test_a_model_learns_the_rule_of_its_world_and_beats_popularity() -> None:
    fitted = fit(training_set(), TrainingOptions(min_rows_per_leaf=20))
    assert fitted.metrics["auc"] > 0.75
    assert fitted.metrics["mean_reciprocal_rank"] > fitted.metrics["popularity_mean_reciprocal_rank"]
    assert all(fitted.gates.values())


def test_shuffled_labels_do_not_pass_the_gates() -> None:
    broken = training_set()
    np.random.default_rng(0).shuffle(broken.labels)
    assert not all(fit(broken).gates.values())


def test_the_same_data_give_the_same_model() -> None:
    first, second = fit(training_set()), fit(training_set())
    assert first.booster.model_to_string() == second.booster.model_to_string()


def test_too_little_history_is_refused_with_its_numbers() -> None:
    rows, _ = history(5, 40, random.Random(1))
    empty = build(FeatureTimeline(rows), [], SPECS, PRODUCTS, Snapshots(first_ms=0, cut_ms=40 * DAY_MS))
    with pytest.raises(Permanent, match="there are 0 in"):
        fit(empty)


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(f"sqlite:///{tmp_path}/mlflow.db", str(tmp_path / "artifacts"), "propensity")


@pytest.mark.slow
def test_a_registered_model_scores_as_before_and_the_same_data_register_once(registry: Registry) -> None:
    fitted = fit(training_set())
    first = registry.register(fitted, {"gold.feature_history": 4}, created_ms=1)
    again = registry.register(fitted, {"gold.feature_history": 4}, created_ms=2)
    assert first == again
    assert (first.alias, first.data_versions) == (CHAMPION, {"gold.feature_history": 4})
    champion = registry.load_champion()
    assert champion is not None
    features = {"age": 25, "segment": "never seen", "loan_views": 4}
    ranked = champion.rank([features, {}])
    assert ranked[0][0].product_id == "L1"
    assert len(ranked[1]) == len(PRODUCTS)
    loaded = np.array([p.score for p in sorted(ranked[0], key=lambda p: p.product_id)])
    assert np.allclose(loaded, fitted.booster.predict(fitted.training_set.encoder.matrix([features])))


@pytest.mark.slow
def test_a_better_model_challenges_and_is_promoted_by_decision(registry: Registry) -> None:
    registry.register(fit(training_set(seed=3)), {}, created_ms=1)
    challenger = registry.register(fit(training_set(seed=4)), {}, created_ms=2)
    assert challenger.alias == CHALLENGER
    promoted = registry.promote(challenger.version)
    assert promoted.alias == CHAMPION
    current = registry.champion()
    assert current is not None
    assert current.version == challenger.version


def test_scores_are_probabilities_of_what_was_known_then() -> None:
    from ml.recommend import LightGbmRecommender

    fitted = fit(training_set())
    model = LightGbmRecommender(fitted.booster, fitted.training_set.encoder, "m/1")
    timeline = FeatureTimeline(
        [
            {
                "view": "profile",
                "customer_key": "c",
                "event_time_ms": 0,
                "created_ms": 0,
                "values": {"age": 50, "segment": "mass"},
            },
            {
                "view": "activity",
                "customer_key": "c",
                "event_time_ms": 100,
                "created_ms": 0,
                "values": {"loan_views": 4},
            },
        ]
    )
    before, after = score_rows(model, timeline, [50, 150], created_ms=1)
    assert 0.0 <= float(before.values["loan_propensity"] or 0) < float(after.values["loan_propensity"] or 0) <= 1.0
    assert after.version == "m/1"
