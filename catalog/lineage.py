"""Lineage: which dataset versions each run read and wrote."""

from __future__ import annotations

import msgspec
from sqlalchemy import Engine, delete, select

from catalog.schema import lineage_outputs, lineage_runs
from catalog.transactions import insert_absent, reading, upsert, writing
from hub.records import LineageRun

_TURN = 0x68756203


class SqlLineageStore:
    """``hub.ports.LineageStore`` on the catalogue's engine. A run saved again is as last saved."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def save(self, run: LineageRun) -> None:
        """Store one run."""
        row = {
            "run_id": run.run_id,
            "job": run.job,
            "ended_ms": run.ended_ms,
            "document": msgspec.json.encode(run).decode(),
        }
        datasets = sorted({output.name for output in run.outputs})
        outputs = [{"dataset": name, "ended_ms": run.ended_ms, "run_id": run.run_id} for name in datasets]
        with writing(self._engine, turn=_TURN) as connection:
            upsert(connection, lineage_runs, [row])
            connection.execute(delete(lineage_outputs).where(lineage_outputs.c.run_id == run.run_id))
            insert_absent(connection, lineage_outputs, outputs, lineage_outputs.c.run_id)

    def runs(self, dataset: str | None = None, limit: int = 100) -> list[LineageRun]:
        """Return runs that wrote the dataset (or all runs), newest first."""
        runs, outputs = lineage_runs, lineage_outputs
        if dataset is None:
            query = select(runs.c.document).order_by(runs.c.ended_ms.desc(), runs.c.run_id.desc())
        else:
            query = (
                select(runs.c.document)
                .join(outputs, outputs.c.run_id == runs.c.run_id)
                .where(outputs.c.dataset == dataset)
                .order_by(outputs.c.ended_ms.desc(), outputs.c.run_id.desc())
            )
        with reading(self._engine) as connection:
            documents = connection.execute(query.limit(limit)).scalars().all()
        return [msgspec.json.decode(document, type=LineageRun) for document in documents]
