"""Run DAGs to their end in this process, through Airflow itself: ``python -m infra.airflow.run_dags DATE DAG[=CONF]...``.

Prints one JSON line per finished DAG run on standard output; logs go to standard error.
Exit code 1 when a run failed; the runs after it do not start.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
from datetime import datetime
from typing import Any


def main(arguments: list[str]) -> int:
    """Run the named DAGs one after the other for one logical date."""
    _end_with_parent()
    logical_date = datetime.fromisoformat(arguments[0])
    report = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):
        dags = _load_dags()
        for argument in arguments[1:]:
            dag_id, _, conf = argument.partition("=")
            line = _run(dags[dag_id], logical_date, json.loads(conf) if conf else {})
            print(json.dumps(line), file=report, flush=True)
            if line["state"] != "success":
                return 1
    return 0


def _end_with_parent() -> None:
    """A command that is killed must not leave its DAGs running behind it."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(143)

    threading.Thread(target=watch, daemon=True).start()


def _load_dags() -> dict[str, Any]:
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag()
    if bag.import_errors:
        raise SystemExit("\n".join(f"{path}: {text}" for path, text in bag.import_errors.items()))
    return dict(bag.dags)


def _run(dag: Any, logical_date: datetime, conf: dict[str, object]) -> dict[str, Any]:  # noqa: ANN401 - Airflow's DAG is untyped
    started = time.monotonic()
    run = dag.test(logical_date=logical_date, run_conf=conf)
    tasks = {
        (t.task_id if t.map_index < 0 else f"{t.task_id}[{t.map_index}]"): str(t.state)
        for t in run.get_task_instances()
    }
    return {"dag": dag.dag_id, "state": str(run.state), "tasks": tasks, "seconds": round(time.monotonic() - started, 1)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
