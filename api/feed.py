"""Decisions as they happen: one look at the store for everybody who listens."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator

import structlog
from starlette.concurrency import run_in_threadpool

from hub.errors import HubError
from hub.ports import DecisionStore
from hub.records import Decision

POLL_S = 0.4
PAGE = 200
KEPT = 1_000
HEARTBEAT_S = 15.0

Numbered = tuple[int, Decision]


class DecisionFeed:
    """Follows the decision store while somebody listens and keeps the last thousand."""

    def __init__(self, decisions: DecisionStore, *, poll_s: float = POLL_S) -> None:
        self._decisions = decisions
        self._poll_s = poll_s
        self._recent: list[Numbered] = []
        self._head: int | None = None
        self._listeners = 0
        self._news = asyncio.Condition()
        self._poller: asyncio.Task[None] | None = None
        self._is_closed = False

    async def head(self) -> int:
        """Return the sequence of the newest decision, 0 when there is none."""
        newest = await run_in_threadpool(self._decisions.list, limit=1, newest_first=True)
        return newest[0][0] if newest else 0

    async def follow(self, after: int) -> AsyncGenerator[Numbered | None, None]:
        """Yield decisions with a sequence above ``after`` in order; None as a heartbeat when it is quiet."""
        self._listeners += 1
        self._start()
        try:
            while not self._is_closed:
                page = await self._page(after)
                for sequence, decision in page:
                    yield sequence, decision
                    after = sequence
                if not page and not await self._wait_for_news(after):
                    yield None
        finally:
            self._listeners -= 1

    async def close(self) -> None:
        """Let every listener go."""
        self._is_closed = True
        if self._poller is not None:
            self._poller.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._poller
        async with self._news:
            self._news.notify_all()

    def _start(self) -> None:
        if self._poller is None or self._poller.done():
            self._poller = asyncio.create_task(self._poll())

    async def _page(self, after: int) -> list[Numbered]:
        if self._recent and self._recent[0][0] <= after + 1:
            return [item for item in self._recent if item[0] > after][:PAGE]
        if self._head is not None and after >= self._head:
            return []
        return await run_in_threadpool(self._decisions.list, after=after, limit=PAGE)

    async def _wait_for_news(self, after: int) -> bool:
        async with self._news:
            if self._is_closed or (self._head or 0) > after:
                return True
            try:
                await asyncio.wait_for(self._news.wait(), HEARTBEAT_S)
            except TimeoutError:
                return False
            return True

    async def _poll(self) -> None:
        self._head = await self.head()
        async with self._news:
            self._news.notify_all()
        while self._listeners and not self._is_closed:
            try:
                page = await run_in_threadpool(self._decisions.list, after=self._head, limit=PAGE)
            except HubError as error:
                structlog.get_logger("api").warning("feed.paused", reason=error.reason)
                page = []
            if page:
                self._recent = [*self._recent, *page][-KEPT:]
                self._head = page[-1][0]
                async with self._news:
                    self._news.notify_all()
            else:
                await asyncio.sleep(self._poll_s)
        self._recent, self._head = [], None
