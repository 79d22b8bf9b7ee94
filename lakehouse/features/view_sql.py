# ruff: noqa: S608 - the SQL is made of declared names
"""The queries behind the views, composed from the declarations: (customer_key, day, values as JSON)."""

from __future__ import annotations

from datetime import date, timedelta

from lakehouse.features import customer_activity, customer_profile
from lakehouse.features.declaration import LONGEST_WINDOW_DAYS, ActivityFeature, Over


def activity_sql(behavior: str, customers: str, first: date, last: date) -> str:
    """Return customer_activity for every customer and day.

    Events become one row per customer and active day, then windows of days roll over those rows, so that the cost
    grows with events plus customer-days, not with their product.
    """
    features = customer_activity.FEATURES
    daily = ", ".join(f"{item.daily} AS f{number}" for number, item in enumerate(features))
    rolled = ", ".join(f"{_rolled(item, f'f{number}')} AS {item.spec.name}" for number, item in enumerate(features))
    oldest = first - timedelta(days=LONGEST_WINDOW_DAYS)
    return f"""
        WITH events AS (
            SELECT *, from_json(properties, 'map<string,string>') AS p FROM {behavior}
            WHERE customer_key IS NOT NULL AND event_date BETWEEN DATE '{oldest}' AND DATE '{last}'
        ),
        daily AS (SELECT customer_key, event_date AS day, {daily} FROM events GROUP BY customer_key, event_date),
        people AS (
            SELECT customer_key, max(joined_on) AS since
            FROM (SELECT customer_key, joined_on FROM {customers} UNION ALL SELECT customer_key, NULL FROM daily)
            GROUP BY customer_key
        ),
        grid AS ({_grid("people", first, last)}),
        days AS (
            SELECT customer_key, day, unix_date(day) AS day_no, coalesce(g.is_asked, false) AS is_asked, d.* EXCEPT (customer_key, day)
            FROM daily d FULL OUTER JOIN grid g USING (customer_key, day)
        ),
        rolled AS (SELECT customer_key, day, is_asked, {rolled} FROM days {_windows(features)})
        SELECT customer_key, day, {_json([item.spec.name for item in features])} AS `values` FROM rolled WHERE is_asked
    """


def profile_sql(customers: str, holdings: str, first: date, last: date) -> str:
    """Return customer_profile for every customer and day. Master data has no past of its own: today's row counts."""
    features = customer_profile.FEATURES
    columns = ", ".join(f"{item.sql} AS {item.spec.name}" for item in features)
    return f"""
        WITH people AS (SELECT customer_key, joined_on AS since FROM {customers}),
        grid AS ({_grid("people", first, last)}),
        valued AS (
            SELECT g.customer_key, g.day, {columns}
            FROM grid g JOIN {customers} c ON c.customer_key = g.customer_key
            LEFT JOIN {holdings} h ON h.customer_key = g.customer_key
                 AND coalesce(h.opened_on, g.day) <= g.day AND coalesce(h.matures_on, DATE '9999-12-31') > g.day
            GROUP BY g.customer_key, g.day
        )
        SELECT customer_key, day, {_json([item.spec.name for item in features])} AS `values` FROM valued
    """


def _grid(people: str, first: date, last: date) -> str:
    days = f"explode(sequence(DATE '{first}', DATE '{last}'))"
    return (
        f"SELECT customer_key, day, true AS is_asked FROM (SELECT *, {days} AS day FROM {people}) "
        "WHERE day >= coalesce(since, day)"
    )


def _windows(features: tuple[ActivityFeature, ...]) -> str:
    lengths = sorted({item.days for item in features})
    frames = (
        f"w{days} AS (PARTITION BY customer_key ORDER BY day_no RANGE BETWEEN {days - 1} PRECEDING AND CURRENT ROW)"
        for days in lengths
    )
    return f"WINDOW {', '.join(frames)}"


def _rolled(item: ActivityFeature, column: str) -> str:
    window = f"OVER w{item.days}"
    seen = f"CASE WHEN {column} IS NOT NULL THEN day_no END"
    match item.over:
        case Over.SUM:
            return f"coalesce(sum({column}) {window}, 0)"
        case Over.LATEST:
            return f"max_by({column}, {seen}) {window}"
        case Over.DAYS_SINCE:
            return f"day_no - max({seen}) {window}"


def _json(names: list[str]) -> str:
    fields = ", ".join(f"'{name}', {name}" for name in names)
    return f"to_json(named_struct({fields}), map('ignoreNullFields', 'false'))"
