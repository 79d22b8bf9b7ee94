"""How well a ranking finds what customers took, beside the plain popularity ranking."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int8]


def ranking_metrics(scores: Floats, labels: Labels, group_size: int, popularity: Floats) -> dict[str, float]:
    """Return area under the ROC curve, hit rate at 3 and mean reciprocal rank, for model and popularity.

    Args:
        scores: one per row; rows of one group are consecutive.
        popularity: one per product: how often it was taken in training.
    Returns:
        metrics by name; groups in which nothing was taken do not count towards ranks.
    """
    table = labels.reshape(-1, group_size)
    taken = table.any(axis=1)
    result = {"groups_with_a_purchase": float(taken.sum()), "auc": _auc(scores, labels)}
    if not taken.any():
        return result
    ours = scores.reshape(-1, group_size)[taken]
    base = np.tile(popularity, (int(taken.sum()), 1))
    for name, ranking in (("", ours), ("popularity_", base)):
        ranks = _best_rank(ranking, table[taken])
        result[f"{name}hit_rate_at_3"] = float((ranks <= 3).mean())
        result[f"{name}mean_reciprocal_rank"] = float((1.0 / ranks).mean())
    return result


def gates(metrics: dict[str, float]) -> dict[str, bool]:
    """Return which conditions a model meets to be champion."""
    return {
        "auc_above_0.6": metrics.get("auc", 0.0) > 0.6,
        "ranks_better_than_popularity": metrics.get("mean_reciprocal_rank", 0.0)
        >= metrics.get("popularity_mean_reciprocal_rank", 1.0),
    }


def _auc(scores: Floats, labels: Labels) -> float:
    return float(roc_auc_score(labels, scores)) if 0 < labels.sum() < len(labels) else 0.5


def _best_rank(scores: Floats, taken: Labels) -> Floats:
    """Rank (from 1) of the best-placed product that was taken; ties count half."""
    best = np.where(taken.astype(bool), scores, -np.inf).max(axis=1, keepdims=True)
    above = (scores > best).sum(axis=1)
    tied = (scores == best).sum(axis=1) - 1
    return 1.0 + above + tied / 2.0
