"""Every job leaves a note of its last run, which the console and ``hub status`` show."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import msgspec

from infra.wiring import Hub, current_hub

P = ParamSpec("P")
R = TypeVar("R", bound=dict[str, Any])
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
    "calls.transcribe",
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


def recorded(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep a note of each run of a job under its name."""

    def around(job: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(job)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            hub = current_hub()
            started_ms = hub.clock.now_ms()
            _note(hub, JobNote(name=name, state="running", started_ms=started_ms))
            try:
                report = job(*args, **kwargs)
            except BaseException as error:
                reason = getattr(error, "reason", type(error).__name__)
                _note(
                    hub,
                    JobNote(
                        name=name, state="failed", started_ms=started_ms, ended_ms=hub.clock.now_ms(), reason=reason
                    ),
                )
                raise
            counts = {key: value for key, value in report.items() if type(value) is int}
            _note(
                hub, JobNote(name=name, state="done", started_ms=started_ms, ended_ms=hub.clock.now_ms(), counts=counts)
            )
            return report

        return run

    return around


def notes(hub: Hub) -> list[JobNote]:
    """Return the note of every job that ever ran, in the order of the batch."""
    found = (hub.catalog.state.get(_PREFIX + name) for name in JOBS)
    return [msgspec.json.decode(raw, type=JobNote) for raw in found if raw is not None]


def _note(hub: Hub, note: JobNote) -> None:
    hub.catalog.state.put({_PREFIX + note.name: msgspec.json.encode(note)})
