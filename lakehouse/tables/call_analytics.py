"""Calls as documents: Call Analytics' JSON, redacted, for teams that want the call as one piece."""

from __future__ import annotations

from lakehouse.tables.declaration import EVENT_DATE, Column, Table, key, personal, time_ms

CALL_ANALYTICS = Table(
    name="silver.call_analytics",
    description="One row per transcribed call: its analytics document, personal data masked, and the redacted recording.",
    columns=(
        key("call_id", "Call"),
        personal("document", "Amazon Transcribe Call Analytics' JSON, personal data replaced by [KIND]", "json"),
        Column("categories", "array<string>", "Rule categories the call belongs to"),
        Column("redactions", "bigint", "Stretches of the recording that were silenced"),
        personal("redacted_audio", "Copy of the recording with those silenced, in the object store, outside the vault"),
        key("model", "Speech model"),
        key("editor_version", "Version of what normalised, redacted and analysed the call"),
        key("content_hash", "Recording it was made from"),
        time_ms("started_ms", "Start of the call"),
        EVENT_DATE,
    ),
    identity=("call_id",),
    mutable=True,
    day_of="started_ms",
    cluster_by=("event_date",),
)

TABLES = (CALL_ANALYTICS,)
