"""Is the hub alive, and which store is not."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.answers import JsonAnswer
from api.deps import PartsDep
from api.parts import Probe
from hub.errors import HubError

router = APIRouter(tags=["operation"])


@router.get("/health")
async def show_health(parts: PartsDep) -> Response:
    """Tell the state of every store: 200 when all answer, 503 otherwise. Needs no key."""
    stores = {name: await run_in_threadpool(_state, probe) for name, probe in parts.probes.items()}
    is_well = all(state == "ok" for state in stores.values())
    return JsonAnswer({"status": "ok" if is_well else "degraded", "stores": stores}, 200 if is_well else 503)


def _state(probe: Probe) -> str:
    try:
        probe()
    except (HubError, OSError) as error:
        return error.reason if isinstance(error, HubError) else "unreachable"
    return "ok"
