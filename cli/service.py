"""``hub up``, ``hub status``, ``hub down``: the long-lived processes."""

from __future__ import annotations

import signal
import threading
from typing import Annotated

import typer

from cli.output import AsJson, answer, grid, messages
from infra import services
from infra.wiring import current_hub


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("up")(up)
    app.command("status")(status)
    app.command("down")(down)


def up(
    airflow: Annotated[
        bool, typer.Option(help="Also Airflow: scheduler, workers and its web page on port 8081.")
    ] = False,
    wait: Annotated[bool, typer.Option(help="Stay in the foreground until interrupted, then stop everything.")] = False,
) -> None:
    """Start API, collector, console and the scenario tier."""
    hub = current_hub()
    services.up(hub, airflow=airflow)
    messages.print(
        f"API, collector and console: http://{hub.settings.api.host}:{hub.settings.api.port}/console", highlight=False
    )
    if wait:
        wait_until_interrupted()


def wait_until_interrupted() -> None:
    """Stay until Ctrl-C or a termination signal, then stop what runs."""
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    told.wait()
    messages.print("stopping")
    services.down(current_hub())


def status(as_json: AsJson = False) -> None:
    """Show what runs and how far the scenario tier is behind the log."""
    data = services.status(current_hub())
    answer(
        data,
        as_json=as_json,
        render=lambda: grid(("process", "state", "pid", "detail"), (list(d.values()) for d in data)),
    )


def down() -> None:
    """Stop everything this hub started, the Spark driver too."""
    for name in services.down(current_hub()):
        messages.print(f"stopped {name}", highlight=False)
