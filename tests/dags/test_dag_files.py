"""Every DAG file imports, has an owner, tags and retries, and the assets link them as on the golden page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).with_name("asset_graph.json")

# Airflow reads its settings when first imported: a process of its own keeps them out of the other tests.
PROBE = """
import json
from airflow.dag_processing.dagbag import DagBag
def shape(schedule):
    if isinstance(schedule, str) or schedule is None:
        return schedule
    if hasattr(schedule, "objects"):
        return {type(schedule).__name__: [shape(part) for part in schedule.objects]}
    return schedule.name


bag = DagBag()
dags = {}
for dag in bag.dags.values():
    tasks = {}
    for task in dag.tasks:
        tasks[task.task_id] = {
            "owner": task.owner, "retries": task.retries, "pool": task.pool,
            "queue": task.queue, "weight": task.priority_weight, "after": sorted(task.upstream_task_ids),
            "writes": sorted(asset.name for asset in task.outlets),
        }
    dags[dag.dag_id] = {
        "file": dag.fileloc.rsplit("/", 1)[-1], "tags": sorted(dag.tags), "catchup": dag.catchup,
        "schedule": shape(dag.schedule), "tasks": tasks,
    }
print(json.dumps({"errors": bag.import_errors, "dags": dags}))
"""


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    home = tmp_path_factory.mktemp("airflow")
    environment = {
        **os.environ,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
    }
    subprocess.run(
        [sys.executable, "-m", "infra.airflow.migrate"], env=environment, cwd=ROOT, check=True, capture_output=True
    )
    run = subprocess.run(
        [sys.executable, "-c", PROBE], env=environment, cwd=ROOT, check=True, capture_output=True, text=True
    )
    found = json.loads(run.stdout.splitlines()[-1])
    assert not found["errors"]
    return dict(found["dags"])


@pytest.mark.slow
def test_files_are_named_so_that_none_shadows_a_package(bag: dict[str, dict[str, object]]) -> None:
    assert bag
    assert all(str(dag["file"]).endswith("_dag.py") for dag in bag.values())


@pytest.mark.slow
def test_every_task_has_an_owner_and_retries_and_every_dag_a_tag(bag: dict[str, dict[str, object]]) -> None:
    for name, dag in bag.items():
        assert dag["tags"], name
        assert dag["catchup"] is False, name
        for task, facts in dag["tasks"].items():  # type: ignore[attr-defined]
            assert facts["owner"] == "data-platform", (name, task)
            assert facts["retries"] >= 1, (name, task)


@pytest.mark.slow
def test_the_asset_graph_is_the_golden_one(bag: dict[str, dict[str, object]]) -> None:
    graph = {
        name: {
            "schedule": dag["schedule"],
            "tasks": {t: [f["pool"], f["after"], f["writes"]] for t, f in dag["tasks"].items()},
        }  # type: ignore[attr-defined]
        for name, dag in sorted(bag.items())
    }
    if os.environ.get("REGENERATE_GOLDEN"):
        GOLDEN.write_text(json.dumps(graph, indent=2, sort_keys=True) + "\n", "utf-8")
    assert graph == json.loads(GOLDEN.read_text("utf-8"))
