"""Ranks products for customers with a trained model; adapter of ``hub.ports.Recommender``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import lightgbm
import numpy as np

from hub.records import RankedProduct, Scalar
from ml.encoding import Encoder


class LightGbmRecommender:
    """A booster with its encoder. Thread-safe: LightGBM predictions share nothing that changes."""

    def __init__(self, booster: lightgbm.Booster, encoder: Encoder, version: str) -> None:
        self._booster = booster
        self._encoder = encoder
        self.version = version

    def rank(self, features: Sequence[Mapping[str, Scalar]]) -> list[list[RankedProduct]]:
        """Return for each customer all products with their probabilities, best first."""
        if not features:
            return []
        products = self._encoder.products
        raw = self._booster.predict(self._encoder.matrix(features), num_threads=1)
        scores = np.asarray(raw, dtype=np.float64).reshape(-1, len(products))
        return [self._ranked(row) for row in scores]

    def product_types(self) -> dict[str, str]:
        """Return product id -> product type of every product the model knows."""
        return {p.product_id: p.product_type for p in self._encoder.products}

    def _ranked(self, row: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[RankedProduct]:
        order = np.argsort(-row, kind="stable")
        products = self._encoder.products
        return [
            RankedProduct(product_id=products[i].product_id, score=float(row[i]), model_version=self.version)
            for i in order
        ]
