"""A MinIO server on a loopback port."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3
from minio import Minio
from minio.error import MinioException

from tests.servers.session import INSTALLED, ServerSession, binary, free_port


@dataclass(frozen=True)
class MinioServer:
    """How to reach it. ``bucket`` makes a new, empty bucket for a test."""

    endpoint: str
    access_key: str
    secret_key: str
    region: str = "us-east-1"

    def bucket(self) -> str:
        """Return the name of a new bucket."""
        name = f"test-{secrets.token_hex(6)}"
        self.client().make_bucket(name)
        return name

    def client(self) -> Minio:
        """Return a client that asks once and never waits."""
        return Minio(
            self.endpoint.removeprefix("http://"),
            access_key=self.access_key,
            secret_key=self.secret_key,
            secure=False,
            region=self.region,
            http_client=urllib3.PoolManager(timeout=10, retries=False),
        )


def start_minio(session: ServerSession) -> MinioServer:
    """Start it, or find the one that runs."""

    def start(data: Path) -> dict[str, Any]:
        program = binary("minio", INSTALLED / "bin")
        address = f"127.0.0.1:{free_port()}"
        server = MinioServer(f"http://{address}", secrets.token_hex(8), secrets.token_hex(16))
        session.run(
            "minio",
            [program, "server", "--quiet", "--address", address, "--console-address", "127.0.0.1:0", data],
            lambda: _is_ready(server),
            env={
                "MINIO_ROOT_USER": server.access_key,
                "MINIO_ROOT_PASSWORD": server.secret_key,
                "MINIO_REGION": server.region,
                "MINIO_BROWSER": "off",
                "MINIO_UPDATE": "off",
                "CI": "true",  # lets it share the system's disk
            },
        )
        return server.__dict__

    return MinioServer(**session.shared("minio", start))


def _is_ready(server: MinioServer) -> bool:
    """Ask a signed question: the health endpoints say yes before the server knows its own accounts."""
    try:
        server.client().list_buckets()
    except (MinioException, urllib3.exceptions.HTTPError):
        return False
    return True
