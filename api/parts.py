"""What the application is made of: ports of ``hub`` and a few callables, put together by ``infra.wiring``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from hub.clock import Clock
from hub.ids import Pseudonymizer
from hub.ports import (
    AccessLog,
    DeadLetterStore,
    DecisionStore,
    EventLog,
    FeatureCatalog,
    KeyStore,
    LineageStore,
    MemoParser,
    OnlineStore,
    Recommender,
)
from hub.records import DataClass, Record, TableInfo
from hub.settings import Settings
from ingest.collector import EventAnswer
from rules.explanation.records import Names, ScenarioInfo

__all__ = [
    "Collect",
    "ColumnInfo",
    "EventAnswer",
    "Names",
    "Parts",
    "Probe",
    "ProductInfo",
    "ScenarioInfo",
    "StageInfo",
]


class ProductInfo(Record, frozen=True, kw_only=True):
    """A product as people call it."""

    product_id: str
    name: Names
    product_type: str = ""


class StageInfo(Record, frozen=True, kw_only=True):
    """One stage of the hub's batch and how far it is. State: waiting, running, done, failed."""

    name: str
    state: str
    done: int = 0
    total: int | None = None
    started_ms: int | None = None
    ended_ms: int | None = None
    message: str = ""


class ColumnInfo(Record, frozen=True, kw_only=True):
    """One declared column of a table."""

    name: str
    dtype: str
    data_class: DataClass
    description: str


class Collect(Protocol):
    """Takes messages of the Segment tracking API, makes them durable and answers for each.

    Promise: returns after every accepted message is in the event log and every refused one
    in dead letters. Raises Transient when neither could be done.
    """

    def __call__(self, messages: Sequence[object], *, source: str, received_ms: int) -> Sequence[EventAnswer]:
        """Collect messages in order; ``source`` is the id of the write key."""
        ...


Probe = Callable[[], object]


def _nothing() -> tuple[()]:
    return ()


def _no_names() -> dict[str, ProductInfo]:
    return {}


def _no_columns(table: str) -> tuple[ColumnInfo, ...]:
    return ()


@dataclass(frozen=True)
class Parts:
    """Everything a request may reach.

    ``tables_info``, ``scenarios``, ``stages`` and ``products`` are called on requests, in a worker
    thread: they answer from memory or from a small file, never from Spark. ``recommender`` is asked
    each time so that a newly promoted champion serves without a restart. ``probes`` are the checks
    of ``/health``: each raises HubError when its store is away.
    """

    settings: Settings
    clock: Clock
    pseudonyms: Pseudonymizer
    keys: KeyStore
    access: AccessLog
    decisions: DecisionStore
    dead_letters: DeadLetterStore
    lineage: LineageStore
    online: OnlineStore
    features: FeatureCatalog
    log: EventLog
    collect: Collect
    recommender: Callable[[], Recommender | None]
    tables_info: Callable[[], Sequence[TableInfo]]
    scenarios: Callable[[], Sequence[ScenarioInfo]] = _nothing
    stages: Callable[[], Sequence[StageInfo]] = _nothing
    products: Callable[[], Mapping[str, ProductInfo]] = _no_names
    columns: Callable[[str], Sequence[ColumnInfo]] = _no_columns
    probes: Mapping[str, Probe] = field(default_factory=dict)
    memos: MemoParser | None = None
