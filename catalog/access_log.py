"""The record of every read of a person's data: append-only, each record sealed by the one before it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, Engine, Row, insert, select, update

from catalog.plain_text import plain
from catalog.schema import access_head as head
from catalog.schema import access_log as table
from catalog.transactions import reading, writing
from hub.records import Access, AccessRecord

GENESIS = "0" * 64
_TURN = 0x68756204
_PAGE = 5_000


class SqlAccessLog:
    """``hub.ports.AccessLog`` on the catalogue's engine.

    Appends take turns across processes, so the chain never forks. A row of its own says where the
    chain ends: records cut off its end are missed too.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def append(self, *, account: str, origin: str, subject: str, task: str, purpose: str, at_ms: int) -> AccessRecord:
        """Add one record to the chain."""
        access = Access(account=account, origin=origin, subject=subject, task=task, purpose=purpose, at_ms=at_ms)
        return self.append_all([access])[0]

    def append_all(self, accesses: Sequence[Access]) -> list[AccessRecord]:
        """Add records to the chain in this order, all of them durable together or none."""
        if not accesses:
            return []
        with writing(self._engine, turn=_TURN) as connection:
            sequence, previous = _end_of_chain(connection)
            records: list[AccessRecord] = []
            for access in accesses:
                sequence += 1
                records.append(_sealed(access, sequence, previous))
                previous = records[-1].digest
            connection.execute(insert(table), [msgspec.to_builtins(record) for record in records])
            connection.execute(update(head).values(sequence=sequence, digest=previous))
        return records

    def list(self, *, subject: str | None = None, limit: int = 1000) -> list[AccessRecord]:
        """Return records, newest first."""
        query = select(table).order_by(table.c.sequence.desc()).limit(limit)
        if subject is not None:
            query = query.where(table.c.subject == subject)
        with reading(self._engine) as connection:
            return [_record(row) for row in connection.execute(query)]

    def verify(self) -> int | None:
        """Return the sequence of the first record that does not fit the chain, None when all fit."""
        with reading(self._engine) as connection:
            end = connection.execute(select(head.c.sequence, head.c.digest)).one_or_none()
        last, digest = (0, GENESIS) if end is None else (int(end.sequence), str(end.digest))
        expected, previous = 1, GENESIS
        while page := self._page(expected):
            for record in page:
                is_next = record.sequence == expected and record.previous == previous
                if not is_next or _digest(record) != record.digest:
                    return expected
                if record.sequence == last and record.digest != digest:
                    return expected
                expected, previous = expected + 1, record.digest
        return expected if expected <= last else None

    def _page(self, start: int) -> Sequence[AccessRecord]:
        query = select(table).where(table.c.sequence >= start).order_by(table.c.sequence).limit(_PAGE)
        with reading(self._engine) as connection:
            return [_record(row) for row in connection.execute(query)]


def _end_of_chain(connection: Connection) -> tuple[int, str]:
    end = connection.execute(select(head.c.sequence, head.c.digest)).one_or_none()
    if end is not None:
        return int(end.sequence), str(end.digest)
    connection.execute(insert(head).values(only=1, sequence=0, digest=GENESIS))
    return 0, GENESIS


def _sealed(access: Access, sequence: int, previous: str) -> AccessRecord:
    open_record = AccessRecord(
        sequence=sequence,
        account=plain(access.account),
        origin=plain(access.origin),
        subject=plain(access.subject, 200),
        task=plain(access.task),
        purpose=plain(access.purpose),
        at_ms=access.at_ms,
        previous=previous,
        digest="",
    )
    return msgspec.structs.replace(open_record, digest=_digest(open_record))


def _digest(record: AccessRecord) -> str:
    """SHA-256 over all fields but the digest itself, as one JSON array: no field can run into the next."""
    fields = [getattr(record, name) for name in record.__struct_fields__ if name != "digest"]
    return hashlib.sha256(msgspec.json.encode(fields)).hexdigest()


def _record(row: Row[tuple[object, ...]]) -> AccessRecord:
    return AccessRecord(**dict(row._mapping))
