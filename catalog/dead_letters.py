"""Dead letters: every refused record, until somebody replays or discards it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Engine, Row, or_, select, update

from catalog.plain_text import plain
from catalog.schema import dead_letters as table
from catalog.transactions import insert_absent, reading, writing
from hub.errors import Permanent
from hub.records import DeadLetter, LetterStatus, Provenance


class SqlDeadLetterStore:
    """``hub.ports.DeadLetterStore`` on the catalogue's engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, letters: Sequence[DeadLetter]) -> int:
        """Store letters; returns how many were new. One that is there keeps its status."""
        with writing(self._engine) as connection:
            return len(insert_absent(connection, table, [_row(letter) for letter in letters], table.c.letter_id))

    def list(
        self, *, feed: str | None = None, status: LetterStatus | None = None, limit: int = 1000
    ) -> list[DeadLetter]:
        """Return letters, oldest first; feed ``logs`` is all of ``logs.segment``, ``logs.core`` ..."""
        query = select(table).order_by(table.c.received_ms, table.c.sequence).limit(limit)
        if feed is not None:
            inside = table.c.feed.startswith(f"{feed}.", autoescape=True)
            query = query.where(or_(table.c.feed == feed, inside))
        if status is not None:
            query = query.where(table.c.status == status.value)
        with reading(self._engine) as connection:
            return [_letter(row) for row in connection.execute(query)]

    def get(self, letter_id: str) -> DeadLetter:
        """Return one letter.

        Raises:
            Permanent: ``unknown_letter``.
        """
        with reading(self._engine) as connection:
            row = connection.execute(select(table).where(table.c.letter_id == letter_id)).one_or_none()
        if row is None:
            raise _unknown(letter_id)
        return _letter(row)

    def mark(self, letter_id: str, status: LetterStatus, note: str) -> None:
        """Record what was done about a letter.

        Raises:
            Permanent: ``unknown_letter``.
        """
        change = update(table).where(table.c.letter_id == letter_id)
        with writing(self._engine) as connection:
            result = connection.execute(change.values(status=status.value, status_note=plain(note)))
            if result.rowcount == 0:
                raise _unknown(letter_id)


def _unknown(letter_id: str) -> Permanent:
    return Permanent("There is no such dead letter.", reason="unknown_letter", letter_id=letter_id)


def _row(letter: DeadLetter) -> dict[str, object]:
    return {
        "letter_id": letter.letter_id,
        "feed": letter.feed,
        "stage": letter.stage,
        "reason": letter.reason,
        "message": plain(letter.message),
        "payload_key": letter.payload_key,
        "provenance": msgspec.json.encode(letter.provenance).decode(),
        "received_ms": letter.received_ms,
        "status": letter.status.value,
        "status_note": plain(letter.status_note),
    }


def _letter(row: Row[tuple[object, ...]]) -> DeadLetter:
    fields = dict(row._mapping)
    del fields["sequence"]
    fields["provenance"] = msgspec.json.decode(fields["provenance"], type=Provenance)
    fields["status"] = LetterStatus(fields["status"])
    return DeadLetter(**fields)
