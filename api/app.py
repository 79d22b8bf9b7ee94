"""The application: parts in, routes out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from starlette.responses import Response

from api.accounts import Keyring
from api.answers import JsonAnswer
from api.deps import OperationReader
from api.errors import add_error_handlers
from api.feed import DecisionFeed
from api.journal import Journal, Meters
from api.online import FeaturePlans
from api.parts import Parts
from api.recorder import AccessRecorder
from api.routes import access, collector, customers, decisions, features, health, memos, operation
from api.routes.collector import CollectorCors

ROUTERS = (
    health.router,
    features.router,
    customers.router,
    decisions.router,
    operation.router,
    access.router,
    memos.router,
)


def create_app(parts: Parts) -> FastAPI:
    """Build the application on its parts. Nothing is opened before it starts."""
    app = FastAPI(title="Speech-log hub", lifespan=_lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.parts = parts
    app.state.meters = Meters()
    app.state.keyring = Keyring(parts.keys, parts.clock)
    app.state.recorder = AccessRecorder(parts.access)
    app.state.feed = DecisionFeed(parts.decisions)
    app.state.plans = FeaturePlans(parts.features)
    app.state.memo_turn = asyncio.Lock()  # one pipeline, one memo at a time
    add_error_handlers(app)
    for router in (*ROUTERS, collector.router):
        app.include_router(router)
    app.add_api_route("/v1/openapi.json", show_openapi, methods=["GET"], tags=["operation"])
    app.add_middleware(CollectorCors)
    app.add_middleware(Journal, meters=app.state.meters)
    return app


async def show_openapi(request: Request, account: OperationReader) -> Response:
    """Show the description of this API."""
    return JsonAnswer(request.app.openapi())


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.recorder.start()
    try:
        yield
    finally:
        await app.state.feed.close()
        app.state.recorder.stop()
