"""The demo, run once as a user runs it, for all tests of the main path."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CUSTOMERS, DAYS = 120, 45


class HubCommand:
    """The ``hub`` command in a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("HUB_", "AIRFLOW"))}
        return {**kept, "HUB_HOME": str(self.home), "HUB_API__PORT": str(self.port)}

    def run(self, *arguments: str, expect: int = 0) -> str:
        done = subprocess.run(
            [str(ROOT / ".venv/bin/hub"), *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=1_500,
        )
        assert done.returncode == expect, (
            f"{arguments}: exit {done.returncode}\n{done.stderr[-4000:]}\n{self._airflow_log()}"
        )
        return done.stdout

    def json(self, *arguments: str, expect: int = 0) -> Any:
        return json.loads(self.run(*arguments, "--json", expect=expect))

    def demo(self) -> dict[str, Any]:
        return dict(self.json("demo", "--no-serve", "--customers", str(CUSTOMERS), "--days", str(DAYS)))

    def _airflow_log(self) -> str:
        log = self.home / "run" / "airflow.log"
        return log.read_text("utf-8", errors="replace")[-3000:] if log.exists() else ""


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubCommand]:
    command = HubCommand(tmp_path_factory.mktemp("hub-home"))
    yield command
    subprocess.run(
        [str(ROOT / ".venv/bin/hub"), "down"], cwd=ROOT, env=command.environment, capture_output=True, check=False
    )


@pytest.fixture(scope="session")
def first_run(hub: HubCommand) -> dict[str, Any]:
    return hub.demo()
