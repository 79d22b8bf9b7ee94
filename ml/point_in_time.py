"""What was known about a customer at a moment: the latest row of each view that is not younger."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from hub.records import Scalar


class FeatureTimeline:
    """Feature history in memory, answering as-of questions.

    Args:
        rows: rows of ``gold.feature_history`` in any order; ``values`` as a mapping or JSON text.
    """

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        grouped: dict[str, dict[str, list[tuple[int, int, dict[str, Scalar]]]]] = {}
        for row in rows:
            per_view = grouped.setdefault(str(row["customer_key"]), {})
            entry = (int(row["event_time_ms"]), int(row["created_ms"]), _values(row["values"]))
            per_view.setdefault(str(row["view"]), []).append(entry)
        self._views = grouped
        for per_view in grouped.values():
            for entries in per_view.values():
                entries.sort(key=lambda e: (e[0], e[1]))
        self._times = {
            customer: {view: [e[0] for e in entries] for view, entries in per_view.items()}
            for customer, per_view in grouped.items()
        }

    def customers(self) -> list[str]:
        """Return every customer with any feature, sorted."""
        return sorted(self._views)

    def as_of(self, customer_key: str, at_ms: int) -> dict[str, Scalar]:
        """Return the features known at ``at_ms`` (inclusive), flat over views; empty when none were."""
        known: dict[str, Scalar] = {}
        for view, times in self._times.get(customer_key, {}).items():
            index = bisect_right(times, at_ms) - 1
            if index >= 0:
                known.update(self._views[customer_key][view][index][2])
        return known


def _values(raw: object) -> dict[str, Scalar]:
    if isinstance(raw, str | bytes):
        return msgspec.json.decode(raw, type=dict[str, Scalar])
    if isinstance(raw, Mapping):
        return dict(raw)
    raise TypeError("feature values are a mapping or JSON text")
