"""A read is answered only after its record is durable; records that come together share a commit."""

from __future__ import annotations

import asyncio
import dataclasses
import threading
from collections.abc import Sequence

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.recorder import AccessRecorder
from hub.errors import Transient
from hub.records import Access, AccessRecord
from tests.doubles.api_parts import KIM, Desk


class Gate:
    """An access log whose commits wait for a gate, and fail on demand."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.opened = threading.Event()
        self.failure: Exception | None = None

    def append_all(self, accesses: Sequence[Access]) -> list[AccessRecord]:
        """Commit a group."""
        self.opened.wait(10)
        if self.failure is not None:
            raise self.failure
        self.groups.append([access.subject for access in accesses])
        return []


def access(subject: str) -> Access:
    return Access(account="k", origin="here", subject=subject, task="t", purpose="p", at_ms=0)


def test_records_that_wait_together_share_the_next_commit() -> None:
    async def run() -> list[list[str]]:
        log = Gate()
        recorder = AccessRecorder(log)  # type: ignore[arg-type]
        recorder.start()
        first = recorder.submit([access("a")])
        while recorder._queue.qsize():
            await asyncio.sleep(0.01)
        rest = [recorder.submit([access(name)]) for name in "bcd"]
        await asyncio.sleep(0.05)
        assert not first.done(), "answered before its record was durable"
        log.opened.set()
        await asyncio.gather(first, *rest)
        recorder.stop()
        return log.groups

    assert asyncio.run(run()) == [["a"], ["b", "c", "d"]]


@pytest.mark.parametrize("failure", [Transient("away", reason="catalog_away"), OSError("disk full")])
def test_every_waiter_hears_of_a_failed_commit_and_the_writer_goes_on(failure: Exception) -> None:
    async def run() -> list[list[str]]:
        log = Gate()
        log.opened.set()
        log.failure = failure
        recorder = AccessRecorder(log)  # type: ignore[arg-type]
        recorder.start()
        results = await asyncio.gather(*(recorder.record([access(n)]) for n in "ab"), return_exceptions=True)
        assert [type(result) for result in results] == [Transient, Transient]
        log.failure = None
        await recorder.record([access("c")])
        recorder.stop()
        return log.groups

    assert asyncio.run(run()) == [["c"]]


def test_a_full_queue_refuses_instead_of_growing() -> None:
    async def run() -> None:
        log = Gate()
        recorder = AccessRecorder(log, max_waiting=1)  # type: ignore[arg-type]
        recorder.start()
        waiting = [recorder.submit([access("a")])]
        while recorder._queue.qsize():
            await asyncio.sleep(0.01)
        waiting.append(recorder.submit([access("b")]))
        with pytest.raises(Transient, match="cannot keep up"):
            recorder.submit([access("c")])
        log.opened.set()
        await asyncio.gather(*waiting)
        recorder.stop()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/get-online-features"),
        ("GET", f"/v1/customers/{KIM}/recommendations"),
        ("GET", "/v1/decisions"),
        ("GET", "/v1/decisions/{decision}"),
        ("GET", "/v1/decisions/{decision}/explanation"),
    ],
)
def test_no_route_tells_of_a_person_whose_reading_could_not_be_recorded(desk: Desk, method: str, path: str) -> None:
    log = Gate()
    log.opened.set()
    log.failure = Transient("The catalogue is away.", reason="catalog_away")
    decision = desk.catalog.decisions.list(limit=1)[0][1].decision_id
    with TestClient(create_app(dataclasses.replace(desk.parts, access=log))) as client:  # type: ignore[type-var]
        body = {"feature_service": "customer", "entities": {"customer_id": [KIM]}} if method == "POST" else None
        answer = client.request(method, path.format(decision=decision), json=body, headers=desk.headers("service"))
    assert answer.status_code == 503
    assert "age" not in answer.text.replace("message", "")
