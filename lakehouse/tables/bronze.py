"""Bronze: raw facts as the sources delivered them. Vault zone: raw identifiers live here and nowhere above."""

from __future__ import annotations

from lakehouse.tables.declaration import EVENT_DATE, PROVENANCE, Column, Table, key, raw, time_ms

_CONTENT_HASH = key("content_hash", "Hash of the content, the identity of a raw fact")

CALLS = Table(
    name="bronze.calls",
    description="One row per delivered recording, with what its sidecar says.",
    columns=(
        key("call_id", "Call, as the source names it"),
        key("object_key", "Recording in the object store"),
        _CONTENT_HASH,
        time_ms("started_ms", "Start of the call"),
        key("direction", "inbound or outbound"),
        raw("customer_no", "Customer number, often not known"),
        raw("phone", "Telephone number of the customer"),
        key("agent_id", "Agent"),
        key("language", "ko or en, where the source says it"),
        Column("channel_roles", "array<string>", "Who speaks on each channel, in order"),
        Column("recording_consent", "boolean", "Whether the recording may be used"),
        PROVENANCE,
        EVENT_DATE,
    ),
    identity=("call_id",),
    mutable=True,
    same_when=("content_hash",),
    day_of="started_ms",
    cluster_by=("event_date",),
    checks=(("started_after_1970", "started_ms >= 0"),),
)

MEMOS = Table(
    name="bronze.memos",
    description="One row per posted transaction with its free-text memo.",
    columns=(
        key("txn_id", "Transaction"),
        raw("account_no", "Account or card number"),
        raw("customer_no", "Customer number"),
        time_ms("posted_ms", "Posting"),
        Column("amount", "bigint", "Amount in minor-less units of the currency, positive"),
        key("currency", "ISO 4217"),
        key("direction", "in or out"),
        key("method", "transfer, card, atm, auto_debit or pos"),
        raw("memo", "Free text, which may name persons"),
        Column("balance", "bigint", "Balance after the posting"),
        _CONTENT_HASH,
        PROVENANCE,
        EVENT_DATE,
    ),
    identity=("txn_id",),
    mutable=True,
    same_when=("content_hash",),
    day_of="posted_ms",
    cluster_by=("event_date",),
    checks=(("amount_not_negative", "amount >= 0"), ("direction_known", "direction IN ('in', 'out')")),
)

LOG_LINES = Table(
    name="bronze.log_lines",
    description="One row per web, app or business-system log line.",
    columns=(
        key("message_id", "Id given by the sender, or content hash"),
        key("type", "Event type, past tense"),
        key("channel", "web, app, core, branch, staff or delivery"),
        time_ms("event_time_ms", "When it happened"),
        time_ms("received_time_ms", "When it arrived"),
        raw("customer_no", "Customer number, when logged in"),
        raw("anonymous_id", "Id of the browser or app"),
        raw("properties", "Properties as sent", "json"),
        _CONTENT_HASH,
        PROVENANCE,
        EVENT_DATE,
    ),
    identity=("message_id",),
    day_of="event_time_ms",
    cluster_by=("event_date",),
)

MASTER_ROWS = Table(
    name="bronze.master_rows",
    description="The latest delivery of each row of core-bank master data; older ones are in the change feed.",
    columns=(
        key("table", "Master table: customers, accounts, products ..."),
        raw("key", "Business key within the table"),
        raw("values", "Columns as text", "map<string,string>"),
        _CONTENT_HASH,
        PROVENANCE,
    ),
    identity=("table", "key"),
    mutable=True,
    same_when=("content_hash",),
    cluster_by=("table",),
)

TABLES = (CALLS, MEMOS, LOG_LINES, MASTER_ROWS)
