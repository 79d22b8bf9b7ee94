"""The retraining job: lake tables -> training set -> registered model -> scores, each step repeatable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from hub.clock import DAY_MS
from hub.errors import Permanent
from hub.ports import Tables
from hub.records import FeatureRow, FeatureSpec, ModelVersion
from ml.encoding import Product
from ml.point_in_time import FeatureTimeline
from ml.registry import Registry
from ml.score import SCORES_VIEW, score_rows
from ml.train import TrainingOptions, fit
from ml.training_set import Snapshots, TrainingSet, build, subscriptions

_SOURCES = ("gold.feature_history", "gold.customer_behavior", "silver.products")


class RetrainingReport(msgspec.Struct, frozen=True):
    """What a retraining did. ``model`` is None when there was too little to learn from, and ``note`` says so."""

    model: ModelVersion | None
    examples: int
    positives: int
    note: str = ""


def retrain(
    tables: Tables,
    registry: Registry,
    specs: Sequence[FeatureSpec],
    *,
    cut_ms: int,
    created_ms: int,
    horizon_days: int = 10,
    options: TrainingOptions | None = None,
) -> RetrainingReport:
    """Train on everything known before the cut and register the result."""
    training_set = _training_set(tables, specs, cut_ms, horizon_days)
    examples, positives = len(training_set.labels), int(training_set.labels.sum())
    try:
        fitted = fit(training_set, options)
    except Permanent as error:
        return RetrainingReport(None, examples, positives, str(error))
    return RetrainingReport(registry.register(fitted, _versions(tables), created_ms), examples, positives)


def score(tables: Tables, registry: Registry, *, as_of_ms: Sequence[int], created_ms: int) -> int:
    """Score all customers with the champion as of the given times; returns rows that are new or changed."""
    model = registry.load_champion()
    if model is None:
        return 0
    rows = [_history_row(r) for r in score_rows(model, _timeline(tables), as_of_ms, created_ms)]
    return tables.merge("gold.feature_history", rows)


def daily(first_ms: int, last_ms: int, every_days: int = 1) -> list[int]:
    """Return times from the first to the last, ``every_days`` apart."""
    return list(range(first_ms, last_ms + 1, every_days * DAY_MS))


def _training_set(tables: Tables, specs: Sequence[FeatureSpec], cut_ms: int, horizon_days: int) -> TrainingSet:
    timeline = _timeline(tables)
    taken = subscriptions(
        tables.read("gold.customer_behavior", None, f"type = 'product.subscribed' and event_time_ms <= {cut_ms}")
    )
    products = [Product(str(r["product_id"]), str(r["product_type"])) for r in tables.read("silver.products")]
    learnable = [s for s in specs if s.view != SCORES_VIEW]
    snapshots = Snapshots(_first_day(tables), cut_ms, horizon_days)
    return build(timeline, taken, learnable, products, snapshots)


def _first_day(tables: Tables) -> int:
    times = (
        int(r["event_time_ms"])
        for r in tables.read("gold.feature_history", ["event_time_ms"], f"view <> '{SCORES_VIEW}'")
    )
    return min(times, default=0)


def _timeline(tables: Tables) -> FeatureTimeline:
    return FeatureTimeline(_history(tables))


def _history(tables: Tables) -> Iterator[dict[str, object]]:
    columns = ["view", "customer_key", "event_time_ms", "created_ms", "values"]
    return tables.read("gold.feature_history", columns, f"view <> '{SCORES_VIEW}'")


def _versions(tables: Tables) -> dict[str, int]:
    return {t.name: t.version for t in tables.list_tables() if t.name in _SOURCES}


def _history_row(row: FeatureRow) -> dict[str, object]:
    return {
        "view": row.view,
        "customer_key": row.customer_key,
        "event_time_ms": row.event_time_ms,
        "created_ms": row.created_ms,
        "values": msgspec.json.encode(row.values).decode(),
        "version": row.version,
    }
