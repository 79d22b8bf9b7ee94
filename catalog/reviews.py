"""The review queue: stretches of calls that a person should listen to."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Engine, select, update

from catalog.plain_text import plain
from catalog.schema import reviews as table
from catalog.transactions import insert_absent, reading, writing
from hub.errors import Permanent
from hub.records import ReviewItem


class SqlReviewStore:
    """``hub.ports.ReviewStore`` on the catalogue's engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, items: Sequence[ReviewItem]) -> int:
        """Store items; returns how many were new. One that is there keeps what was noted."""
        rows = [_row(item) for item in items]
        with writing(self._engine) as connection:
            return len(insert_absent(connection, table, rows, table.c.review_id))

    def list(self, *, is_done: bool | None = False, reason: str | None = None, limit: int = 100) -> list[ReviewItem]:
        """Return items, oldest first; by default those that wait."""
        query = select(table.c.document, table.c.done_ms, table.c.note).order_by(table.c.sequence).limit(limit)
        if is_done is not None:
            query = query.where(table.c.done_ms.is_not(None) if is_done else table.c.done_ms.is_(None))
        if reason is not None:
            query = query.where(table.c.reason == reason)
        with reading(self._engine) as connection:
            return [_item(*row) for row in connection.execute(query)]

    def done(self, review_id: str, note: str, now_ms: int) -> None:
        """Record what came of an item.

        Raises:
            Permanent: ``unknown_review``.
        """
        change = update(table).where(table.c.review_id == review_id).values(done_ms=now_ms, note=plain(note))
        with writing(self._engine) as connection:
            if connection.execute(change).rowcount == 0:
                raise Permanent("There is no such review.", reason="unknown_review", review_id=review_id)


def _row(item: ReviewItem) -> dict[str, object]:
    kept = msgspec.structs.replace(item, text=plain(item.text), note=plain(item.note))
    return {
        "review_id": item.review_id,
        "reason": item.reason,
        "done_ms": item.done_ms,
        "note": kept.note,
        "document": msgspec.json.encode(kept).decode(),
    }


def _item(document: str, done_ms: int | None, note: str) -> ReviewItem:
    return msgspec.structs.replace(msgspec.json.decode(document, type=ReviewItem), done_ms=done_ms, note=note)
