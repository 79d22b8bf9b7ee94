"""The tables port: Delta in a directory and Delta on MinIO over s3a, told apart by settings alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.errors import Permanent
from hub.settings import load_settings
from infra.spark import driver
from infra.spark.jars import fetch_jars
from infra.spark.session import JARS_DIR
from infra.wiring import Hub
from lakehouse.delta_tables import DeltaTables
from tests.lakehouse.parts import log_row, master_row
from tests.servers.minio import MinioServer

pytestmark = [pytest.mark.spark, pytest.mark.servers, pytest.mark.slow]
AT_MS = 1_790_000_000_000


def directory(home: Path, _request: pytest.FixtureRequest) -> dict[str, str]:
    fetch_jars(JARS_DIR)
    return {"HUB_HOME": str(home)}


def s3a(home: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    fetch_jars(JARS_DIR, s3=True)
    server: MinioServer = request.getfixturevalue("minio")
    bucket = server.bucket()
    return {
        "HUB_HOME": str(home),
        "HUB_LAKE__ROOT": f"s3a://{bucket}/lake",
        "HUB_OBJECT_STORE__KIND": "s3",
        "HUB_OBJECT_STORE__BUCKET": bucket,
        "HUB_OBJECT_STORE__ENDPOINT": server.endpoint,
        "HUB_OBJECT_STORE__REGION": server.region,
        "HUB_OBJECT_STORE__ACCESS_KEY": server.access_key,
        "HUB_OBJECT_STORE__SECRET_KEY": server.secret_key,
    }


@pytest.fixture(scope="module", params=[directory, s3a], ids=lambda make: make.__name__)
def tables(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeltaTables]:
    home = tmp_path_factory.mktemp("lake")
    hub = Hub(load_settings({**request.param(home, request), "HUB_LAKE__SPARK_MEMORY_MB": "1024"}))
    yield hub.tables
    hub.leave_spark()
    driver.stop(hub.run_dir)


def test_rows_are_written_once_per_identity_however_often_they_come(tables: DeltaTables) -> None:
    rows = [log_row(number, "product.viewed", AT_MS, properties={"n": number}) for number in range(20)]
    assert tables.merge("bronze.log_lines", rows) == 20
    version = {t.name: t.version for t in tables.list_tables()}["bronze.log_lines"]
    assert tables.merge("bronze.log_lines", rows) == 0
    assert {t.name: (t.version, t.rows) for t in tables.list_tables()}["bronze.log_lines"] == (version, 20)
    assert tables.merge("bronze.log_lines", [*rows, log_row(20, "page", AT_MS)]) == 1


def test_a_mutable_table_takes_the_newest_values(tables: DeltaTables) -> None:
    rows = [master_row("customers", str(number), name=f"n{number}") for number in range(3)]
    assert tables.merge("bronze.master_rows", rows) == 3
    assert tables.merge("bronze.master_rows", [master_row("customers", "1", name="new"), rows[0]]) == 1
    assert {r["key"]: r["values"]["name"] for r in tables.read("bronze.master_rows")} == {
        "0": "n0",
        "1": "new",
        "2": "n2",
    }


def test_reads_take_columns_and_a_condition(tables: DeltaTables) -> None:
    tables.merge("bronze.log_lines", [log_row(100, "other", AT_MS + 5)])
    found = list(tables.read("bronze.log_lines", ["message_id", "event_time_ms"], f"event_time_ms > {AT_MS}"))
    assert [(set(row), row["event_time_ms"]) for row in found] == [({"message_id", "event_time_ms"}, AT_MS + 5)]


def test_an_unknown_table_is_refused(tables: DeltaTables) -> None:
    with pytest.raises(Permanent):
        tables.merge("bronze.nothing", [{"a": 1}])
