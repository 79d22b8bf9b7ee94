"""Fit the propensity model: the chance that a customer takes a product within the horizon."""

from __future__ import annotations

import lightgbm
import msgspec
import numpy as np
import numpy.typing as npt

from hub.errors import Permanent
from ml.evaluate import Floats, Labels, gates, ranking_metrics
from ml.training_set import TrainingSet


class TrainingOptions(msgspec.Struct, frozen=True):
    """Knobs of one training run."""

    rounds: int = 200
    learning_rate: float = 0.05
    leaves: int = 15
    min_rows_per_leaf: int = 40
    validation_share: float = 0.25
    seed: int = 7


class Fitted(msgspec.Struct, frozen=True):
    """A trained model with what it scored on the snapshots it has not seen."""

    booster: lightgbm.Booster
    training_set: TrainingSet
    metrics: dict[str, float]
    gates: dict[str, bool]
    options: TrainingOptions


def fit(training_set: TrainingSet, options: TrainingOptions | None = None) -> Fitted:
    """Train on the older snapshots, measure on the newest, then train once more on all.

    Deterministic: the same training set and options give the same model.

    Raises:
        Permanent: too little data (``too_few_examples``), naming how many there were.
    """
    chosen = options or TrainingOptions()
    positives = int(training_set.labels.sum())
    times = np.unique(training_set.snapshot_of_group)
    if positives < 5 or len(times) < 2:
        raise Permanent(
            f"A model needs at least 5 subscriptions in at least 2 snapshots; there are {positives} in {len(times)}. "
            "Widen the period or wait for more history.",
            reason="too_few_examples",
        )
    is_training = _is_training(training_set, times, chosen.validation_share)
    rows = np.repeat(is_training, training_set.group_size)
    booster, rounds = _fit_early_stopped(training_set, rows, chosen)
    metrics = _measure(training_set, booster, rows)
    final = _fit(training_set.features, training_set.labels, training_set, chosen, rounds)
    return Fitted(final, training_set, metrics, gates(metrics), chosen)


def _is_training(training_set: TrainingSet, times: npt.NDArray[np.int64], share: float) -> npt.NDArray[np.bool_]:
    """Split by time: the newest snapshots validate."""
    validating = max(1, round(len(times) * share))
    return np.asarray(training_set.snapshot_of_group < times[-validating])


def _parameters(options: TrainingOptions) -> dict[str, object]:
    return {
        "objective": "binary",
        "learning_rate": options.learning_rate,
        "num_leaves": options.leaves,
        "min_data_in_leaf": options.min_rows_per_leaf,
        "cat_smooth": 20.0,
        "max_cat_to_onehot": 16,
        "feature_fraction": 0.8,
        "seed": options.seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "verbosity": -1,
    }


def _fit(
    features: Floats, labels: Labels, training_set: TrainingSet, options: TrainingOptions, rounds: int
) -> lightgbm.Booster:
    return lightgbm.train(_parameters(options), _dataset(features, labels, training_set), num_boost_round=rounds)


def _fit_early_stopped(
    training_set: TrainingSet, rows: npt.NDArray[np.bool_], options: TrainingOptions
) -> tuple[lightgbm.Booster, int]:
    train = _dataset(training_set.features[rows], training_set.labels[rows], training_set)
    held_out = lightgbm.Dataset(training_set.features[~rows], training_set.labels[~rows], reference=train)
    booster = lightgbm.train(
        _parameters(options),
        train,
        num_boost_round=options.rounds,
        valid_sets=[held_out],
        callbacks=[lightgbm.early_stopping(25, verbose=False)],
    )
    return booster, max(1, booster.best_iteration)


def _dataset(features: Floats, labels: Labels, training_set: TrainingSet) -> lightgbm.Dataset:
    encoder = training_set.encoder
    return lightgbm.Dataset(
        features,
        labels,
        feature_name=list(encoder.columns),
        categorical_feature=encoder.categorical_columns,
        free_raw_data=False,
    )


def _measure(training_set: TrainingSet, booster: lightgbm.Booster, rows: npt.NDArray[np.bool_]) -> dict[str, float]:
    popularity = training_set.labels[rows].reshape(-1, training_set.group_size).mean(axis=0)
    scores = np.asarray(booster.predict(training_set.features[~rows]), dtype=np.float64)
    return ranking_metrics(scores, training_set.labels[~rows], training_set.group_size, popularity)
