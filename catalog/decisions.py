"""Decisions, whole and by id, and the receipts of the offers they became."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, Engine, delete, func, select, update

from catalog.schema import decisions as table
from catalog.schema import receipts as receipt_table
from catalog.transactions import insert_absent, reading, writing
from hub.errors import Permanent
from hub.records import Decision, Receipt, Treatment

# Writers take turns, so that a sequence is visible before a greater one is given away:
# a reader that goes on from the greatest it saw misses nothing.
_TURN = 0x68756202
_CHUNK = 500


class SqlDecisionStore:
    """``hub.ports.DecisionStore`` on the catalogue's engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def save(self, decisions: Sequence[Decision]) -> int:
        """Store decisions; returns how many were new. One that is there stays as first written."""
        with writing(self._engine, turn=_TURN) as connection:
            delivered = _delivered(connection, [decision.decision_id for decision in decisions])
            rows = [_row(decision, decision.decision_id in delivered) for decision in decisions]
            return len(insert_absent(connection, table, rows, table.c.decision_id))

    def get(self, decision_id: str) -> Decision:
        """Return one decision.

        Raises:
            Permanent: ``unknown_decision``.
        """
        query = select(table.c.document).where(table.c.decision_id == decision_id)
        with reading(self._engine) as connection:
            document = connection.execute(query).scalar_one_or_none()
        if document is None:
            raise Permanent("There is no decision of this id.", reason="unknown_decision", decision_id=decision_id)
        return _decision(document)

    def list(
        self,
        *,
        customer_key: str | None = None,
        scenario_id: str | None = None,
        after: int = 0,
        limit: int = 100,
        newest_first: bool = False,
    ) -> list[tuple[int, Decision]]:
        """Return (sequence, decision) pairs with a sequence above ``after``; sequences only grow."""
        order = table.c.sequence.desc() if newest_first else table.c.sequence
        query = select(table.c.sequence, table.c.document).where(table.c.sequence > after).order_by(order).limit(limit)
        if customer_key is not None:
            query = query.where(table.c.customer_key == customer_key)
        if scenario_id is not None:
            query = query.where(table.c.scenario_id == scenario_id)
        with reading(self._engine) as connection:
            return [(int(row.sequence), _decision(row.document)) for row in connection.execute(query)]

    def count(self) -> dict[str, dict[str, int]]:
        """Return how many decisions there are: scenario id -> treatment -> count."""
        groups = (table.c.scenario_id, table.c.treatment)
        counts: dict[str, dict[str, int]] = {}
        with reading(self._engine) as connection:
            for scenario_id, treatment, number in connection.execute(
                select(*groups, func.count()).group_by(*groups).order_by(*groups)
            ):
                counts.setdefault(scenario_id, {})[treatment] = int(number)
        return counts

    def erase(self, customer_keys: Sequence[str]) -> int:
        """Remove every decision about these customers and its receipt; returns how many decisions there were."""
        about_them = table.c.customer_key.in_(customer_keys)
        theirs = select(table.c.decision_id).where(about_them)
        with writing(self._engine, turn=_TURN) as connection:
            connection.execute(delete(receipt_table).where(receipt_table.c.decision_id.in_(theirs)))
            return int(connection.execute(delete(table).where(about_them)).rowcount)

    def save_receipts(self, receipts: Sequence[Receipt]) -> None:
        """Record that offers were handed over; one receipt per decision, the first stays."""
        rows = [msgspec.to_builtins(receipt) for receipt in receipts]
        ids = [receipt.decision_id for receipt in receipts]
        with writing(self._engine, turn=_TURN) as connection:
            insert_absent(connection, receipt_table, rows, receipt_table.c.decision_id)
            for start in range(0, len(ids), _CHUNK):
                handed_over = table.c.decision_id.in_(ids[start : start + _CHUNK])
                connection.execute(update(table).where(handed_over).values(awaits_delivery=False))

    def receipts(self, *, after: int = 0, limit: int = 1000) -> Sequence[tuple[int, Receipt]]:
        """Return (sequence, receipt) pairs with a sequence above ``after``; sequences only grow."""
        query = (
            select(receipt_table)
            .where(receipt_table.c.sequence > after)
            .order_by(receipt_table.c.sequence)
            .limit(limit)
        )
        with reading(self._engine) as connection:
            rows = [dict(row._mapping) for row in connection.execute(query)]
        return [(row.pop("sequence"), Receipt(**row)) for row in rows]

    def undelivered(self, limit: int) -> Sequence[Decision]:
        """Return treated decisions that have no receipt yet, oldest first."""
        query = select(table.c.document).where(table.c.awaits_delivery).order_by(table.c.sequence).limit(limit)
        with reading(self._engine) as connection:
            return [_decision(document) for document in connection.execute(query).scalars()]


def _delivered(connection: Connection, ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(ids), _CHUNK):
        query = select(receipt_table.c.decision_id).where(receipt_table.c.decision_id.in_(ids[start : start + _CHUNK]))
        found.update(connection.execute(query).scalars())
    return found


def _row(decision: Decision, is_delivered: bool) -> dict[str, object]:
    return {
        "decision_id": decision.decision_id,
        "scenario_id": decision.scenario_id,
        "customer_key": decision.customer_key,
        "treatment": decision.treatment.value,
        "decided_ms": decision.decided_ms,
        "awaits_delivery": decision.treatment is Treatment.TREATED and not is_delivered,
        "document": msgspec.json.encode(decision).decode(),
    }


def _decision(document: str) -> Decision:
    return msgspec.json.decode(document, type=Decision)
