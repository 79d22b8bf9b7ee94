"""Puts reads of people on record before they are answered, many of them in one commit.

A commit to the access log waits for the disk. Requests that arrive while one is under way
share the next: each still waits until its own record is durable, and the disk sees one
write for all of them.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Sequence

from hub.errors import HubError, Transient
from hub.ports import AccessLog
from hub.records import Access

MAX_GROUP = 512

Waiting = tuple[Sequence[Access], asyncio.AbstractEventLoop, "asyncio.Future[None]"]


class AccessRecorder:
    """One writer thread in front of an access log. What cannot be recorded is not read."""

    def __init__(self, log: AccessLog, *, max_waiting: int = 4_096) -> None:
        self._log = log
        self._queue: queue.Queue[Waiting | None] = queue.Queue(max_waiting)
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the writer thread."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="access-recorder", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Write what waits, then end the thread."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    def submit(self, accesses: Sequence[Access]) -> asyncio.Future[None]:
        """Queue records; the future is done once they are durable.

        Raises:
            Transient: the queue is full or the writer does not run.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        if not accesses:
            future.set_result(None)
            return future
        if self._thread is None:
            raise Transient("The access log is not being written.", reason="access_log_stopped")
        try:
            self._queue.put_nowait((accesses, loop, future))
        except queue.Full:
            raise Transient("The access log cannot keep up; try again.", reason="access_log_busy") from None
        return future

    async def record(self, accesses: Sequence[Access]) -> None:
        """Return once the records are durable."""
        await self.submit(accesses)

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            group, goes_on = self._take_group(first)
            self._write(group)
            if not goes_on:
                return

    def _take_group(self, first: Waiting) -> tuple[list[Waiting], bool]:
        group = [first]
        while len(group) < MAX_GROUP:
            try:
                waiting = self._queue.get_nowait()
            except queue.Empty:
                return group, True
            if waiting is None:
                return group, False
            group.append(waiting)
        return group, True

    def _write(self, group: list[Waiting]) -> None:
        error: HubError | None = None
        try:
            self._log.append_all([access for accesses, _, _ in group for access in accesses])
        except HubError as raised:
            error = raised
        except Exception as raised:  # noqa: BLE001 - the outermost loop of this thread: waiters must hear of it
            error = Transient("The access log could not be written.", reason="access_log_failed")
            error.__cause__ = raised
        for _, loop, future in group:
            if not loop.is_closed():
                loop.call_soon_threadsafe(_settle, future, error)


def _settle(future: asyncio.Future[None], error: HubError | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(None)
    else:
        future.set_exception(error)
