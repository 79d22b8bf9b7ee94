"""One log line and three metrics per request: route, status, role and time; never a body, a query or a key."""

from __future__ import annotations

import re
import time
import uuid

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import surprise_response

BUCKETS_S = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
GUARDS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
)
"""What browsers are told with every answer: believe the content type, frame nothing, tell nobody where you were."""

_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{1,64}$")


class Meters:
    """The application's own metrics, in a registry of their own so that two applications do not clash."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "hub_http_requests", "Requests by route and status.", ("route", "method", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "hub_http_request_seconds", "Time to answer.", ("route",), buckets=BUCKETS_S, registry=self.registry
        )
        self.in_flight = Gauge("hub_http_requests_in_flight", "Requests being answered.", registry=self.registry)
        self.collected = Counter(
            "hub_collected_messages", "Collected messages by what became of them.", ("status",), registry=self.registry
        )
        self.features_read = Counter(
            "hub_feature_values", "Feature values served by status.", ("status",), registry=self.registry
        )
        self.people_read = Counter(
            "hub_people_read", "Reads of a person put on record.", ("task",), registry=self.registry
        )


class Journal:
    """ASGI middleware around everything: request id, log line, metrics, and an answer when code breaks."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        self._app = app
        self._meters = meters
        self._log = structlog.get_logger("api")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request and note it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope["request_id"] = request_id
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode()), *GUARDS]
            await send(message)

        started = time.perf_counter()
        self._meters.in_flight.inc()
        try:
            await self._app(scope, receive, noting)
        except Exception as error:  # noqa: BLE001 - the host's outermost loop
            answer = surprise_response(scope["path"], request_id, error)
            if not status:
                await answer(scope, receive, noting)
        finally:
            self._meters.in_flight.dec()
            self._note(scope, status, time.perf_counter() - started)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = _route_of(scope)
        self._meters.requests.labels(route, scope["method"], str(status)).inc()
        self._meters.seconds.labels(route).observe(seconds)
        account = scope.get("account")
        self._log.info(
            "request",
            request_id=scope["request_id"],
            method=scope["method"],
            route=route,
            status=status,
            ms=round(seconds * 1_000, 2),
            role=account.role.value if account else None,
            key_id=account.key_id if account else None,
            reason=scope.get("error_reason"),
        )


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _REQUEST_ID.match(value.decode("latin-1")):
            return str(value.decode("latin-1"))
    return uuid.uuid4().hex[:16]


def _route_of(scope: Scope) -> str:
    """Return the route's pattern, so that neither ids nor keys in paths reach the log."""
    route = scope.get("route")
    if route is not None:
        return str(getattr(route, "path", "mounted"))
    first = scope["path"].split("/")[1:2]
    return "/console" if first == ["console"] else "unmatched"
