"""A fresh rig for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.rig import Rig


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path / "hub")
    yield made
    made.close()
