"""Which calls are to be transcribed or read again. Needs no driver; the lake's engine looks through the tables, not Python."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import msgspec

from hub.records import Call
from lakehouse.refine.call_rows import CALLS

if TYPE_CHECKING:
    from lakehouse.delta_tables import DeltaTables

SOURCE = "bronze.calls"
MOST_NAMED = 1_000
"""More ids than this are not named in a query; the rows are looked through instead."""


def pending_calls(tables: DeltaTables, model: str, reader_version: str | None = None) -> list[str]:
    """Return the ids of the calls to do, oldest first. Needs no driver.

    Args:
        reader_version: also those that another version of the reader has read.
    """
    return [call.call_id for call in calls_to_do(tables, model, reader_version)]


def waiting_calls(tables: DeltaTables, model: str) -> list[tuple[str, int]]:
    """Return (call id, start) of the calls that this model has not transcribed, oldest first."""
    if tables.version(CALLS) is None:
        return [(call.call_id, call.started_ms) for call in calls_to_do(tables, model, None)]
    undone = f"c.call_id IS NULL OR c.content_hash <> s.content_hash OR c.model <> {_quoted(model)}"
    return _found(tables, undone)


def outdated_calls(tables: DeltaTables, model: str, reader_version: str) -> list[tuple[str, int]]:
    """Return (call id, start) of the calls whose words this model wrote and another version read, oldest first."""
    return _found(
        tables,
        f"c.content_hash = s.content_hash AND c.model = {_quoted(model)} AND c.status <> 'refused' "
        f"AND c.reader_version <> {_quoted(reader_version)}",
    )


def calls_to_do(
    tables: DeltaTables, model: str, reader_version: str | None, call_ids: Collection[str] | None = None
) -> list[Call]:
    """Return the calls to do, of these or of all; those recorded without consent are left alone."""
    columns = ["call_id", "content_hash", "status", "model", "reader_version"]
    done = {row["call_id"]: row for row in tables.read(CALLS, columns, among(call_ids))}
    calls = landed_calls(tables, call_ids)
    waiting = (call for call in calls if not _is_done(call, done.get(call.call_id), model, reader_version))
    return sorted(waiting, key=lambda call: (call.started_ms, call.call_id))


def landed_calls(tables: DeltaTables, call_ids: Collection[str] | None = None) -> list[Call]:
    """Return the calls that may be heard, of these or of all."""
    chosen = among(call_ids)
    rows = tables.read(SOURCE, where=f"recording_consent AND {chosen}" if chosen else "recording_consent")
    wanted = None if call_ids is None else set(call_ids)
    return [_call(row) for row in rows if wanted is None or row["call_id"] in wanted]


def among(values: Collection[str] | None, column: str = "call_id") -> str | None:
    """Return the condition that a row has one of these values (ids of calls), None where there are too many to name."""
    if values is None or len(values) > MOST_NAMED:
        return None
    return f"{column} IN ({', '.join(map(_quoted, values))})" if values else "false"


def _found(tables: DeltaTables, undone: str) -> list[tuple[str, int]]:
    """Return (call id, start) where a call and what was made of it meet a condition; nothing before anything was made."""
    select = "SELECT s.call_id, s.started_ms FROM s"
    order = "ORDER BY s.started_ms, s.call_id"
    join = f"LEFT JOIN c ON s.call_id = c.call_id WHERE s.recording_consent AND ({undone})"
    rows = tables.reader.query(f"{select} {join} {order}", {"s": SOURCE, "c": CALLS})
    return [(row["call_id"], row["started_ms"]) for row in rows]


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _is_done(call: Call, marker: dict[str, Any] | None, model: str, reader_version: str | None) -> bool:
    if marker is None or marker["content_hash"] != call.content_hash or marker["model"] != model:
        return False
    return marker["status"] == "refused" or reader_version in (None, marker["reader_version"])


def _call(row: dict[str, Any]) -> Call:
    fields = {name: value for name, value in row.items() if name != "event_date"}
    return msgspec.convert(fields, Call)
