"""What the last run of a job had read, as its lineage says."""

from __future__ import annotations

from hub.ports import LineageStore


def last_input_version(lineage: LineageStore, job: str, output: str, source: str) -> int | None:
    """Return the version of ``source`` that the job's last complete run read, None where there was none."""
    for run in lineage.runs(output, limit=1_000):
        if run.job == job and run.status == "COMPLETE":
            return next((item.version for item in run.inputs if item.name == source), None)
    return None
