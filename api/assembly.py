"""A hub's parts, as the application wants them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

from api.parts import ColumnInfo, Parts, ProductInfo, StageInfo
from hub.errors import HubError
from hub.ports import Recommender
from hub.settings import Settings
from infra.jobs import record
from infra.wiring import Hub
from rules.explanation import Names, ScenarioInfo, scenario_info

T = TypeVar("T")

TABLES_S = 5.0
MODEL_S = 30.0
PRODUCTS_S = 60.0


class Kept(Generic[T]):
    """Asks again when the last answer is older than ``keep_s``; a failed renewal keeps serving the last answer."""

    def __init__(self, ask: Callable[[], T], keep_s: float) -> None:
        self._ask = ask
        self._keep_s = keep_s
        self._asked_s = float("-inf")
        self._answers: list[T] = []

    def __call__(self) -> T:
        """Return the answer."""
        now_s = time.monotonic()
        if now_s - self._asked_s < self._keep_s and self._answers:
            return self._answers[0]
        try:
            self._answers = [self._ask()]
        except HubError:
            if not self._answers:
                raise
        self._asked_s = now_s
        return self._answers[0]


def parts_of(settings: Settings) -> Parts:
    """Return everything the application needs, of the hub of these settings."""
    hub = Hub(settings)
    from lakehouse.features import DeclaredFeatures

    return Parts(
        settings=settings,
        clock=hub.clock,
        pseudonyms=hub.pseudonyms,
        keys=hub.catalog.keys,
        access=hub.catalog.access_log,
        decisions=hub.catalog.decisions,
        dead_letters=hub.catalog.dead_letters,
        lineage=hub.catalog.lineage,
        online=hub.online,
        features=DeclaredFeatures(),
        log=hub.event_log,
        collect=hub.collector,
        memos=hub.memo_parser,
        recommender=Kept(lambda: _champion(hub), MODEL_S),
        tables_info=Kept(hub.tables.list_tables, TABLES_S),
        scenarios=lambda: _scenarios(hub),
        stages=lambda: _stages(hub),
        products=Kept(lambda: _products(hub), PRODUCTS_S),
        columns=_columns,
        probes={
            "catalog": lambda: hub.catalog.state.get("probe"),
            "event_log": lambda: hub.event_log.end_offsets("events"),
            "online_store": lambda: hub.online.resolve(["probe"]),
        },
    )


def _champion(hub: Hub) -> Recommender | None:
    return hub.registry.load_champion()


def _scenarios(hub: Hub) -> Sequence[ScenarioInfo]:
    return [scenario_info(scenario) for scenario in hub.book.scenarios]


def _stages(hub: Hub) -> Sequence[StageInfo]:
    known = {note.name: note for note in record.notes(hub)}
    return [_stage(name, known.get(name)) for name in record.JOBS]


def _stage(name: str, note: record.JobNote | None) -> StageInfo:
    if note is None:
        return StageInfo(name=name, state="waiting")
    done = sum(count for count in note.counts.values() if isinstance(count, int))
    return StageInfo(
        name=name, state=note.state, done=done, started_ms=note.started_ms, ended_ms=note.ended_ms, message=note.reason
    )


def _products(hub: Hub) -> Mapping[str, ProductInfo]:
    rows = hub.tables.read("silver.products", ["product_id", "product_type", "name_ko", "name_en"])
    return {
        str(r["product_id"]): ProductInfo(
            product_id=str(r["product_id"]),
            name=Names(ko=str(r["name_ko"] or r["product_id"]), en=str(r["name_en"] or r["product_id"])),
            product_type=str(r["product_type"] or ""),
        )
        for r in rows
    }


def _columns(table: str) -> Sequence[ColumnInfo]:
    from lakehouse.tables import table_named

    declared = table_named(table).columns
    return [
        ColumnInfo(name=c.name, dtype=c.dtype, data_class=c.data_class, description=c.description) for c in declared
    ]
