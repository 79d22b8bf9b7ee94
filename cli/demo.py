"""``hub demo``: a synthetic bank through the whole hub, then API and console."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from cli.output import AsJson, Exit, answer, grid, messages
from cli.service import wait_until_interrupted
from infra import services
from infra.jobs import demonstration as demo
from infra.wiring import Hub, current_hub

DAG_STAGES = {
    "core_bank": "master data",
    "memos": "memos",
    "logs": "web, app and core logs",
    "calls": "calls: speech to text",
    "behavior": "one behaviour table, features",
    "retraining": "product model",
    "publishing": "event log",
    "decisions": "decisions and outcomes",
}


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(run)


def run(
    customers: Annotated[int, typer.Option(min=50, help="Customers of the synthetic bank.")] = 200,
    days: Annotated[int, typer.Option(min=20, help="Days of history.")] = 45,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Exit when done.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a synthetic bank, run the whole way once, then serve API and console until interrupted."""
    hub = current_hub()
    started = time.monotonic()
    stages: dict[str, float] = {}
    bank = _whole_way(hub, customers, days, stages)
    numbers = demo.summary(hub, bank)
    numbers |= {"minutes": round((time.monotonic() - started) / 60, 1), "stages": stages}
    as_planned = demo.refused_as_planned(numbers)
    answer(numbers, as_json=as_json, render=lambda: _closing(numbers))
    if not as_planned:
        messages.print(
            "[red]Other records were refused than those broken on purpose:[/red] hub dead-letters list", highlight=False
        )
    if not no_serve:
        _serve(hub)
    else:
        services.down(hub)
    raise typer.Exit(Exit.DONE if as_planned else Exit.SOME_REFUSED)


def _whole_way(hub: Hub, customers: int, days: int, stages: dict[str, float]) -> demo.Bank:
    from infra.jobs import decisions

    warming = demo.start_driver(hub)
    with _stage("synthetic bank", stages) as (bar, task):
        bank = demo.make_bank(hub, customers, days, lambda done, total: bar.update(task, completed=done, total=total))
    with _stage("Spark driver", stages):
        warming.join()
    _dags(hub, demo.history_dags(days), stages)
    with _stage("scenario tier", stages):
        decisions.decide(hub)
    with _stage("offers and answers", stages):
        decisions.deliver(hub)
        demo.answer_offers(hub)
    _dags(hub, demo.ANSWER_DAGS, stages, " of the answers")
    with _stage("scenario tier, answers", stages):
        decisions.decide(hub)
        decisions.deliver(hub)
    _dags(hub, demo.CLOSING_DAGS, stages)
    return bank


def _dags(hub: Hub, dags: list[str], stages: dict[str, float], suffix: str = "") -> None:
    runs = demo.run_dags(hub, dags)
    for dag in dags:
        name = DAG_STAGES[dag.partition("=")[0]] + suffix
        with _stage(name, stages) as (bar, task):
            ended = next(runs)
            done = sum(state == "success" for state in ended.tasks.values())
            bar.update(task, completed=done, total=len(ended.tasks))
    # The generator ends only after Airflow did, and says so when Airflow failed.
    for _ in runs:
        continue


@contextmanager
def _stage(name: str, stages: dict[str, float]) -> Iterator[tuple[Progress, Any]]:
    """Show a bar on a terminal and plain lines elsewhere; keep the seconds."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<34}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    begun = time.monotonic()
    with Progress(*columns, console=messages, disable=not messages.is_terminal) as bar:
        task = bar.add_task(name, total=None)
        yield bar, task
        if bar.tasks[task].total is None:
            bar.update(task, completed=1, total=1)
    stages[name] = round(time.monotonic() - begun, 1)
    if not messages.is_terminal:
        messages.print(f"{name}: {stages[name]} s", highlight=False)


def _closing(numbers: dict[str, Any]) -> Table:
    rows: list[tuple[str, Any]] = [
        ("calls", numbers["calls"]),
        ("memos", numbers["memos"]),
        ("clicks", numbers["clicks"]),
        ("refused rows", f"{numbers['refused']} ({', '.join(numbers['refused_reasons'])})"),
        ("behaviour events", numbers["behaviour_events"]),
        ("customers resolved", numbers["customers_resolved"]),
        ("feature rows", numbers["feature_rows"]),
    ]
    for scenario, counts in sorted(numbers["decisions"].items()):
        rows.append(
            (f"decisions: {scenario}", ", ".join(f"{count} {treatment}" for treatment, count in sorted(counts.items())))
        )
    rows += [
        ("offers treated / control", f"{numbers['offers_treated']} / {numbers['offers_control']}"),
        ("outcomes", numbers["outcomes"]),
        ("minutes", numbers["minutes"]),
    ]
    return grid(("", ""), rows, title="The demo bank, once through the hub")


def _serve(hub: Hub) -> None:
    services.up(hub)
    key = demo.console_key(hub)
    address = f"http://{hub.settings.api.host}:{hub.settings.api.port}"
    messages.print(
        f"\nConsole: {address}/console   key: {key.read_text()}\n(the key is kept in {key}; Ctrl-C stops everything)",
        highlight=False,
    )
    wait_until_interrupted()
