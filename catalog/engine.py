"""Opening the catalogue: one SQLAlchemy engine, its schema brought up to date, one store per noun."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from catalog.access_log import SqlAccessLog
from catalog.dead_letters import SqlDeadLetterStore
from catalog.decisions import SqlDecisionStore
from catalog.evaluations import SqlEvaluationStore
from catalog.faults import translated
from catalog.keys import SqlKeyStore
from catalog.lineage import SqlLineageStore
from catalog.migrate import migrate
from catalog.reviews import SqlReviewStore
from catalog.state import SqlStateStore
from catalog.transactions import WRITES
from hub.errors import Misconfigured

BUSY_TIMEOUT_MS = 30_000
CONNECT_TIMEOUT_S = 5


class Catalog(NamedTuple):
    """The stores of one catalogue; ``close`` when done."""

    engine: Engine
    dead_letters: SqlDeadLetterStore
    decisions: SqlDecisionStore
    state: SqlStateStore
    access_log: SqlAccessLog
    keys: SqlKeyStore
    lineage: SqlLineageStore
    reviews: SqlReviewStore
    evaluations: SqlEvaluationStore

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def open_catalog(url: str) -> Catalog:
    """Open a catalogue, creating or upgrading its tables under a lock.

    Args:
        url: ``sqlite:////absolute/path/catalog.db`` or ``postgresql+psycopg://user:password@host/database``.
    Raises:
        Misconfigured: a URL of neither kind, a database that refuses us, or one that a newer hub has upgraded.
        Transient: the server is away.
    """
    engine = _engine(url)
    with translated():
        migrate(engine)
    return Catalog(
        engine=engine,
        dead_letters=SqlDeadLetterStore(engine),
        decisions=SqlDecisionStore(engine),
        state=SqlStateStore(engine),
        access_log=SqlAccessLog(engine),
        keys=SqlKeyStore(engine),
        lineage=SqlLineageStore(engine),
        reviews=SqlReviewStore(engine),
        evaluations=SqlEvaluationStore(engine),
    )


def _engine(url: str) -> Engine:
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    if parsed.get_backend_name() == "postgresql":
        return _postgresql(parsed)
    raise Misconfigured(
        f"HUB_CATALOG__URL names a {parsed.get_backend_name()} database; the catalogue runs on sqlite or postgresql.",
        reason="bad_catalog_url",
    )


def _parse(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError:
        raise Misconfigured(
            "HUB_CATALOG__URL is no database URL: write sqlite:////path/catalog.db or "
            "postgresql+psycopg://user:password@host/database.",
            reason="bad_catalog_url",
        ) from None


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise Misconfigured("HUB_CATALOG__URL names no file; a catalogue in memory would forget.", reason="no_file")
    try:
        Path(url.database).absolute().parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured(
            f"The folder of HUB_CATALOG__URL cannot be made: {error.strerror}.", reason="bad_catalog_url"
        ) from error
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1_000})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    # The driver's own BEGIN comes too late and is never IMMEDIATE: we send ours.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_TIMEOUT_MS}", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A reader that turns writer is refused at once when another wrote in between; IMMEDIATE waits its turn.
    is_writer = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")


def _postgresql(url: URL) -> Engine:
    # READ COMMITTED on purpose: a writer that waited for a lock must see what the one before it committed.
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
    )
