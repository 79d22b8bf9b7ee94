"""The first tables: decisions, receipts, dead letters, state, access log, API keys, lineage."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_sequence = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Go to this version."""
    _create_decisions()
    _create_receipts()
    _create_dead_letters()
    op.create_table(
        "state",
        sa.Column("name", sa.String(300), primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
    )
    _create_access_log()
    op.create_table(
        "api_keys",
        sa.Column("key_id", sa.String(32), primary_key=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("revoked_ms", sa.BigInteger),
        sa.Column("label", sa.Text, nullable=False),
    )
    _create_lineage()


def downgrade() -> None:
    """Go back to an empty database."""
    for table in (
        "lineage_outputs",
        "lineage_runs",
        "api_keys",
        "access_head",
        "access_log",
        "state",
        "dead_letters",
        "receipts",
        "decisions",
    ):
        op.drop_table(table)


def _create_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("sequence", _sequence, primary_key=True, autoincrement=True),
        sa.Column("decision_id", sa.String(64), nullable=False, unique=True),
        sa.Column("scenario_id", sa.String(200), nullable=False),
        sa.Column("customer_key", sa.String(200), nullable=False),
        sa.Column("treatment", sa.String(20), nullable=False),
        sa.Column("decided_ms", sa.BigInteger, nullable=False),
        sa.Column("awaits_delivery", sa.Boolean, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("decisions_of_customer", "decisions", ["customer_key", "sequence"])
    op.create_index("decisions_of_scenario", "decisions", ["scenario_id", "sequence"])
    op.create_index("decisions_by_treatment", "decisions", ["scenario_id", "treatment"])
    waiting = sa.text("awaits_delivery")
    op.create_index("decisions_to_deliver", "decisions", ["sequence"], sqlite_where=waiting, postgresql_where=waiting)


def _create_receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("sequence", _sequence, primary_key=True, autoincrement=True),
        sa.Column("decision_id", sa.String(64), nullable=False, unique=True),
        sa.Column("channel", sa.String(100), nullable=False),
        sa.Column("handed_over_ms", sa.BigInteger, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )


def _create_dead_letters() -> None:
    op.create_table(
        "dead_letters",
        sa.Column("sequence", _sequence, primary_key=True, autoincrement=True),
        sa.Column("letter_id", sa.String(64), nullable=False, unique=True),
        sa.Column("feed", sa.String(100), nullable=False),
        sa.Column("stage", sa.String(100), nullable=False),
        sa.Column("reason", sa.String(100), nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("payload_key", sa.Text, nullable=False),
        sa.Column("provenance", sa.Text, nullable=False),
        sa.Column("received_ms", sa.BigInteger, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("status_note", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("dead_letters_by_age", "dead_letters", ["received_ms", "sequence"])
    op.create_index("dead_letters_of_feed", "dead_letters", ["feed", "status", "received_ms", "sequence"])
    op.create_index("dead_letters_by_status", "dead_letters", ["status", "received_ms", "sequence"])


def _create_access_log() -> None:
    op.create_table(
        "access_log",
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("task", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    op.create_index("access_of_subject", "access_log", ["subject", "sequence"])
    op.create_table(
        "access_head",
        sa.Column("only", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )


def _create_lineage() -> None:
    op.create_table(
        "lineage_runs",
        sa.Column("run_id", sa.String(200), primary_key=True),
        sa.Column("job", sa.String(200), nullable=False),
        sa.Column("ended_ms", sa.BigInteger, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_index("lineage_runs_by_age", "lineage_runs", ["ended_ms", "run_id"])
    op.create_table(
        "lineage_outputs",
        sa.Column("dataset", sa.String(300), primary_key=True),
        sa.Column("ended_ms", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("run_id", sa.String(200), primary_key=True),
    )
    op.create_index("lineage_outputs_of_run", "lineage_outputs", ["run_id"])
