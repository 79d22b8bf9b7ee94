"""What a feature is: its specification and the SQL that computes it as of the end of a day."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from hub.clock import DAY_MS
from hub.ids import content_id
from hub.records import DataClass, FeatureSpec

LONGEST_WINDOW_DAYS = 365
FRESH_MS = 2 * DAY_MS


class Over(StrEnum):
    """How the days of a window become one value."""

    SUM = "sum"
    LATEST = "latest"
    DAYS_SINCE = "days_since"


class ActivityFeature(NamedTuple):
    """A feature over a customer's events.

    Attributes:
        daily: a Spark SQL aggregate over one customer's events of one local day. It sees the columns of
            gold.customer_behavior, and ``p`` (property name to text).
        days: the window, counted back from the as-of day and including it.
        over: how the days are combined; no event in the window gives 0 for sums, else nothing.
    """

    spec: FeatureSpec
    daily: str
    days: int
    over: Over = Over.SUM


class ProfileFeature(NamedTuple):
    """A feature over master data.

    Attributes:
        sql: a Spark SQL aggregate over one customer's holdings ``h`` on the as-of ``day``; ``c`` is the customer.
    """

    spec: FeatureSpec
    sql: str


def feature(
    view: str,
    name: str,
    dtype: str,
    description: str,
    *,
    owner: str = "data-platform",
    data_class: DataClass = DataClass.PERSONAL,
) -> FeatureSpec:
    """Declare a feature that is stale after two days without a new value."""
    return FeatureSpec(
        view=view,
        name=name,
        dtype=dtype,
        description=description,
        data_class=data_class,
        owner=owner,
        max_age_ms=FRESH_MS,
    )


def version_of(features: tuple[ActivityFeature, ...] | tuple[ProfileFeature, ...]) -> str:
    """Return the version of a view: another definition of any feature gives another."""
    return content_id("features", *(repr(item) for item in features))[:12]
