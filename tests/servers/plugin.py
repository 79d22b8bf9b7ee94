"""The fixtures ``minio``, ``kafka``, ``redis_server`` and ``postgres``, for every test that names one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.servers.kafka import KafkaServer, start_kafka
from tests.servers.minio import MinioServer, start_minio
from tests.servers.postgres import PostgresServer, start_postgres
from tests.servers.redis import RedisServer, start_redis
from tests.servers.session import ServerSession

_SESSION = pytest.StashKey[ServerSession]()


def pytest_configure(config: pytest.Config) -> None:
    """Make the session's folder, or join the one whose worker this process is."""
    given = getattr(config, "workerinput", {}).get("server_session")
    if given:
        config.stash[_SESSION] = ServerSession(Path(given[0]), given[1])
        return
    folder = Path(tempfile.mkdtemp(prefix="hub-servers-"))
    folder.chmod(0o711)  # PostgreSQL runs as another user and must reach its folder inside
    config.stash[_SESSION] = ServerSession(folder, os.getpid())


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist which session it belongs to."""
    session = node.config.stash[_SESSION]
    node.workerinput["server_session"] = (str(session.folder), session.owner)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers when the process that owns the session ends."""
    session = config.stash.get(_SESSION, None)
    if session is not None and session.owner == os.getpid():
        session.end()


@pytest.fixture(scope="session")
def server_session(pytestconfig: pytest.Config) -> ServerSession:
    """The session's servers."""
    return pytestconfig.stash[_SESSION]


@pytest.fixture(scope="session")
def minio(server_session: ServerSession) -> MinioServer:
    """A MinIO server."""
    return start_minio(server_session)


@pytest.fixture(scope="session")
def kafka(server_session: ServerSession) -> KafkaServer:
    """A Kafka broker."""
    return start_kafka(server_session)


@pytest.fixture(scope="session")
def redis_server(server_session: ServerSession) -> RedisServer:
    """A Redis server."""
    return start_redis(server_session)


@pytest.fixture(scope="session")
def postgres(server_session: ServerSession) -> PostgresServer:
    """A PostgreSQL server."""
    return start_postgres(server_session)
