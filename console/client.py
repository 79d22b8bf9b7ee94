"""The hub's HTTP API as the console uses it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx

TIMEOUT_S = 10.0
PURPOSE = "console"

Document = dict[str, Any]
Query = Mapping[str, str | int | bool]


class Trouble(Exception):
    """The API refused or did not answer: its sentence, for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class HubClient:
    """One HTTP client for all sessions; the key and the browser's address go with each call."""

    def __init__(self, base_url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        # Proxies of the environment are for the world outside, not for this process.
        self._http = httpx.AsyncClient(base_url=base_url, timeout=TIMEOUT_S, transport=transport, trust_env=False)

    async def get(self, path: str, key: str, origin: str, **query: str | int | bool) -> Document:
        """Read one document.

        Raises:
            Trouble: with the API's own sentence.
        """
        return await self._ask("GET", path, key, origin, query=query)

    async def post(self, path: str, key: str, origin: str, body: object) -> Document:
        """Ask with a body. Raises Trouble."""
        return await self._ask("POST", path, key, origin, body=body)

    async def decisions(self, key: str, origin: str, after: int) -> AsyncIterator[dict[str, Any]]:
        """Yield headlines of decisions as they happen. Raises Trouble."""
        headers = _headers(key, origin)
        try:
            async with self._http.stream(
                "GET", "/v1/stream/decisions", params={"after": after}, headers=headers, timeout=None
            ) as answer:
                if answer.status_code != httpx.codes.OK:
                    raise Trouble(answer.status_code, "stream", "The stream was refused.")
                async for line in answer.aiter_lines():
                    if line.startswith("data: "):
                        yield json.loads(line.removeprefix("data: "))
        except httpx.HTTPError as error:
            raise Trouble(503, "unreachable", "The hub does not answer.") from error

    async def _ask(
        self, method: str, path: str, key: str, origin: str, query: Query | None = None, body: object = None
    ) -> Document:
        headers = _headers(key, origin)
        try:
            answer = await self._http.request(method, path, headers=headers, params=query, json=body)
        except httpx.HTTPError as error:
            raise Trouble(503, "unreachable", "The hub does not answer.") from error
        if answer.is_success:
            document: Document = answer.json()
            return document
        raise _trouble(answer)


def _headers(key: str, origin: str) -> dict[str, str]:
    return {"X-API-Key": key, "X-Purpose": PURPOSE, "X-Forwarded-For": origin}


def _trouble(answer: httpx.Response) -> Trouble:
    try:
        body = answer.json()
    except ValueError:
        body = {}
    code = str(body.get("code") or body.get("class") or "error")
    return Trouble(answer.status_code, code, str(body.get("message") or answer.reason_phrase))
