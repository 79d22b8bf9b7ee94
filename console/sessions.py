"""Who is logged in: API keys kept in this process's memory only, reached by a random cookie."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

COOKIE = "hub_console"
LANGUAGE_COOKIE = "hub_language"
IDLE_S = 30 * 60
TICKET_S = 30
TOKEN_BYTES = 32


@dataclass
class Session:
    """A logged-in browser. The key never leaves the server."""

    key: str
    role: str
    label: str
    seen_s: float


class Sessions:
    """Sessions by cookie. A new one gets a fresh id through a ticket that works once, within 30 seconds.

    The ticket carries the login from the page's socket, which cannot set cookies, to a request that can.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._sessions: dict[str, Session] = {}
        self._tickets: dict[str, tuple[float, Session]] = {}

    def ticket(self, key: str, role: str, label: str) -> str:
        """Return a ticket for a key that the API has confirmed."""
        self._forget_old()
        ticket = secrets.token_urlsafe(TOKEN_BYTES)
        self._tickets[ticket] = (self._now_s(), Session(key, role, label, self._now_s()))
        return ticket

    def redeem(self, ticket: str) -> str | None:
        """Return a new session's id for a ticket, None when it was used or is too old."""
        self._forget_old()
        found = self._tickets.pop(ticket, None)
        if found is None:
            return None
        session_id = secrets.token_urlsafe(TOKEN_BYTES)
        self._sessions[session_id] = found[1]
        return session_id

    def find(self, session_id: str) -> Session | None:
        """Return a live session and keep it alive."""
        self._forget_old()
        session = self._sessions.get(session_id)
        if session is not None:
            session.seen_s = self._now_s()
        return session

    def end(self, session_id: str) -> None:
        """Log out."""
        self._sessions.pop(session_id, None)

    def _forget_old(self) -> None:
        now_s = self._now_s()
        self._tickets = {t: (at, s) for t, (at, s) in self._tickets.items() if now_s - at < TICKET_S}
        self._sessions = {i: s for i, s in self._sessions.items() if now_s - s.seen_s < IDLE_S}
