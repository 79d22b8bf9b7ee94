"""Who read whose data: the access log, for auditors."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.answers import JsonAnswer
from api.customers import accesses, customer_keys
from api.deps import AccessReader, AnyAccount, PartsDep, RecorderDep, purpose_of

router = APIRouter(prefix="/v1", tags=["access"])


@router.get("/access-log")
async def list_access(
    request: Request,
    account: AccessReader,
    parts: PartsDep,
    recorder: RecorderDep,
    subject: Annotated[str | None, Query(max_length=64, description="A customer key (cus_…).")] = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 100,
    verify: Annotated[bool, Query(description="Walk the whole chain and say where it breaks.")] = False,
) -> Response:
    """List reads of people, newest first; on request say whether the chain of records is whole."""
    key = customer_keys([subject], account, parts.pseudonyms)[0] if subject else None
    if key:
        purpose = purpose_of(request, account)
        await recorder.record(accesses(account, [key], "list access log", purpose, parts.clock))
    records = await run_in_threadpool(parts.access.list, subject=key, limit=limit)
    if not verify:
        return JsonAnswer({"records": records})
    broken_at = await run_in_threadpool(parts.access.verify)
    return JsonAnswer({"records": records, "is_whole": broken_at is None, "broken_at": broken_at})


@router.get("/me")
async def show_account(account: AnyAccount) -> Response:
    """Show whose key this is: the console's login asks here."""
    return JsonAnswer({"key_id": account.key_id, "role": account.role, "label": account.label})
