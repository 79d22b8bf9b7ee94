"""Spark's errors, translated once at the edge of the room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import grpc  # type: ignore[import-untyped]
from pyspark.errors import PySparkException

from hub.errors import HubError, Permanent, Transient

T = TypeVar("T")
MERGE_TRIES = 6

_CONFLICTS = ("DELTA_CONCURRENT", "DELTA_METADATA_CHANGED", "DELTA_PROTOCOL_CHANGED", "ConcurrentModification")
_VIOLATIONS = ("DELTA_VIOLATE_CONSTRAINT", "DELTA_NOT_NULL_CONSTRAINT_VIOLATED")


class WriteConflict(Transient):
    """Another writer committed to the table in between; the same write may succeed now."""

    default_reason = "write_conflict"


@contextmanager
def translated(table: str) -> Iterator[None]:
    """Turn what Spark or its connection raises into the hub's errors; messages carry no row."""
    try:
        yield
    except PySparkException as error:
        raise _translate(error, table) from error
    except grpc.RpcError as error:
        raise Transient(f"Spark went away while working on {table}", reason="spark_away", table=table) from error


def retried(write: Callable[[], T]) -> T:
    """Run a write again while other writers get in first; each try reads the table anew."""
    for _ in range(MERGE_TRIES - 1):
        try:
            return write()
        except WriteConflict:
            continue
    return write()


def _translate(error: PySparkException, table: str) -> HubError:
    text = f"{error.getCondition() or ''} {error}"
    if any(word in text for word in _CONFLICTS):
        return WriteConflict(f"Another writer changed {table} at the same time; try again", table=table)
    if any(word in text for word in _VIOLATIONS):
        constraint = text.partition("CHECK constraint ")[2].split(" ")[0] or "NOT NULL"
        return Permanent(f"A row for {table} breaks its constraint {constraint}", reason="constraint", table=table)
    if "UNAVAILABLE" in text or "SESSION_CLOSED" in text or "SESSION_NOT_FOUND" in text:
        return Transient(f"Spark went away while working on {table}", reason="spark_away", table=table)
    condition = error.getCondition() or type(error).__name__
    return Permanent(f"Spark refused a statement on {table}: {condition}", reason="spark_refused", table=table)
