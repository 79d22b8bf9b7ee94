"""Every job leaves a note of its last run, which the console and ``hub status`` show."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec

import msgspec

from infra.wiring import Hub, current_hub

P = ParamSpec("P")
Counts = dict[str, int]
_PREFIX = "job:"


class JobNote(msgspec.Struct, frozen=True, kw_only=True):
    """The last run of a job. State: running, done, failed."""

    name: str
    state: str
    started_ms: int
    ended_ms: int | None = None
    counts: Counts = {}
    reason: str = ""


JOBS = (
    "master.land",
    "master.refine",
    "memos.land",
    "memos.refine",
    "logs.land",
    "logs.land_collected",
    "logs.refine",
    "calls.land",
    "calls.refine",
    "behavior.unify",
    "behavior.features",
    "learning.retrain",
    "learning.score",
    "behavior.materialize",
    "behavior.publish",
    "decisions.decide",
    "decisions.land",
    "decisions.outcomes",
)


def recorded(name: str) -> Callable[[Callable[P, Counts]], Callable[P, Counts]]:
    """Keep a note of each run of a job under its name."""

    def around(job: Callable[P, Counts]) -> Callable[P, Counts]:
        @functools.wraps(job)
        def run(*args: P.args, **kwargs: P.kwargs) -> Counts:
            hub = current_hub()
            started_ms = hub.clock.now_ms()
            _note(hub, JobNote(name=name, state="running", started_ms=started_ms))
            try:
                counts = job(*args, **kwargs)
            except BaseException as error:
                reason = getattr(error, "reason", type(error).__name__)
                _note(
                    hub,
                    JobNote(
                        name=name, state="failed", started_ms=started_ms, ended_ms=hub.clock.now_ms(), reason=reason
                    ),
                )
                raise
            _note(
                hub, JobNote(name=name, state="done", started_ms=started_ms, ended_ms=hub.clock.now_ms(), counts=counts)
            )
            return counts

        return run

    return around


def notes(hub: Hub) -> list[JobNote]:
    """Return the note of every job that ever ran, in the order of the batch."""
    found = (hub.catalog.state.get(_PREFIX + name) for name in JOBS)
    return [msgspec.json.decode(raw, type=JobNote) for raw in found if raw is not None]


def _note(hub: Hub, note: JobNote) -> None:
    hub.catalog.state.put({_PREFIX + note.name: msgspec.json.encode(note)})
