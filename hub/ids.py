"""Identifiers that come from content, so that writing twice writes once."""

from __future__ import annotations

import hashlib
import hmac

ID_BYTES = 16
_SEPARATOR = b"\x1f"


def content_id(*parts: str | bytes | int) -> str:
    """Return 32 hex characters that depend on every part and on their boundaries."""
    digest = hashlib.blake2b(digest_size=ID_BYTES)
    for part in parts:
        raw = part if isinstance(part, bytes) else str(part).encode()
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
    happen to share their digits never collide.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def pseudonym(self, kind: str, raw: str) -> str:
        """Return e.g. ``cus_5f0c…`` for kind ``customer``: three letters and 24 hex characters."""
        digest = hmac.new(self._key, f"{kind}\x1f{raw}".encode(), hashlib.sha256).hexdigest()
        return f"{kind[:3]}_{digest[:24]}"

    def customer(self, customer_no: str) -> str:
        """Return the customer key of a core-bank customer number."""
        return self.pseudonym("customer", customer_no.strip())

    def anonymous(self, anonymous_id: str) -> str:
        """Return the pseudonym of a browser's or an app's anonymous id."""
        return self.pseudonym("anonymous", anonymous_id.strip())

    def phone(self, phone: str) -> str:
        """Return the pseudonym of a phone number, whatever its punctuation or country prefix."""
        digits = "".join(c for c in phone if c.isdigit())
        national = "0" + digits[2:] if digits.startswith("82") else digits
        return self.pseudonym("phone", national)

    def account(self, account_no: str) -> str:
        """Return the pseudonym of an account or card number, whatever its punctuation."""
        return self.pseudonym("account", "".join(c for c in account_no if c.isalnum()))
