"""A Redis server on a loopback port."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from tests.servers.session import ServerSession, binary, free_port

_CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
save ""
appendonly no
databases 16
dir {data}
"""


@dataclass(frozen=True)
class RedisServer:
    """How to reach it. ``empty_url`` gives a test a database of its own."""

    url: str

    def empty_url(self, database: int = 1) -> str:
        """Empty a numbered database and return its URL."""
        url = self.url.removesuffix("/0") + f"/{database}"
        with Redis.from_url(url) as client:
            client.flushdb()
        return url


def start_redis(session: ServerSession) -> RedisServer:
    """Start it, or find the one that runs."""

    def start(data: Path) -> dict[str, Any]:
        program = binary("redis-server")
        port, password = free_port(), secrets.token_hex(16)
        configuration = data / "redis.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(_CONFIGURATION.format(port=port, password=password, data=data))
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        session.run("redis", [program, configuration], lambda: _is_ready(url))
        return {"url": url}

    return RedisServer(**session.shared("redis", start))


def _is_ready(url: str) -> bool:
    try:
        with Redis.from_url(url, socket_connect_timeout=2) as client:
            return bool(client.ping())
    except RedisError:
        return False
