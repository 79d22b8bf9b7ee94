"""Identifiers that come from content, so that writing twice writes once."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping

ID_BYTES = 16
_SEPARATOR = b"\x1f"


def content_id(*parts: str | bytes | int) -> str:
    """Return 32 hex characters that depend on every part and on their boundaries."""
    digest = hashlib.blake2b(digest_size=ID_BYTES)
    for part in parts:
        raw = part if isinstance(part, bytes) else str(part).encode(errors="surrogatepass")
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
        digest.update(_SEPARATOR)
    return digest.hexdigest()


def event_id(source: str, *parts: str | bytes | int) -> str:
    """Return the identity of an event whose sender gave none: its source and its content."""
    return content_id("event", source, *parts)


def decision_id(scenario: str, version: int, customer_key: str, trigger_event_id: str) -> str:
    """Return the identity of a decision: what fired, in which version, for whom, upon what."""
    return content_id("decision", scenario, version, customer_key, trigger_event_id)


def bucket(key: str, salt: str, buckets: int) -> int:
    """Return a stable bucket in [0, buckets) for control groups, partitions and samples."""
    digest = hashlib.blake2b(f"{salt}\x1f{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % buckets


def partition_of(key: str, partitions: int) -> int:
    """Return the log partition that keeps one customer's events in order."""
    return bucket(key, "partition", partitions)


class Pseudonymizer:
    """Turns raw identifiers into keyed pseudonyms (HMAC-SHA-256) that are stable under one key.

    The kind is part of the pseudonym, so a phone number and an account number that
    happen to share their digits never collide. Keys rotate: ``key`` (``key_id``) makes every new pseudonym, ``previous``
    keys only find what was written under them until it is written anew (``lakehouse.rekeying``).
    """

    def __init__(self, key: bytes, *, key_id: str = "1", previous: Mapping[str, bytes] | None = None) -> None:
        self._keys = {key_id: key, **{name: old for name, old in (previous or {}).items() if name != key_id}}
        self.key_id = key_id

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The ids of all keys, the current one first."""
        return tuple(self._keys)

    def digest(self, kind: str, raw: str, key_id: str | None = None) -> bytes:
        """Return 32 bytes that only the key's holder can compute."""
        return hmac.new(
            self._keys[key_id or self.key_id], f"{kind}\x1f{raw}".encode(errors="surrogatepass"), hashlib.sha256
        ).digest()

    def pseudonym(self, kind: str, raw: str, key_id: str | None = None) -> str:
        """Return e.g. ``cus_5f0c…`` for kind ``customer``: three letters and 24 hex characters."""
        return f"{kind[:3]}_{self.digest(kind, raw, key_id).hex()[:24]}"

    def every(self, kind: str, raw: str) -> list[str]:
        """Return the pseudonyms of a raw identifier under all keys, the current one first."""
        written = canonical(kind, raw)
        return [self.pseudonym(kind, written, key_id) for key_id in self._keys]

    def known(self, kind: str, raw: str, is_known: Callable[[str], bool]) -> str:
        """Return the pseudonym of a raw identifier that something is known under: while keys rotate, that may be an older one."""
        current, *older = self.every(kind, raw)
        if not older or is_known(current):
            return current
        return next((name for name in older if is_known(name)), current)

    def customer(self, customer_no: str) -> str:
        """Return the customer key of a core-bank customer number."""
        return self.pseudonym("customer", canonical("customer", customer_no))

    def anonymous(self, anonymous_id: str) -> str:
        """Return the pseudonym of a browser's or an app's anonymous id."""
        return self.pseudonym("anonymous", canonical("anonymous", anonymous_id))

    def phone(self, phone: str) -> str:
        """Return the pseudonym of a phone number, whatever its punctuation or country prefix."""
        return self.pseudonym("phone", canonical("phone", phone))

    def account(self, account_no: str) -> str:
        """Return the pseudonym of an account or card number, whatever its punctuation."""
        return self.pseudonym("account", canonical("account", account_no))


def canonical(kind: str, raw: str) -> str:
    """Return the one spelling of an identifier that its pseudonym is made from."""
    if kind == "phone":
        digits = "".join(c for c in raw if c.isdigit())
        return "0" + digits[2:] if digits.startswith("82") else digits
    if kind == "account":
        return "".join(c for c in raw if c.isalnum())
    return raw if kind == "memo" else raw.strip()
