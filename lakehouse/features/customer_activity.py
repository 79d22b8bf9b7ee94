"""View customer_activity: what a customer did lately, over all channels."""

from __future__ import annotations

from hub.records import FeatureSpec
from lakehouse.features.declaration import LONGEST_WINDOW_DAYS, ActivityFeature, Over, feature

VIEW = "customer_activity"

_COFFEE = "('cafe')"
_SAVINGS = "('deposit', 'savings', 'subscription_savings')"


def _spec(name: str, dtype: str, description: str) -> FeatureSpec:
    return feature(VIEW, name, dtype, description)


FEATURES = (
    ActivityFeature(
        _spec("product_views_7d", "int", "Product pages seen within 7 days"),
        "count_if(type = 'product.viewed')",
        7,
    ),
    ActivityFeature(
        _spec("loan_views_14d", "int", "Loan pages seen within 14 days"),
        "count_if(type = 'product.viewed' AND p['product_type'] = 'loan')",
        14,
    ),
    ActivityFeature(
        _spec("savings_views_7d", "int", "Pages of deposits and savings seen within 7 days"),
        f"count_if(type = 'product.viewed' AND p['product_type'] IN {_SAVINGS})",
        7,
    ),
    ActivityFeature(
        _spec("coffee_count_30d", "int", "Coffees paid within 30 days"),
        f"count_if(type = 'transaction.posted' AND p['direction'] = 'out' AND p['category'] IN {_COFFEE})",
        30,
    ),
    ActivityFeature(
        _spec("spend_30d", "int", "Money out within 30 days, won"),
        "sum(CASE WHEN type = 'transaction.posted' AND p['direction'] = 'out' "
        "THEN try_cast(p['amount'] AS bigint) ELSE 0 END)",
        30,
    ),
    ActivityFeature(
        _spec("salary_30d", "int", "Salary received within 30 days, won"),
        "sum(CASE WHEN type = 'transaction.posted' AND p['direction'] = 'in' AND p['category'] = 'salary' "
        "THEN try_cast(p['amount'] AS bigint) ELSE 0 END)",
        30,
    ),
    ActivityFeature(
        _spec("lump_sum", "int", "Latest known balance, won"),
        "max_by(try_cast(p['balance'] AS bigint), named_struct('at', event_time_ms, 'id', event_id)) "
        "FILTER (WHERE type = 'transaction.posted' AND try_cast(p['balance'] AS bigint) IS NOT NULL)",
        LONGEST_WINDOW_DAYS,
        Over.LATEST,
    ),
    ActivityFeature(
        _spec("calls_30d", "int", "Calls within 30 days"),
        "count_if(type = 'call.ended')",
        30,
    ),
    ActivityFeature(
        _spec("complaints_30d", "int", "Complaints within 30 days"),
        "count_if(type = 'complaint.made')",
        30,
    ),
    ActivityFeature(
        _spec("life_event_30d", "str", "Latest life event a call or memo showed within 30 days"),
        "max_by(p['life_event'], named_struct('at', event_time_ms, 'id', event_id)) "
        "FILTER (WHERE type = 'life_event.detected' AND p['life_event'] IS NOT NULL)",
        30,
        Over.LATEST,
    ),
    ActivityFeature(
        _spec("days_since_login", "int", "Days since the latest login, at most 365"),
        "nullif(max(CASE WHEN type = 'customer.identified' THEN 1 ELSE 0 END), 0)",
        LONGEST_WINDOW_DAYS,
        Over.DAYS_SINCE,
    ),
)
