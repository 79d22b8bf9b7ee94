"""Decisions: lists, one of them whole, its explanation, and the stream of new ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

import msgspec
from fastapi import APIRouter, Header, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from api.answers import JsonAnswer
from api.customers import accesses, customer_keys
from api.deps import DecisionReader, FeedDep, OperationReader, PartsDep, RecorderDep, purpose_of
from api.feed import DecisionFeed
from api.parts import Parts
from hub.records import Decision
from rules.explanation.story import explain

router = APIRouter(prefix="/v1", tags=["decisions"])

DecisionId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="A decision id: 32 hex digits.")]
Sequence = Annotated[int, Query(ge=0, le=2**62)]
Limit = Annotated[int, Query(ge=1, le=1_000)]


@router.get("/decisions")
async def list_decisions(
    request: Request,
    account: DecisionReader,
    parts: PartsDep,
    recorder: RecorderDep,
    scenario: Annotated[str | None, Query(max_length=100)] = None,
    customer: Annotated[str | None, Query(max_length=64)] = None,
    after: Sequence = 0,
    limit: Limit = 100,
    newest_first: bool = False,
) -> Response:
    """List decisions by scenario or customer, from a sequence on; each person in the list is put on record."""
    key = None
    if customer is not None:
        views = dict.fromkeys(spec.view for spec in parts.features.specs())
        key = (await run_in_threadpool(customer_keys, [customer], account, parts.pseudonyms, parts.online, views))[0]
    page = await run_in_threadpool(
        parts.decisions.list,
        customer_key=key,
        scenario_id=scenario,
        after=after,
        limit=limit,
        newest_first=newest_first,
    )
    subjects = [key] if key else [decision.customer_key for _, decision in page]
    purpose = purpose_of(request, account)
    await recorder.record(accesses(account, subjects, "list decisions", purpose, parts.clock))
    return JsonAnswer({"decisions": [{"sequence": sequence, "decision": decision} for sequence, decision in page]})


@router.get("/decisions/summary")
def summarise_decisions(account: OperationReader, parts: PartsDep) -> Response:
    """Count decisions by scenario and treatment; names no person."""
    return JsonAnswer({"scenarios": parts.decisions.count()})


@router.get("/decisions/recent")
def list_recent(account: OperationReader, parts: PartsDep, limit: Annotated[int, Query(ge=1, le=200)] = 20) -> Response:
    """List the headlines of the newest decisions, newest first; names no person."""
    newest = parts.decisions.list(limit=limit, newest_first=True)
    return JsonAnswer({"decisions": [_headline(sequence, decision) for sequence, decision in newest]})


@router.get("/decisions/{decision_id}")
async def show_decision(
    request: Request, decision_id: DecisionId, account: DecisionReader, parts: PartsDep, recorder: RecorderDep
) -> Response:
    """Show one decision whole."""
    decision = await run_in_threadpool(parts.decisions.get, decision_id)
    purpose = purpose_of(request, account)
    await recorder.record(accesses(account, [decision.customer_key], "show decision", purpose, parts.clock))
    return JsonAnswer(decision)


@router.get("/decisions/{decision_id}/explanation")
async def explain_decision(
    request: Request, decision_id: DecisionId, account: DecisionReader, parts: PartsDep, recorder: RecorderDep
) -> Response:
    """Tell in Korean and English why a decision was made, down to the second of the call and the click."""
    decision = await run_in_threadpool(parts.decisions.get, decision_id)
    purpose = purpose_of(request, account)
    await recorder.record(accesses(account, [decision.customer_key], "explain decision", purpose, parts.clock))
    return JsonAnswer(await run_in_threadpool(_explain, parts, decision))


def _explain(parts: Parts, decision: Decision) -> object:
    scenario = next((s for s in parts.scenarios() if s.scenario_id == decision.scenario_id), None)
    return explain(decision, scenario, parts.features.specs(), parts.settings.timezone_offset_hours)


@router.get("/stream/decisions")
async def stream_decisions(
    account: OperationReader,
    feed: FeedDep,
    after: Annotated[int | None, Query(ge=0, le=2**62)] = None,
    last_event_id: Annotated[str | None, Header(pattern="^[0-9]{1,18}$")] = None,
) -> Response:
    """Stream decisions as server-sent events while they happen, without naming the customer.

    Starts after ``Last-Event-ID``, else after the sequence ``after``, else with the next decision.
    """
    start = int(last_event_id) if last_event_id else after
    if start is None:
        start = await feed.head()
    return StreamingResponse(
        _events(feed, start),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _events(feed: DecisionFeed, after: int) -> AsyncIterator[bytes]:
    yield b"retry: 2000\n\n"
    follower = feed.follow(after)
    try:
        async for item in follower:
            if item is None:
                yield b": still here\n\n"
            else:
                sequence, decision = item
                body = msgspec.json.encode(_headline(sequence, decision)).decode()
                yield f"id: {sequence}\nevent: decision\ndata: {body}\n\n".encode()
    except asyncio.CancelledError:
        await follower.aclose()
        raise


def _headline(sequence: int, decision: Decision) -> dict[str, object]:
    """Return what a decision is about, without the person."""
    return {
        "sequence": sequence,
        "decision_id": decision.decision_id,
        "scenario_id": decision.scenario_id,
        "scenario_version": decision.scenario_version,
        "treatment": decision.treatment.value,
        "reason": decision.reason,
        "campaign": decision.campaign,
        "channel": decision.action.get("channel"),
        "decided_ms": decision.decided_ms,
        "trigger": next((e.type for e in decision.evidence if e.event_id == decision.trigger_event_id), None),
    }
