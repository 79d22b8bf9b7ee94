"""View customer_profile: who a customer is and what the customer holds."""

from __future__ import annotations

from hub.records import FeatureSpec
from lakehouse.features.declaration import ProfileFeature, feature

VIEW = "customer_profile"


def _spec(name: str, dtype: str, description: str) -> FeatureSpec:
    return feature(VIEW, name, dtype, description)


FEATURES = (
    ProfileFeature(
        _spec("age", "int", "Completed years, counted from the first day of the month of birth"),
        "CAST(floor(months_between(day, any_value(c.birth_month)) / 12) AS bigint)",
    ),
    ProfileFeature(_spec("sex", "str", "M or F"), "any_value(c.sex)"),
    ProfileFeature(_spec("region", "str", "Region of the address"), "any_value(c.region)"),
    ProfileFeature(_spec("occupation", "str", "Occupation"), "any_value(c.occupation)"),
    ProfileFeature(_spec("segment", "str", "mass, affluent or vip"), "any_value(c.segment)"),
    ProfileFeature(
        _spec("tenure_days", "int", "Days since joining the bank"),
        "CAST(datediff(day, any_value(c.joined_on)) AS bigint)",
    ),
    ProfileFeature(
        _spec("holds_loan", "bool", "Holds a loan"),
        "coalesce(bool_or(h.product_type = 'loan'), false)",
    ),
    ProfileFeature(
        _spec("holds_card", "bool", "Holds a card"),
        "coalesce(bool_or(h.product_type = 'card'), false)",
    ),
    ProfileFeature(
        _spec("holds_car_insurance", "bool", "Holds car insurance"),
        "coalesce(bool_or(h.product_type = 'car_insurance'), false)",
    ),
    ProfileFeature(_spec("held_products", "int", "Products held"), "count(h.holding_id)"),
    ProfileFeature(
        _spec("days_to_maturity", "int", "Days until the next holding matures"),
        "CAST(min(datediff(h.matures_on, day)) AS bigint)",
    ),
    ProfileFeature(_spec("has_consultant", "bool", "A consultant is assigned"), "any_value(c.has_consultant)"),
)
