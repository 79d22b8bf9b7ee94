"""Every failure as JSON that names no payload and no secret.

Refused         the request itself may not pass: 400, 401, 403, 404, 413, 429
HubError        Transient 503, Conflict 409, unknown things 404, other Permanent 400, Misconfigured 500
anything else   500 with a request id; the type and the place go to the log, the message does not

Feature routes speak Feast's form ``{"module", "class", "message"}``, every other route
``{"code", "message"}`` as Segment's SDKs need it.
"""

from __future__ import annotations

import traceback

import msgspec
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from hub.errors import Conflict, HubError, Misconfigured, Permanent, Transient

FEATURE_PATHS = ("/get-online-features",)
RETRY_AFTER_S = 1

FEAST_CLASSES = {
    "unknown_view": "FeatureViewNotFoundException",
    "unknown_service": "FeatureServiceNotFoundException",
    "unknown_feature": "FeatureViewNotFoundException",
    "forbidden": "FeastPermissionError",
}


class Refused(HubError):
    """A request that may not pass, with the status that says so."""

    default_reason = "refused"

    def __init__(self, status: int, reason: str, message: str, retry_after_s: int | None = None) -> None:
        super().__init__(message, reason=reason)
        self.status = status
        self.retry_after_s = retry_after_s


def status_of(error: HubError) -> int:
    """Return the HTTP status that tells a caller what to do about an error."""
    match error:
        case Refused():
            return error.status
        case Transient():
            return 503
        case Misconfigured():
            return 500
        case Conflict():
            return 409
        case Permanent():
            return 404 if error.reason.startswith("unknown_") else 400
        case _:
            return 500


def headers_of(error: HubError) -> dict[str, str]:
    """Return the headers a client needs to go on: when to retry, how to authenticate."""
    if isinstance(error, Refused) and error.retry_after_s is not None:
        return {"Retry-After": str(error.retry_after_s)}
    if isinstance(error, Refused) and error.status == 401:
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, Transient):
        return {"Retry-After": str(RETRY_AFTER_S)}
    return {}


def error_response(path: str, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    """Write one error in the form its route's clients read."""
    body: dict[str, str] = {"code": code, "message": message}
    if path.startswith(FEATURE_PATHS):
        body = {"module": "feast.errors", "class": FEAST_CLASSES.get(code, "FeastError"), "message": message}
    return Response(msgspec.json.encode(body), status, headers, media_type="application/json")


async def on_hub_error(request: Request, error: Exception) -> Response:
    """Answer for an error of the hub's own tree."""
    assert isinstance(error, HubError)
    request.scope["error_reason"] = error.reason
    return error_response(request.url.path, status_of(error), error.reason, str(error), headers_of(error))


async def on_invalid(request: Request, error: Exception) -> Response:
    """Name the field that is wrong, never its value."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    request.scope["error_reason"] = "bad_request"
    return error_response(request.url.path, 400, "bad_request", f"{place}: {first['msg']}.")


async def on_http(request: Request, error: Exception) -> Response:
    """Answer for what the router itself refuses: unknown paths and methods."""
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "http_error")
    headers = dict(error.headers) if error.headers else None
    return error_response(request.url.path, error.status_code, code, str(error.detail), headers)


def surprise_response(path: str, request_id: str, error: Exception) -> Response:
    """Log where a surprise happened, without its message, which may quote data, and answer 500."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    structlog.get_logger("api").error(
        "request.failed",
        request_id=request_id,
        error=type(error).__name__,
        at=[f"{frame.name}:{frame.lineno}" for frame in frames],
    )
    message = f"Something went wrong here, not with you. Request id: {request_id}."
    return error_response(path, 500, "internal", message)


def add_error_handlers(app: FastAPI) -> None:
    """Register the answers above."""
    app.add_exception_handler(HubError, on_hub_error)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
