"""What the last run of a job had read, as its lineage says."""

from __future__ import annotations

from hub.ports import LineageStore


def last_input_versions(lineage: LineageStore, job: str, output: str) -> dict[str, int | None]:
    """Return dataset -> version that the job's last complete run read; empty where there was none."""
    for run in lineage.runs(output, limit=1_000):
        if run.job == job and run.status == "COMPLETE":
            return {item.name: item.version for item in run.inputs}
    return {}
