"""Opening the catalogue: what is refused, and what the schema is."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from catalog.engine import open_catalog
from catalog.schema import metadata
from hub.errors import HubError, Misconfigured, Transient


@pytest.mark.parametrize(
    "url",
    [
        "",
        "not a url",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://user:hunter2@host/db",
        "sqlite:////proc/version/catalog.db",
    ],
)
def test_a_url_that_cannot_be_is_refused_and_names_the_setting_but_not_the_password(url: str) -> None:
    with pytest.raises(Misconfigured, match="HUB_CATALOG__URL") as refusal:
        open_catalog(url)
    assert "hunter2" not in str(refusal.value)


def test_a_server_that_is_away_is_transient() -> None:
    with pytest.raises(Transient) as failure:
        open_catalog("postgresql+psycopg://user:hunter2@127.0.0.1:1/db")
    assert "hunter2" not in str(failure.value)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "catalog.db"
    file.write_bytes(b"this is a letter, not a database" * 100)
    with pytest.raises(Misconfigured):
        open_catalog(f"sqlite:///{file}")


def test_a_catalogue_of_a_newer_hub_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/catalog.db"
    open_catalog(url).close()
    with sqlite3.connect(tmp_path / "catalog.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Misconfigured, match="newer hub"):
        open_catalog(url)


def test_the_migrations_make_the_declared_schema(tmp_path: Path) -> None:
    catalog = open_catalog(f"sqlite:///{tmp_path}/new/folder/catalog.db")
    with catalog.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
    catalog.close()
    assert not differences


def test_a_lock_held_too_long_is_transient_and_nothing_is_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.engine.BUSY_TIMEOUT_MS", 50)
    catalog = open_catalog(f"sqlite:///{tmp_path}/catalog.db")
    other = sqlite3.connect(tmp_path / "catalog.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(HubError) as failure:
        catalog.state.put({"a": b"1"})
    other.execute("ROLLBACK")
    other.close()
    assert isinstance(failure.value, Transient)
    assert catalog.state.get("a") is None
    catalog.state.put({"a": b"1"})
    catalog.close()
