"""Bringing the catalogue's schema up to date: Alembic migrations, run once, under a lock."""

from __future__ import annotations

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from catalog.transactions import reading, writing
from hub.errors import Misconfigured

MIGRATIONS = Path(__file__).parent / "migrations"
_TURN = 0x68756201
# Alembic keeps the migration in progress in module globals.
_one_at_a_time = threading.Lock()


def migrate(engine: Engine) -> None:
    """Upgrade to the newest revision; does nothing when it is there. Safe from many processes at once.

    Raises:
        Misconfigured: the database carries a revision this version does not know.
    """
    config = _config()
    script = ScriptDirectory.from_config(config)
    with reading(engine) as connection:
        if _revision(connection) == script.get_current_head():
            return
    with _one_at_a_time, writing(engine, turn=_TURN) as connection:
        found = _revision(connection)
        if found is not None and found not in {revision.revision for revision in script.walk_revisions()}:
            raise Misconfigured(
                "The catalogue behind HUB_CATALOG__URL was upgraded by a newer hub: use that version or another URL.",
                reason="catalog_too_new",
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
