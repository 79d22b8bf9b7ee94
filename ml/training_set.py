"""Training sets that only know what was known then.

One row is a customer, a product and a snapshot time; its label says whether the customer
subscribed to the product within the horizon after the snapshot. Features are those of
``FeatureTimeline.as_of`` the snapshot, and no snapshot's horizon reaches past the cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from hub.clock import DAY_MS
from hub.ids import content_id
from hub.records import FeatureSpec, Scalar
from ml.encoding import Encoder, Matrix, Product, fit_encoder
from ml.point_in_time import FeatureTimeline


class Subscription(msgspec.Struct, frozen=True):
    """A customer took a product."""

    customer_key: str
    product_id: str
    at_ms: int


class Snapshots(msgspec.Struct, frozen=True):
    """When to look: ``every_days`` apart, from the first to the last time whose horizon ends by the cut."""

    first_ms: int
    cut_ms: int
    horizon_days: int = 10
    every_days: int = 3

    def times(self) -> list[int]:
        """Return the snapshot times, oldest first."""
        last = self.cut_ms - self.horizon_days * DAY_MS
        return list(range(self.first_ms, last + 1, self.every_days * DAY_MS))


class TrainingSet:
    """A matrix with labels, grouped by (customer, snapshot), snapshots in order of time."""

    def __init__(
        self, encoder: Encoder, features: Matrix, labels: npt.NDArray[np.int8], snapshot_of_group: npt.NDArray[np.int64]
    ) -> None:
        self.encoder = encoder
        self.features = features
        self.labels = labels
        self.snapshot_of_group = snapshot_of_group

    @property
    def group_size(self) -> int:
        """Rows of one (customer, snapshot): one per product."""
        return len(self.encoder.products)

    @property
    def digest(self) -> str:
        """Identity of the content: the same data give the same digest."""
        return content_id(msgspec.json.encode(self.encoder), self.features.tobytes(), self.labels.tobytes())


def subscriptions(behavior: Iterable[Mapping[str, Any]]) -> list[Subscription]:
    """Read subscriptions from rows of ``gold.customer_behavior``."""
    found = []
    for row in behavior:
        if row["type"] != "product.subscribed" or not row["customer_key"]:
            continue
        raw = row["properties"]
        properties = msgspec.json.decode(raw) if isinstance(raw, str | bytes) else raw
        if properties.get("product_id"):
            found.append(
                Subscription(str(row["customer_key"]), str(properties["product_id"]), int(row["event_time_ms"]))
            )
    return found


def build(
    timeline: FeatureTimeline,
    taken: Iterable[Subscription],
    specs: Sequence[FeatureSpec],
    products: Sequence[Product],
    snapshots: Snapshots,
) -> TrainingSet:
    """Assemble the training set.

    Promise: no feature is younger than its snapshot, no label is taken from after the cut.
    """
    bought: dict[str, list[Subscription]] = {}
    for subscription in taken:
        bought.setdefault(subscription.customer_key, []).append(subscription)
    customers: list[Mapping[str, Scalar]] = []
    positives: list[set[str]] = []
    times: list[int] = []
    for at_ms in snapshots.times():
        for customer in timeline.customers():
            features = timeline.as_of(customer, at_ms)
            if not features:
                continue
            end_ms = at_ms + snapshots.horizon_days * DAY_MS
            customers.append(features)
            positives.append({s.product_id for s in bought.get(customer, ()) if at_ms < s.at_ms <= end_ms})
            times.append(at_ms)
    encoder = fit_encoder(specs, products, customers)
    labels = np.array([p.product_id in wanted for wanted in positives for p in encoder.products], dtype=np.int8)
    return TrainingSet(encoder, encoder.matrix(customers), labels, np.array(times, dtype=np.int64))
