"""From a presented key to an account, with a limit on wrong guesses."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict, deque

from api.errors import Refused
from api.roles import Role
from hub.clock import MINUTE_MS, SECOND_MS, Clock
from hub.ports import KeyStore
from hub.records import Record

TRUST_MS = 5 * SECOND_MS
WINDOW_MS = MINUTE_MS
MAX_FAILURES = 10
MAX_REMEMBERED = 10_000


class Account(Record, frozen=True, kw_only=True):
    """Who is calling: the key's id and role, and where from. Never the key."""

    key_id: str
    role: Role
    label: str
    origin: str


class Keyring:
    """Looks keys up, remembers good ones for five seconds and slows down whoever guesses.

    A revoked key therefore works for at most five seconds more. A digest is remembered,
    never the key.
    """

    def __init__(self, keys: KeyStore, clock: Clock, *, max_failures: int = MAX_FAILURES) -> None:
        self._keys = keys
        self._clock = clock
        self._max_failures = max_failures
        self._known: OrderedDict[bytes, tuple[int, str, Role, str]] = OrderedDict()
        self._failures: OrderedDict[str, deque[int]] = OrderedDict()
        self._lock = threading.Lock()

    def recall(self, secret: str, origin: str) -> Account | None:
        """Return the account of a key seen a moment ago, without asking the store."""
        now_ms = self._clock.now_ms()
        with self._lock:
            known = self._known.get(_digest(secret))
        if known is None or not known[0] <= now_ms < known[0] + TRUST_MS:
            return None
        return Account(key_id=known[1], role=known[2], label=known[3], origin=origin)

    def admit(self, secret: str, origin: str) -> Account:
        """Return the account of a key.

        Raises:
            Refused: 401 for an unknown key, 429 after too many unknown keys from one address.
        """
        recalled = self.recall(secret, origin)
        if recalled is not None:
            return recalled
        self._refuse_guessers(origin)
        key = self._keys.find(secret)
        if key is None or key.role not in set(Role):
            self._remember_failure(origin)
            raise Refused(401, "unknown_key", "This API key is not known or was revoked.")
        account = Account(key_id=key.key_id, role=Role(key.role), label=key.label, origin=origin)
        self._remember(secret, account)
        return account

    def _remember(self, secret: str, account: Account) -> None:
        with self._lock:
            self._known[_digest(secret)] = (self._clock.now_ms(), account.key_id, account.role, account.label)
            self._known.move_to_end(_digest(secret))
            while len(self._known) > MAX_REMEMBERED:
                self._known.popitem(last=False)

    def _refuse_guessers(self, origin: str) -> None:
        now_ms = self._clock.now_ms()
        with self._lock:
            failures = self._failures.get(origin)
            if failures is None:
                return
            while failures and failures[0] <= now_ms - WINDOW_MS:
                failures.popleft()
            if len(failures) < self._max_failures:
                return
            wait_s = max(1, -(-(failures[0] + WINDOW_MS - now_ms) // SECOND_MS))
        raise Refused(
            429, "too_many_attempts", f"Too many unknown keys from this address; try again in {wait_s} s.", wait_s
        )

    def _remember_failure(self, origin: str) -> None:
        with self._lock:
            self._failures.setdefault(origin, deque(maxlen=self._max_failures)).append(self._clock.now_ms())
            self._failures.move_to_end(origin)
            while len(self._failures) > MAX_REMEMBERED:
                self._failures.popitem(last=False)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
