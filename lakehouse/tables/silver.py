"""Silver: cleaned, pseudonymous, redacted; each source in its own shape and as the one event envelope."""

from __future__ import annotations

from lakehouse.tables.declaration import (
    CUSTOMER_KEY,
    EVENT_DATE,
    PROVENANCE,
    Column,
    Table,
    key,
    personal,
    time_ms,
)

_IDS = personal("ids", "Other ids of the person, as keyed pseudonyms", "array<string>")

EVENT_COLUMNS = (
    key("event_id", "Event, kept for the life of the lake"),
    key("type", "Event type, past tense"),
    key("channel", "Where it was seen"),
    time_ms("event_time_ms", "When it happened"),
    time_ms("received_time_ms", "When it arrived"),
    CUSTOMER_KEY,
    _IDS,
    personal("properties", "Properties, redacted", "json"),
    Column("consent_purposes", "array<string>", "Purposes the sender recorded a consent for"),
    PROVENANCE,
    EVENT_DATE,
)

CALLS = Table(
    name="silver.calls",
    description="One row per call that was dealt with: transcribed, or refused and why.",
    columns=(
        key("call_id", "Call"),
        key("content_hash", "Recording it was made from"),
        time_ms("started_ms", "Start of the call"),
        Column("duration_ms", "bigint", "Length of the recording"),
        key("direction", "inbound or outbound"),
        key("language", "Language spoken"),
        key("agent_id", "Agent"),
        CUSTOMER_KEY,
        _IDS,
        key("status", "transcribed or refused"),
        key("reason", "Why it was refused"),
        key("model", "Speech model"),
        key("reader_version", "Version of what read the transcript"),
        key("object_key", "Recording in the object store"),
        Column("turns", "bigint", "Turns in silver.transcripts"),
        Column("warnings", "array<string>", "What the recogniser warned of"),
        EVENT_DATE,
    ),
    identity=("call_id",),
    mutable=True,
    day_of="started_ms",
    cluster_by=("event_date",),
    checks=(("status_known", "status IN ('transcribed', 'refused')"),),
)

TRANSCRIPTS = Table(
    name="silver.transcripts",
    description="One row per turn of a call, with personal data masked.",
    columns=(
        key("call_id", "Call"),
        Column("turn_id", "bigint", "Turn within the call"),
        key("role", "AGENT or CUSTOMER"),
        personal("text", "What was said in normal form (numbers in digits), personal data replaced by [KIND]"),
        personal("verbatim", "What the recogniser wrote, personal data replaced by [KIND]"),
        Column("start_ms", "bigint", "Start within the recording, milliseconds"),
        Column("end_ms", "bigint", "End within the recording, milliseconds"),
        Column("confidence", "double", "Mean probability of the words"),
        key("language", "Language spoken"),
        key("model", "Speech model"),
        key("content_hash", "Recording it was made from"),
        time_ms("started_ms", "Start of the call"),
        EVENT_DATE,
    ),
    identity=("call_id", "turn_id"),
    mutable=True,
    day_of="started_ms",
    cluster_by=("event_date", "call_id"),
    checks=(("ends_after_start", "end_ms >= start_ms"),),
)

CALL_FACTS = Table(
    name="silver.call_facts",
    description="One row per thing a call says: intent, life event, complaint, product.",
    columns=(
        key("call_id", "Call"),
        Column("fact_no", "bigint", "Fact within the call, in order of time"),
        key("kind", "intent, life_event, complaint, product ..."),
        key("label", "What exactly, a leaf of the taxonomy of its kind"),
        key("value", "What the label leaves open: the day of a promise (ISO date), the score of a sentiment"),
        Column("turn_id", "bigint", "Turn it was said in"),
        key("role", "AGENT or CUSTOMER"),
        personal("sentence", "Redacted sentence"),
        Column("start_ms", "bigint", "Start within the recording, milliseconds"),
        Column("end_ms", "bigint", "End within the recording, milliseconds"),
        Column("confidence", "double", "0 to 1"),
        key("decided_by", "Rule or model that found it"),
        CUSTOMER_KEY,
        _IDS,
        key("reader_version", "Version of what read the transcript"),
        time_ms("started_ms", "Start of the call"),
        EVENT_DATE,
    ),
    identity=("call_id", "fact_no"),
    mutable=True,
    day_of="started_ms",
    cluster_by=("event_date", "kind"),
)

