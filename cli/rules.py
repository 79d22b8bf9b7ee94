"""``hub rules``: check, run, backtest and replay scenarios."""

from __future__ import annotations

import signal
import threading
from collections import Counter
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from cli.output import AsJson, Exit, answer, grid, messages, pairs
from hub.clock import parse_ms
from infra.wiring import Hub, current_hub

app = typer.Typer(help="Scenarios: check, run, backtest, replay.", no_args_is_help=True)
ScenarioFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A scenario file.")]


@app.command()
def check(file: ScenarioFile, as_json: AsJson = False) -> None:
    """Check a scenario file: its words, its types, and that its examples fire and miss as they say."""
    from lakehouse.features import feature_specs
    from rules.check import check_file

    report = check_file(file, feature_specs())
    shown = msgspec.to_builtins(report) | {"ok": report.ok}
    rows = [(p.severity, str(p.line or ""), p.field, p.message) for p in report.problems]
    rows += [
        ("passed" if e.passed else "failed", "", e.name, f"expected {e.expected}, got {e.got}") for e in report.examples
    ]
    answer(shown, as_json=as_json, render=lambda: grid(("", "line", "where", "what"), rows))
    if not report.ok:
        raise typer.Exit(Exit.SOME_REFUSED)


@app.command()
def run(
    once: Annotated[bool, typer.Option(help="Decide what the log holds now, deliver, and end.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run the scenario tier over the event log and hand its offers over."""
    from infra.jobs import decisions

    hub = current_hub()
    if once:
        report = {**decisions.decide(hub), **decisions.deliver(hub)}
        answer(report, as_json=as_json, render=lambda: pairs(dict(report)))
        return
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    messages.print("deciding; Ctrl-C ends")
    decisions.run_tier(hub, stop)


@app.command()
def backtest(
    file: ScenarioFile,
    start: Annotated[str, typer.Option("--from", help="ISO date or time.")],
    end: Annotated[str, typer.Option("--to", help="ISO date or time.")],
    as_json: AsJson = False,
) -> None:
    """Run a scenario over the history in the lake: what would it have decided? Nothing is delivered."""
    from infra.jobs import backtesting

    hub = current_hub()
    from_ms, to_ms = (parse_ms(t, naive_offset_hours=hub.settings.timezone_offset_hours) for t in (start, end))
    decided = list(backtesting.backtest(hub, file, from_ms, to_ms))
    reasons = Counter((d.treatment.value, d.reason) for d in decided)
    shown = {
        "decisions": len(decided),
        "by_reason": [{"treatment": t, "reason": r, "count": c} for (t, r), c in reasons.most_common()],
    }
    answer(
        shown,
        as_json=as_json,
        render=lambda: grid(("treatment", "reason", "count"), ((t, r, c) for (t, r), c in reasons.most_common())),
    )


@app.command()
def replay(as_json: AsJson = False) -> None:
    """Decide the whole log again and compare byte by byte with what was decided."""
    from infra.jobs import backtesting

    report = backtesting.compare_replay(current_hub())
    answer(report, as_json=as_json, render=lambda: pairs(dict(report)))
    if report["different"] or report["missing"]:
        raise typer.Exit(Exit.SOME_REFUSED)


@app.command("list")
def list_scenarios(as_json: AsJson = False) -> None:
    """List the scenarios in force."""
    rows = _scenarios(current_hub())
    answer(
        rows,
        as_json=as_json,
        render=lambda: grid(("scenario", "version", "owner", "priority"), (list(r.values()) for r in rows)),
    )


def _scenarios(hub: Hub) -> list[dict[str, object]]:
    return [
        {"id": s.id, "version": s.version, "owner": s.owner, "priority": s.policy.priority} for s in hub.book.scenarios
    ]
