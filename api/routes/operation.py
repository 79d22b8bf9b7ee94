"""What runs: tables, dead letters, scenarios, lineage, stages and figures."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Path, Query
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import Response

from api.answers import JsonAnswer
from api.deps import MetersDep, OperationReader, PartsDep
from api.overview import freshness, overview, upstream
from hub.records import LetterStatus

router = APIRouter(tags=["operation"])

Limit = Annotated[int, Query(ge=1, le=1_000)]
Dataset = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.:-]{1,100}$", description="A dataset such as gold.identities.")]


@router.get("/v1/overview")
def show_overview(account: OperationReader, parts: PartsDep) -> Response:
    """Show the figures of the whole hub at a glance."""
    return JsonAnswer(overview(parts))


@router.get("/v1/tables")
def list_tables(account: OperationReader, parts: PartsDep) -> Response:
    """List the tables with rows, version, declared columns and when a run last wrote them."""
    written = freshness(parts)
    return JsonAnswer(
        {
            "tables": [
                {
                    "name": table.name,
                    "zone": table.zone,
                    "location": table.location,
                    "version": table.version,
                    "rows": table.rows,
                    "written_ms": written.get(table.name),
                    "columns": list(parts.columns(table.name)),
                }
                for table in parts.tables_info()
            ]
        }
    )


@router.get("/v1/scenarios")
def list_scenarios(account: OperationReader, parts: PartsDep) -> Response:
    """List the scenarios of the book with what became of their matches."""
    counts = parts.decisions.count()
    return JsonAnswer(
        {
            "scenarios": [
                {"scenario": scenario, "decisions": counts.get(scenario.scenario_id, {})}
                for scenario in parts.scenarios()
            ]
        }
    )


@router.get("/v1/dead-letters")
def list_dead_letters(
    account: OperationReader,
    parts: PartsDep,
    feed: Annotated[str | None, Query(max_length=100)] = None,
    status: LetterStatus | None = None,
    limit: Limit = 100,
) -> Response:
    """List refused records with their reasons; their bytes stay in the vault."""
    letters = parts.dead_letters.list(feed=feed, status=status, limit=limit)
    return JsonAnswer({"dead_letters": letters, "by_reason": Counter(letter.reason for letter in letters)})


@router.get("/v1/dead-letters/{letter_id}")
def show_dead_letter(
    letter_id: Annotated[str, Path(pattern="^[A-Za-z0-9_-]{1,64}$")], account: OperationReader, parts: PartsDep
) -> Response:
    """Show one refused record's letter."""
    return JsonAnswer(parts.dead_letters.get(letter_id))


@router.get("/v1/lineage/{dataset}")
def show_lineage(dataset: Dataset, account: OperationReader, parts: PartsDep, limit: Limit = 20) -> Response:
    """Show the runs that wrote a dataset, and every dataset it was made from."""
    return JsonAnswer(
        {"dataset": dataset, "runs": parts.lineage.runs(dataset, limit), "upstream": upstream(parts.lineage, dataset)}
    )


@router.get("/metrics")
def show_metrics(account: OperationReader, meters: MetersDep) -> Response:
    """Expose the application's metrics to Prometheus."""
    return Response(generate_latest(meters.registry), media_type=CONTENT_TYPE_LATEST)