_MEMO_COLUMNS = (
    key("category", "Leaf of the memo taxonomy"),
    personal("counterparty", "Merchant, employer or institution; persons are redacted"),
    key("counterparty_kind", "merchant, employer, institution, person or unknown"),
    key("brand", "Merchant brand"),
    key("branch", "Branch of the merchant"),
    key("life_event", "Life event the memo shows"),
    Column("is_recurring", "boolean", "Whether the memo names a recurring payment"),
    Column("confidence", "double", "0 to 1"),
    key("decided_by", "Rule or model that decided"),
    personal("redacted_memo", "Memo with personal data masked"),
    key("channel", "How the money moved: pos, card, auto_debit, transfer or wallet"),
    key("period", "What time is paid for: 2026-03, 03, Q1 or T2"),
    key("instalment", "3/12, 5 (the fifth) or x6 (in six months)"),
    personal("recurrence_key", "The same for payments of one standing order, as far as the memo tells"),
)

MEMO_FACTS = Table(
    name="silver.memo_facts",
    description="What each transaction memo says.",
    columns=(
        key("txn_id", "Transaction"),
        personal("account", "Account, as a keyed pseudonym"),
        CUSTOMER_KEY,
        *_MEMO_COLUMNS,
        personal("text_key", "The memo's text, as a keyed pseudonym: row of silver.memo_readings"),
        key("parser_version", "Version of the parser"),
        key("content_hash", "Raw row it was made from"),
        time_ms("posted_ms", "Posting"),
        EVENT_DATE,
    ),
    identity=("txn_id",),
    mutable=True,
    day_of="posted_ms",
    cluster_by=("event_date", "category"),
)

MEMO_READINGS = Table(
    name="silver.memo_readings",
    description="What each version of the memo parser read in each distinct text: read once, however often it is posted.",
    columns=(
        personal("text_key", "The text, as a keyed pseudonym"),
        key("parser_version", "Version of the parser"),
        *_MEMO_COLUMNS,
        time_ms("processed_ms", "When it was read"),
    ),
    identity=("text_key", "parser_version"),
    cluster_by=("parser_version", "text_key"),
)

EVENTS = Table(
    name="silver.events",
    description="Every channel in the one envelope, before identity is resolved.",
    columns=EVENT_COLUMNS,
    identity=("event_id",),
    mutable=True,
    day_of="event_time_ms",
    cluster_by=("event_date", "type"),
    checks=(("type_given", "length(type) > 0"),),
)

IDENTITY_EDGES = Table(
    name="silver.identity_edges",
    description="Two ids are one person, says a source, until it is taken back.",
    columns=(
        personal("left", "One id, as a keyed pseudonym"),
        personal("right", "The other id, as a keyed pseudonym"),
        key("source", "Who says so: login, call, master ..."),
        time_ms("valid_from_ms", "Since when"),
        time_ms("valid_to_ms", "Until when; empty while it holds"),
        key("evidence", "Event or row that shows it"),
    ),
    identity=("left", "right", "source"),
    mutable=True,
    same_when=("valid_from_ms", "valid_to_ms"),
)

CUSTOMERS = Table(
    name="silver.customers",
    description="One row per customer: master data without what identifies.",
    columns=(
        CUSTOMER_KEY,
        personal("sex", "M or F"),
        personal("birth_month", "First day of the month of birth", "date"),
        personal("region", "Region of the address"),
        personal("occupation", "Occupation"),
        personal("segment", "mass, affluent or vip"),
        personal("joined_on", "Day of joining the bank", "date"),
        personal("has_consultant", "Whether a consultant is assigned", "boolean"),
        key("consultant_id", "Consultant"),
        personal("consents", "Purposes consented to at present", "array<string>"),
    ),
    identity=("customer_key",),
    mutable=True,
)

HOLDINGS = Table(
    name="silver.holdings",
    description="One row per product a customer holds or held.",
    columns=(
        key("holding_id", "Holding"),
        CUSTOMER_KEY,
        key("product_id", "Product"),
        key("product_type", "deposit, savings, subscription_savings, loan, card, car_insurance ..."),
        personal("opened_on", "First day", "date"),
        personal("matures_on", "Day of maturity", "date"),
        personal("amount", "Amount, won", "bigint"),
    ),
    identity=("holding_id",),
    mutable=True,
)

PRODUCTS = Table(
    name="silver.products",
    description="One row per product.",
    columns=(
        key("product_id", "Product"),
        key("name_ko", "Korean name"),
        key("name_en", "English name"),
        key("product_type", "Type of product"),
        Column("rate", "double", "Yearly rate, percent"),
        key("owner", "Department"),
    ),
    identity=("product_id",),
    mutable=True,
)

TABLES = (
    CALLS,
    TRANSCRIPTS,
    CALL_FACTS,
    MEMO_FACTS,
    MEMO_READINGS,
    EVENTS,
    IDENTITY_EDGES,
    CUSTOMERS,
    HOLDINGS,
    PRODUCTS,
)
