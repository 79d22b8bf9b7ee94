"""The environment Airflow runs in: its home under HUB_HOME, our DAGs, our pools, quiet logs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from hub.settings import CHECKOUT, Settings


def airflow_environment(settings: Settings) -> dict[str, str]:
    """Return the process environment for any Airflow command of this hub.

    Values already set by the operator win: a cluster's Airflow is configured by its own means.
    """
    home = Path(settings.airflow.home or settings.home / "airflow")
    ours = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(CHECKOUT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "2",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "HUB_HOME": str(settings.home),
        "PYTHONWARNINGS": "ignore",
    }
    return {
        **ours,
        **os.environ,
        "HUB_HOME": str(settings.home),
        "AIRFLOW_HOME": os.environ.get("AIRFLOW_HOME", ours["AIRFLOW_HOME"]),
    }


def prepare(settings: Settings) -> None:
    """Create Airflow's database and the pools; quick when they are there."""
    environment = airflow_environment(settings)
    home = Path(environment["AIRFLOW_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    marker = home / ".hub-prepared"
    if marker.exists():
        return
    command = [sys.executable, "-m", "infra.airflow.migrate"]
    subprocess.run(command, env=environment, cwd=CHECKOUT, check=True, stdout=subprocess.DEVNULL)
    marker.write_text("database and pools\n")
