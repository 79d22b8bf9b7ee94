"""Every error the hub raises, by what the caller should do about it.

HubError
├── Transient       try again later: whoever runs the step retries it
├── Permanent       will never work: the record goes to dead letters with this reason
│   └── Conflict    somebody else was first, or the thing is no longer as the caller saw it
└── Misconfigured   stop at once: the message names the setting to change

Attributes carry ids and places, never payloads.
"""

from __future__ import annotations


class HubError(Exception):
    """Root of all errors of the hub.

    Args:
        message: one sentence that says what happened and what to do.
        reason: a short snake_case word for grouping, as dead letters and metrics show it.
        **ids: identifiers that locate the record (dataset, object, offset ...), never its content.
    """

    default_reason = "error"

    def __init__(self, message: str, *, reason: str | None = None, **ids: str | int) -> None:
        super().__init__(message)
        self.reason = reason or self.default_reason
        self.ids = ids


class Transient(HubError):
    """A server is away, a lock is held, a disk is full: the same call may succeed later."""

    default_reason = "transient"


class Permanent(HubError):
    """The record itself is wrong; no retry will help."""

    default_reason = "permanent"


class Conflict(Permanent):
    """Somebody else was first, or a version is not the one expected."""

    default_reason = "conflict"


class Misconfigured(HubError):
    """A setting is missing or impossible; the message names it."""

    default_reason = "misconfigured"
