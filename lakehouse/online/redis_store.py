"""The online store on Redis or Valkey."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import cast

from redis import Redis
from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    NoPermissionError,
    RedisError,
    ResponseError,
)

from hub.errors import HubError, Misconfigured, Transient
from hub.records import FeatureRow
from lakehouse.online.stored import chunks, link_key, pack, row_key, unpack

_PREFIX = b"hub:"
_PER_ROUND_TRIP = 1_000
# Compares and replaces in one step on the server; a value begins with event time and creation time (``stored.pack``).
_SET_IF_NEWER = """
local stored = redis.call('GETRANGE', KEYS[1], 0, 15)
if #stored == 16 then
    local event_time, created = struct.unpack('>i8i8', stored)
    local new_event_time, new_created = struct.unpack('>i8i8', ARGV[1])
    if new_event_time < event_time or (new_event_time == event_time and new_created <= created) then
        return 0
    end
end
redis.call('SET', KEYS[1], ARGV[1])
return 1
"""


class RedisOnlineStore:
    """One Redis node, its replicas and sentinels, or a proxy that looks like one.

    A thousand rows travel in one round trip. The server must not evict: ``maxmemory-policy noeviction``.
    """

    def __init__(self, url: str, *, timeout_s: float = 5.0) -> None:
        try:
            self._client = Redis.from_url(
                url,
                socket_timeout=timeout_s,
                socket_connect_timeout=timeout_s,
                health_check_interval=30,
                decode_responses=False,
            )
        except ValueError:
            raise Misconfigured(
                "HUB_ONLINE_STORE__URL must look like redis://:password@host:port/0.", reason="bad_url"
            ) from None
        self._set_if_newer = self._client.register_script(_SET_IF_NEWER)

    def write(self, rows: Iterable[FeatureRow]) -> int:
        """Store rows; returns how many were newer than what was there."""
        return sum(self._write_chunk(chunk) for chunk in chunks(rows, _PER_ROUND_TRIP))

    def read(self, view: str, customer_keys: Sequence[str]) -> list[FeatureRow | None]:
        """Return one item per key, None where nothing is known."""
        found = self._get([row_key(view, customer_key) for customer_key in customer_keys])
        return [unpack(stored) if stored is not None else None for stored in found]

    def link(self, links: Mapping[str, str]) -> None:
        """Remember which customer an id belongs to; the last word counts."""
        with _translated():
            for chunk in chunks(links.items(), _PER_ROUND_TRIP):
                self._client.mset({_PREFIX + link_key(id_): customer_key.encode() for id_, customer_key in chunk})

    def resolve(self, ids: Sequence[str]) -> list[str | None]:
        """Return the customer of each id, None where unknown."""
        found = self._get([link_key(id_) for id_ in ids])
        return [stored.decode() if stored is not None else None for stored in found]

    def forget(self, views: Sequence[str], customer_keys: Sequence[str], ids: Sequence[str]) -> int:
        """Remove customers' values in these views, and what ids belong to; returns how many entries there were."""
        keys = [row_key(view, key) for view in views for key in customer_keys] + [link_key(id_) for id_ in ids]
        with _translated():
            removed = [
                self._client.delete(*(_PREFIX + key for key in chunk)) for chunk in chunks(keys, _PER_ROUND_TRIP)
            ]
        return sum(int(count) for count in removed)

    def close(self) -> None:
        """Close the connections; the store may be used again."""
        self._client.close()

    def _write_chunk(self, rows: Sequence[FeatureRow]) -> int:
        packed = [(_PREFIX + row_key(row.view, row.customer_key), pack(row)) for row in rows]
        with _translated(), self._client.pipeline(transaction=False) as pipeline:
            for key, candidate in packed:
                self._set_if_newer(keys=[key], args=[candidate], client=pipeline)
            return sum(pipeline.execute())

    def _get(self, keys: Sequence[bytes]) -> list[bytes | None]:
        with _translated():
            found: list[bytes | None] = []
            for chunk in chunks(keys, _PER_ROUND_TRIP):
                found += cast(list[bytes | None], self._client.mget([_PREFIX + key for key in chunk]))
            return found


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        raise _as_hub_error(error) from error


def _as_hub_error(error: RedisError) -> HubError:
    refused = isinstance(error, AuthenticationError | AuthorizationError | NoPermissionError)
    if refused or (isinstance(error, ResponseError) and str(error).startswith(("WRONGPASS", "NOAUTH", "HELLO must"))):
        return Misconfigured(
            "Redis refuses this client: check the user and password in HUB_ONLINE_STORE__URL.",
            reason="online_store_forbidden",
        )
    if isinstance(error, ResponseError) and "DB index" in str(error):
        return Misconfigured("Redis has no database of the number in HUB_ONLINE_STORE__URL.", reason="bad_url")
    return Transient(
        f"Redis (HUB_ONLINE_STORE__URL) does not answer as it should ({type(error).__name__}).",
        reason="online_store_away",
    )
