"""What speech models scored on labelled calls."""

from __future__ import annotations

from sqlalchemy import Engine, select

from catalog.schema import evaluations as table
from catalog.transactions import reading, upsert, writing
from hub.records import ModelEvaluation


class SqlEvaluationStore:
    """``hub.ports.EvaluationStore`` on the catalogue's engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def save(self, evaluation: ModelEvaluation) -> None:
        """Store one; the same id again replaces it."""
        row = {name: getattr(evaluation, name) for name in evaluation.__struct_fields__}
        with writing(self._engine) as connection:
            upsert(connection, table, [row])

    def list(self, *, model: str | None = None, corpus: str | None = None, limit: int = 100) -> list[ModelEvaluation]:
        """Return evaluations, newest first; ``model`` is its name or how it begins."""
        query = select(table).order_by(table.c.made_ms.desc(), table.c.evaluation_id).limit(limit)
        if model is not None:
            query = query.where(table.c.model.startswith(model, autoescape=True))
        if corpus is not None:
            query = query.where(table.c.corpus == corpus)
        with reading(self._engine) as connection:
            return [ModelEvaluation(**row._mapping) for row in connection.execute(query)]
