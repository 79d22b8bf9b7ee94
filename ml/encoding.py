"""Customers' features and products as one numeric matrix, the same way in training and in serving."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from hub.records import FeatureSpec, Scalar

Matrix = npt.NDArray[np.float64]
_NUMERIC = {"int", "float", "bool"}


class Product(msgspec.Struct, frozen=True):
    """A product that can be recommended."""

    product_id: str
    product_type: str


class Encoder(msgspec.Struct, frozen=True):
    """Column order and category levels of a model; saved beside it.

    A level never seen in training, a null and a missing feature are all NaN, which
    LightGBM treats as "unknown".
    """

    numeric: tuple[str, ...]
    categorical: dict[str, tuple[str, ...]]
    products: tuple[Product, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return (*self.numeric, *self.categorical, "product", "product_type")

    @property
    def categorical_columns(self) -> list[int]:
        """Positions of the categorical columns."""
        return list(range(len(self.numeric), len(self.columns)))

    def matrix(self, customers: Sequence[Mapping[str, Scalar]]) -> Matrix:
        """Encode every customer with every product.

        Returns:
            float64, shape (customers * products, columns); products vary fastest.
        """
        width, per = len(self.columns), len(self.products)
        result = np.empty((len(customers) * per, width), dtype=np.float64)
        types = sorted({p.product_type for p in self.products})
        product_columns = np.array(
            [[i, types.index(p.product_type)] for i, p in enumerate(self.products)], dtype=np.float64
        )
        for index, features in enumerate(customers):
            rows = slice(index * per, (index + 1) * per)
            result[rows, : width - 2] = self._customer(features)
            result[rows, width - 2 :] = product_columns
        return result

    def _customer(self, features: Mapping[str, Scalar]) -> Matrix:
        numbers = [_number(features.get(name)) for name in self.numeric]
        levels = [_level(features.get(name), known) for name, known in self.categorical.items()]
        return np.array(numbers + levels, dtype=np.float64)


def fit_encoder(
    specs: Iterable[FeatureSpec], products: Iterable[Product], customers: Sequence[Mapping[str, Scalar]]
) -> Encoder:
    """Choose columns from the declared features and category levels from what was seen."""
    numeric = tuple(s.name for s in specs if s.dtype in _NUMERIC)
    names = [s.name for s in specs if s.dtype not in _NUMERIC]
    categorical = {name: tuple(sorted({str(c[name]) for c in customers if c.get(name) is not None})) for name in names}
    return Encoder(numeric, categorical, tuple(sorted(products, key=lambda p: p.product_id)))


def _number(value: Scalar) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")


def _level(value: Scalar, levels: tuple[str, ...]) -> float:
    return float(levels.index(str(value))) if value is not None and str(value) in levels else float("nan")
