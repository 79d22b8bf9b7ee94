"""The catalogue's tables, as the newest migration leaves them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

metadata = MetaData()

# SQLite counts up by itself only in a column of exactly this type.
Sequence64 = BigInteger().with_variant(Integer, "sqlite")

decisions = Table(
    "decisions",
    metadata,
    Column("sequence", Sequence64, primary_key=True, autoincrement=True),
    Column("decision_id", String(64), nullable=False, unique=True),
    Column("scenario_id", String(200), nullable=False),
    Column("customer_key", String(200), nullable=False),
    Column("treatment", String(20), nullable=False),
    Column("decided_ms", BigInteger, nullable=False),
    Column("awaits_delivery", Boolean, nullable=False),
    Column("document", Text, nullable=False),
    Index("decisions_of_customer", "customer_key", "sequence"),
    Index("decisions_of_scenario", "scenario_id", "sequence"),
    Index("decisions_by_treatment", "scenario_id", "treatment"),
    Index(
        "decisions_to_deliver",
        "sequence",
        sqlite_where=text("awaits_delivery"),
        postgresql_where=text("awaits_delivery"),
    ),
    sqlite_autoincrement=True,
)

receipts = Table(
    "receipts",
    metadata,
    Column("sequence", Sequence64, primary_key=True, autoincrement=True),
    Column("decision_id", String(64), nullable=False, unique=True),
    Column("channel", String(100), nullable=False),
    Column("handed_over_ms", BigInteger, nullable=False),
    Column("reference", Text, nullable=False),
    sqlite_autoincrement=True,
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("sequence", Sequence64, primary_key=True, autoincrement=True),
    Column("letter_id", String(64), nullable=False, unique=True),
    Column("feed", String(100), nullable=False),
    Column("stage", String(100), nullable=False),
    Column("reason", String(100), nullable=False),
    Column("message", Text, nullable=False),
    Column("payload_key", Text, nullable=False),
    Column("provenance", Text, nullable=False),
    Column("received_ms", BigInteger, nullable=False),
    Column("status", String(20), nullable=False),
    Column("status_note", Text, nullable=False),
    Index("dead_letters_by_age", "received_ms", "sequence"),
    Index("dead_letters_of_feed", "feed", "status", "received_ms", "sequence"),
    Index("dead_letters_by_status", "status", "received_ms", "sequence"),
    sqlite_autoincrement=True,
)

state = Table(
    "state",
    metadata,
    Column("name", String(300), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

access_log = Table(
    "access_log",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("account", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("subject", String(200), nullable=False),
    Column("task", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Index("access_of_subject", "subject", "sequence"),
)

# One row: where the chain ends, so that a record cut off its end is missed too.
access_head = Table(
    "access_head",
    metadata,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("key_id", String(32), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("revoked_ms", BigInteger),
    Column("label", Text, nullable=False),
)

lineage_runs = Table(
    "lineage_runs",
    metadata,
    Column("run_id", String(200), primary_key=True),
    Column("job", String(200), nullable=False),
    Column("ended_ms", BigInteger, nullable=False),
    Column("document", Text, nullable=False),
    Index("lineage_runs_by_age", "ended_ms", "run_id"),
)

lineage_outputs = Table(
    "lineage_outputs",
    metadata,
    Column("dataset", String(300), primary_key=True),
    Column("ended_ms", BigInteger, primary_key=True, autoincrement=False),
    Column("run_id", String(200), primary_key=True),
    Index("lineage_outputs_of_run", "run_id"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("sequence", Sequence64, primary_key=True, autoincrement=True),
    Column("review_id", String(64), nullable=False, unique=True),
    Column("reason", String(100), nullable=False),
    Column("done_ms", BigInteger),
    Column("note", Text, nullable=False),
    Column("document", Text, nullable=False),
    Index("reviews_that_wait", "done_ms", "sequence"),
    sqlite_autoincrement=True,
)

evaluations = Table(
    "evaluations",
    metadata,
    Column("evaluation_id", String(64), primary_key=True),
    Column("model", String(300), nullable=False),
    Column("corpus", String(64), nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Column("document", Text, nullable=False),
    Index("evaluations_of_model", "model", "made_ms"),
)
