"""One Spark driver for the session, and a small bank in bronze."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.clock import SettableClock
from hub.ids import Pseudonymizer
from hub.settings import CHECKOUT
from infra.spark.configuration import DriverOptions
from infra.spark.driver import ensure_driver, stop
from infra.spark.jars import fetch_jars
from lakehouse.delta_tables import DeltaTables
from lakehouse.session import SparkDoor
from tests.lakehouse.parts import KeptLineage

JARS = CHECKOUT / ".jars"
NOW_MS = 1_793_000_000_000


@pytest.fixture(scope="session")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkDoor]:
    """A session on a driver of the suite's own."""
    fetch_jars(JARS)
    run_dir = tmp_path_factory.mktemp("home") / "run"

    def address() -> tuple[str, str]:
        driver = ensure_driver(run_dir, JARS, DriverOptions(memory_mb=1_024))
        return driver.remote, driver.token

    opened = SparkDoor(address)
    yield opened
    opened.close()
    stop(run_dir)


MakeTables = Callable[[Path], DeltaTables]


@pytest.fixture(scope="session")
def make_tables(door: SparkDoor) -> MakeTables:
    """Returns a lake in a folder, with a lineage of its own."""
    return lambda folder: DeltaTables(door, str(folder / "lake"), SettableClock(NOW_MS), KeptLineage())


@pytest.fixture
def tables(make_tables: MakeTables, tmp_path: Path) -> DeltaTables:
    """An empty lake."""
    return make_tables(tmp_path)


@pytest.fixture(scope="session")
def pseudonyms() -> Pseudonymizer:
    """Pseudonyms under a key of the suite's own."""
    return Pseudonymizer(b"k" * 32)
