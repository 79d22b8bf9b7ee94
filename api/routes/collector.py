"""The collector: Segment's tracking API, which its SDKs and RudderStack's speak unchanged."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.accounts import Account
from api.answers import JsonAnswer
from api.body import read_body
from api.deps import MetersDep, PartsDep, admit, presented_key, require
from api.envelope import BATCHES, KINDS, Message, parse, unpack, write_key_in, write_key_of_basic
from api.errors import Refused
from api.parts import Parts
from api.roles import COLLECTS

router = APIRouter(tags=["collector"])

MAX_COLLECTING = 64
PATHS = (*KINDS, *BATCHES)
WriteKey = Annotated[str, Path(max_length=200)]


async def collect(request: Request, parts: PartsDep, meters: MetersDep) -> Response:
    """Make messages durable, then answer 200 with what became of each of them."""
    with _Turn(request):
        body = parse(await read_body(request, parts.settings.api.max_body_bytes))
        account = await _sender(request, body)
        answer = await _collect(parts, account, unpack(request.url.path.rsplit("/", 1)[-1], body))
    for status, count in answer["counts"].items():
        meters.collected.labels(status).inc(count)
    return JsonAnswer({"success": True, **answer})


for _path in PATHS:
    router.add_api_route(f"/v1/{_path}", collect, methods=["POST"], name=f"collect_{_path}")
router.add_api_route("/beacon/v1/batch", collect, methods=["POST"], name="collect_beacon")


@router.get("/v1/projects/{write_key}/settings")
async def show_project_settings(request: Request, write_key: WriteKey) -> Response:
    """Tell analytics.js where to send: here, and to nobody else."""
    require(await admit(request, write_key), COLLECTS)
    here = f"{request.url.hostname}:{request.url.port}" if request.url.port else str(request.url.hostname)
    destination = {"apiKey": write_key, "apiHost": f"{here}/v1", "protocol": request.url.scheme}
    return JsonAnswer({"integrations": {"Segment.io": destination}, "plan": {"track": {}, "identify": {}, "group": {}}})


@router.get("/sourceConfig")
async def show_source_config(request: Request) -> Response:
    """Tell RudderStack's SDKs that this source has no destinations in the browser."""
    account = await _sender(request, {})
    return JsonAnswer({"source": {"id": account.key_id, "config": {}, "destinations": [], "enabled": True}})


async def _sender(request: Request, body: Message) -> Account:
    """Return whose write key came along: in the body, as Basic user, as a query of a beacon, or as any API key."""
    secret = (
        write_key_in(body)
        or write_key_of_basic(request.headers.get("authorization", ""))
        or request.query_params.get("writeKey")
        or presented_key(request)
    )
    if secret is None:
        raise Refused(401, "key_missing", "Send your write key in the body, as Basic user or in X-API-Key.")
    account = await admit(request, secret)
    require(account, COLLECTS)
    return account


async def _collect(parts: Parts, account: Account, messages: list[object]) -> Message:
    received_ms = parts.clock.now_ms()
    answers = await run_in_threadpool(parts.collect, messages, source=account.key_id, received_ms=received_ms)
    return {"counts": Counter(answer.status for answer in answers), "answers": answers}


class _Turn:
    """One of a bounded number of requests that are collected at once; the next are told to come back."""

    def __init__(self, request: Request) -> None:
        self._state = request.app.state

    def __enter__(self) -> None:
        collecting = getattr(self._state, "collecting", 0)
        if collecting >= MAX_COLLECTING:
            raise Refused(429, "too_busy", "Too many requests are being collected; try again.", 1)
        self._state.collecting = collecting + 1

    def __exit__(self, *failure: object) -> None:
        self._state.collecting -= 1


class CollectorCors:
    """Lets browsers of any site send to the collector, and to nothing else. No cookies are involved."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._open = CORSMiddleware(
            app,
            allow_origins=["*"],
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Content-Encoding", "AnonymousId", "X-Retry-Count"],
            max_age=86_400,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer preflights of the collector's paths and mark its answers."""
        is_collector = scope["type"] == "http" and _is_collector_path(scope["path"])
        await (self._open if is_collector else self._app)(scope, receive, send)


def _is_collector_path(path: str) -> bool:
    if path in ("/sourceConfig", "/beacon/v1/batch"):
        return True
    parts = path.split("/")
    return path.startswith("/v1/") and ((parts[2] in PATHS and len(parts) == 3) or parts[2] == "projects")
