"""Gold: one person, one behaviour table, features with history, and what was decided upon them."""

from __future__ import annotations

from lakehouse.tables.declaration import CUSTOMER_KEY, EVENT_DATE, Column, Table, key, personal, time_ms
from lakehouse.tables.silver import EVENT_COLUMNS

IDENTITIES = Table(
    name="gold.identities",
    description="Which customer each id belongs to; ids that several customers share belong to nobody.",
    columns=(
        personal("id", "Id, as a keyed pseudonym"),
        CUSTOMER_KEY,
        key("status", "resolved, or ambiguous: several customers share it"),
        Column("distance", "bigint", "Edges between the id and its customer"),
        Column("candidates", "bigint", "Customers that reach it at that distance"),
    ),
    identity=("id",),
    mutable=True,
    checks=(("status_known", "status IN ('resolved', 'ambiguous')"),),
)

CUSTOMER_BEHAVIOR = Table(
    name="gold.customer_behavior",
    description="The unified behaviour table: one row per event of any channel, with the person resolved.",
    columns=EVENT_COLUMNS,
    identity=("event_id",),
    mutable=True,
    day_of="event_time_ms",
    cluster_by=("event_date", "customer_key"),
    row_tracking=True,
)

FEATURE_HISTORY = Table(
    name="gold.feature_history",
    description="One row per view, customer and day on which a value changed, as of the end of that day.",
    columns=(
        key("view", "Feature view"),
        CUSTOMER_KEY,
        time_ms("event_time_ms", "As of when"),
        time_ms("created_ms", "When it was computed"),
        personal("values", "Feature name to value", "json"),
        key("version", "Version of what computed it"),
        EVENT_DATE,
    ),
    identity=("view", "customer_key", "event_time_ms"),
    mutable=True,
    day_of="event_time_ms",
    cluster_by=("event_date", "view"),
)

DECISIONS = Table(
    name="gold.decisions",
    description="What the scenario tier decided, complete with its evidence.",
    columns=(
        key("decision_id", "Decision"),
        key("scenario_id", "Scenario"),
        Column("scenario_version", "bigint", "Version of the scenario"),
        CUSTOMER_KEY,
        time_ms("decided_ms", "When"),
        key("trigger_event_id", "Event that completed the pattern"),
        key("treatment", "treated, control or suppressed"),
        key("reason", "Why"),
        key("campaign", "Campaign"),
        personal("action", "What is done", "json"),
        personal("evidence", "Events that took part in the match", "json"),
        personal("features", "Feature values that were looked at", "json"),
        key("consent_purpose", "Purpose it needs a consent for"),
        key("model_version", "Model that took part"),
        Column("propensity", "double", "Probability of the treatment"),
        time_ms("measure_until_ms", "End of the measurement window"),
        Column("log_partition", "bigint", "Partition of the event log"),
        Column("log_offset", "bigint", "Offset of the trigger"),
        EVENT_DATE,
    ),
    identity=("decision_id",),
    day_of="decided_ms",
    cluster_by=("event_date", "scenario_id"),
)

RECEIPTS = Table(
    name="gold.receipts",
    description="Which channel took over which offer.",
    columns=(
        key("decision_id", "Decision"),
        key("channel", "Delivery channel"),
        time_ms("handed_over_ms", "When"),
        key("reference", "The channel's own reference"),
        EVENT_DATE,
    ),
    identity=("decision_id",),
    day_of="handed_over_ms",
    cluster_by=("event_date",),
)

OUTCOMES = Table(
    name="gold.outcomes",
    description="What customers did with decisions.",
    columns=(
        key("event_id", "Event"),
        key("decision_id", "Decision"),
        CUSTOMER_KEY,
        key("kind", "delivered, opened, accepted or declined"),
        time_ms("event_time_ms", "When"),
        personal("value", "Won", "double"),
        EVENT_DATE,
    ),
    identity=("event_id",),
    day_of="event_time_ms",
    cluster_by=("event_date",),
)

TABLES = (IDENTITIES, CUSTOMER_BEHAVIOR, FEATURE_HISTORY, DECISIONS, RECEIPTS, OUTCOMES)
