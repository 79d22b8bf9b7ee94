"""API keys: ``hub_<key id>_<secret>``, kept as a digest.

A key carries 256 random bits, so one SHA-256 is as good as a slow password hash: there is nothing to guess.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

import msgspec
from sqlalchemy import Engine, Row, insert, select, update

from catalog.plain_text import plain
from catalog.schema import api_keys as table
from catalog.transactions import reading, writing
from hub.errors import Permanent
from hub.records import ApiKey

ROLES = ("admin", "service", "collector", "marketer", "auditor", "viewer")
_PREFIX = "hub"
_KEY_ID_BYTES = 8
_SECRET_BYTES = 32
_MAX_LENGTH = 200
_NOBODY = "0" * 64


class SqlKeyStore:
    """``hub.ports.KeyStore`` on the catalogue's engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(self, role: str, label: str, now_ms: int) -> tuple[str, ApiKey]:
        """Return the new secret and its stored form.

        Raises:
            Permanent: ``unknown_role``.
        """
        if role not in ROLES:
            raise Permanent(f"There is no role of this name: choose one of {', '.join(ROLES)}.", reason="unknown_role")
        key_id = secrets.token_hex(_KEY_ID_BYTES)
        secret = f"{_PREFIX}_{key_id}_{secrets.token_urlsafe(_SECRET_BYTES)}"
        key = ApiKey(key_id=key_id, role=role, digest=_digest(secret), created_ms=now_ms, label=plain(label, 200))
        with writing(self._engine) as connection:
            connection.execute(insert(table).values(**msgspec.to_builtins(key)))
        return secret, key

    def find(self, secret: str) -> ApiKey | None:
        """Return the live key a secret belongs to; takes as long for a wrong secret as for a right one."""
        key_id = _key_id(secret)
        if key_id is None:
            return None
        with reading(self._engine) as connection:
            row = connection.execute(select(table).where(table.c.key_id == key_id)).one_or_none()
        stored = _NOBODY if row is None else row.digest
        is_theirs = hmac.compare_digest(stored, _digest(secret))
        if row is None or not is_theirs or row.revoked_ms is not None:
            return None
        return _key(row)

    def list(self) -> list[ApiKey]:
        """Return all keys, revoked ones too, oldest first."""
        with reading(self._engine) as connection:
            return [_key(row) for row in connection.execute(select(table).order_by(table.c.created_ms, table.c.key_id))]

    def revoke(self, key_id: str, now_ms: int) -> None:
        """End a key; one that ended already keeps its time.

        Raises:
            Permanent: ``unknown_key``.
        """
        with writing(self._engine) as connection:
            known = connection.execute(select(table.c.key_id).where(table.c.key_id == key_id)).one_or_none()
            if known is None:
                raise Permanent("There is no API key of this id.", reason="unknown_key", key_id=plain(key_id, 64))
            live = update(table).where(table.c.key_id == key_id, table.c.revoked_ms.is_(None))
            connection.execute(live.values(revoked_ms=now_ms))


def _key_id(secret: str) -> str | None:
    if len(secret) > _MAX_LENGTH or not secret.isascii():
        return None
    prefix, _, rest = secret.partition("_")
    key_id, separator, _ = rest.partition("_")
    is_shaped = prefix == _PREFIX and separator and len(key_id) == 2 * _KEY_ID_BYTES and key_id.isalnum()
    return key_id if is_shaped else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(row: Row[tuple[object, ...]]) -> ApiKey:
    return ApiKey(**dict(row._mapping))
