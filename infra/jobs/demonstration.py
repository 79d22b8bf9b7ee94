"""The demo: a synthetic bank through the whole hub once. Run twice, it leaves the same tables."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec

from hub.errors import HubError, Permanent
from hub.records import Decision
from hub.settings import CHECKOUT
from infra import processes
from infra.airflow.home import airflow_environment, prepare
from infra.jobs import record
from infra.wiring import Hub

LAST_DAY = date(2026, 10, 31)
SEED = 7
# The last third of the period is decided with a model that has seen the first two thirds.
TRAINING_SHARE = 2 / 3
_ASKED = "demo:asked_through"

Progress = Callable[[int, int], None]


class Bank(msgspec.Struct, frozen=True):
    """What the synthetic bank was asked to be, and what it delivered."""

    customers: int
    days: int
    counts: dict[str, int]
    broken: list[str]


class DagRun(msgspec.Struct, frozen=True):
    """How one DAG run ended."""

    dag: str
    state: str
    tasks: dict[str, str]
    seconds: float


def make_bank(hub: Hub, customers: int, days: int, progress: Progress) -> Bank:
    """Write the bank's files, unless they are there already from the same numbers."""
    note = hub.home / "source" / ".bank.json"
    if note.exists():
        bank = msgspec.json.decode(note.read_bytes(), type=Bank)
        if (bank.customers, bank.days) == (customers, days):
            return bank
        raise Permanent(
            f"{hub.home} holds a demo bank of {bank.customers} customers and {bank.days} days; "
            "delete it (make clean) or choose another HUB_HOME.",
            reason="other_bank",
        )
    from demo.bank import generate

    summary = generate(
        hub.home / "source",
        hub.home / "truth",
        customers=customers,
        days=days,
        seed=SEED,
        last_day=LAST_DAY,
        on_progress=lambda _stage, done, total: progress(done, total),
    )
    counts = {name: count for name, count in summary.to_dict().items() if isinstance(count, int)}
    bank = Bank(customers, days, counts, [b.kind for b in summary.broken])
    note.write_bytes(msgspec.json.encode(bank))
    return bank


def start_driver(hub: Hub) -> threading.Thread:
    """Start the Spark driver in the background; it comes up while the bank is being made."""

    def warm() -> None:
        try:
            hub.tables.session()
        except HubError:
            return  # the first task that needs it says what is wrong

    thread = threading.Thread(target=warm, daemon=True)
    thread.start()
    return thread


def run_dags(hub: Hub, dags: list[str]) -> Iterator[DagRun]:
    """Run DAGs through Airflow, one after the other; yields each run as it ends.

    Raises:
        Permanent: a run failed; the message names its log.
    """
    prepare(hub.settings)
    log = hub.run_dir / "airflow.log"
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    command = processes.python("infra.airflow.run_dags", f"{LAST_DAY.isoformat()}T00:00:00+09:00", *dags)
    with log.open("ab") as errors:
        child = subprocess.Popen(
            command, cwd=CHECKOUT, env=airflow_environment(hub.settings), stdout=subprocess.PIPE, stderr=errors
        )
        try:
            for line in child.stdout or ():
                run = msgspec.json.decode(line, type=DagRun)
                if run.state != "success":
                    raise Permanent(f"The DAG {run.dag} failed; {log} says why.", reason="dag_failed", dag=run.dag)
                yield run
            if child.wait():
                raise Permanent(f"Airflow ended with {child.returncode}; {log} says why.", reason="airflow_failed")
        finally:
            if child.poll() is None:
                child.terminate()
                child.wait()


def cut_of(days: int) -> str:
    """Return the date up to which the model may learn."""
    return (LAST_DAY - timedelta(days=round(days * (1 - TRAINING_SHARE)))).isoformat()


def history_dags(days: int) -> list[str]:
    """Return the DAGs that bring the history in, in the order of their assets."""
    return [
        "core_bank",
        "memos",
        "logs",
        "calls",
        "behavior",
        "retraining=" + json.dumps({"cut": cut_of(days)}),
        "publishing",
    ]


ANSWER_DAGS = ["logs", "behavior", "publishing"]
CLOSING_DAGS = ["decisions"]


def answer_offers(hub: Hub) -> int:
    """Let the customers answer what was decided on the history; returns the lines written.

    Which decisions those are is remembered, so that a second run asks about the same ones.
    """
    from demo.responses import answer

    through = hub.catalog.state.get(_ASKED)
    last = int(through) if through else max((sequence for sequence, _ in _sequenced(hub)), default=0)
    hub.catalog.state.put({_ASKED: str(last).encode()})
    asked = (decision for sequence, decision in _sequenced(hub) if sequence <= last)
    return answer(
        asked, hub.home / "source", hub.home / "truth", customer_key=hub.pseudonyms.customer, last_day=LAST_DAY
    )


def _sequenced(hub: Hub) -> Iterator[tuple[int, Decision]]:
    after = 0
    while page := hub.catalog.decisions.list(after=after, limit=5_000):
        yield from page
        after = page[-1][0]


def summary(hub: Hub, bank: Bank) -> dict[str, Any]:
    """Return the numbers of the closing table."""
    rows = {t.name: t.rows for t in hub.tables.list_tables()}
    letters = hub.catalog.dead_letters.list(limit=100_000)
    decisions = hub.catalog.decisions.count()
    kinds: dict[str, int] = {}
    for event in hub.tables.read("gold.customer_behavior", ["channel", "customer_key"]):
        kinds[str(event["channel"])] = kinds.get(str(event["channel"]), 0) + 1
    resolved = {
        str(e["customer_key"])
        for e in hub.tables.read("gold.customer_behavior", ["customer_key"], "customer_key IS NOT NULL")
    }
    return {
        "calls": rows.get("bronze.calls", 0),
        "memos": rows.get("bronze.memos", 0),
        "clicks": kinds.get("web", 0) + kinds.get("app", 0),
        "refused": len(letters),
        "refused_reasons": sorted(f"{x.feed}: {x.reason}" for x in letters),
        "behaviour_events": rows.get("gold.customer_behavior", 0),
        "customers_resolved": len(resolved),
        "feature_rows": rows.get("gold.feature_history", 0),
        "decisions": decisions,
        "offers_treated": sum(s.get("treated", 0) for s in decisions.values()),
        "offers_control": sum(s.get("control", 0) for s in decisions.values()),
        "offers_suppressed": sum(s.get("suppressed", 0) for s in decisions.values()),
        "outcomes": rows.get("gold.outcomes", 0),
        "broken_on_purpose": len(bank.broken),
    }


def refused_as_planned(numbers: dict[str, Any]) -> bool:
    """Tell whether exactly the records broken on purpose were refused."""
    return bool(numbers["refused"] == numbers["broken_on_purpose"])


def console_key(hub: Hub) -> Path:
    """Return the file with a key for the console; made once, readable by its owner alone."""
    path = hub.home / "keys" / "console.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        secret, _ = hub.catalog.keys.create("admin", "demo console", hub.clock.now_ms())
        path.touch(mode=0o600)
        path.write_text(secret)
    return path


def finished_jobs(hub: Hub) -> dict[str, record.JobNote]:
    """Return the last note of each job by name."""
    return {note.name: note for note in record.notes(hub)}
