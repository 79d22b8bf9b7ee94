"""Which processes make up a running hub on one machine."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

from infra import processes
from infra.airflow.home import airflow_environment, prepare

if TYPE_CHECKING:
    from infra.wiring import Hub

API, RULES, AIRFLOW = "api", "rules", "airflow"


def up(hub: Hub, *, airflow: bool = False) -> None:
    """Start what does not run yet; returns when the API listens."""
    environment = {"HUB_HOME": str(hub.home)}
    processes.start(hub.run_dir, API, processes.python("api.main"), environment)
    if hub.settings.api.rules_in_process:
        processes.start(hub.run_dir, RULES, processes.python("infra.services", RULES), environment)
    if airflow:
        prepare(hub.settings)
        settings = airflow_environment(hub.settings) | {"AIRFLOW__API__PORT": "8081"}
        processes.start(hub.run_dir, AIRFLOW, processes.python("airflow", "standalone"), settings)
    processes.wait_until_listening(hub.run_dir, API, hub.settings.api.port)


def down(hub: Hub) -> list[str]:
    """Stop everything; returns the names of what ran."""
    from infra.spark import driver

    hub.leave_spark()
    stopped = [name for name in (API, RULES, AIRFLOW) if processes.stop(hub.run_dir, name)]
    return stopped + (["spark"] if driver.stop(hub.run_dir) else [])


def status(hub: Hub) -> list[dict[str, object]]:
    """Return one line per process."""
    from infra.spark import driver

    lines: list[dict[str, object]] = []
    for name in (API, RULES, AIRFLOW):
        running = processes.find(hub.run_dir, name)
        detail = f"http://{hub.settings.api.host}:{hub.settings.api.port}" if name == API and running else ""
        lines.append(
            {
                "process": name,
                "state": "running" if running else "stopped",
                "pid": running.pid if running else None,
                "detail": detail,
            }
        )
    spark = driver.status(hub.run_dir)
    lines.append(
        {
            "process": "spark",
            "state": "running" if spark else "stopped",
            "pid": spark.pid if spark else None,
            "detail": spark.remote if spark else "",
        }
    )
    return lines


def run_rules() -> None:
    """Run the scenario tier and deliver its offers until told to stop."""
    from infra.jobs.decisions import run_tier
    from infra.wiring import current_hub

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run_tier(current_hub(), stop)


if __name__ == "__main__":
    run_rules()
