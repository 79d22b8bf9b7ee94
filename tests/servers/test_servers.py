"""The servers the suite starts really answer, and are gone with the session."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from redis import Redis
from redis.exceptions import RedisError

from tests.servers.kafka import KafkaServer
from tests.servers.minio import MinioServer
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer
from tests.servers.session import CHECKOUT, binary
from tests.servers.supervise import is_running

pytestmark = pytest.mark.servers


def test_postgres_makes_an_empty_database_per_test(postgres: PostgresServer):
    first, second = postgres.database(), postgres.database()
    assert first != second
    with psycopg.connect(first.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_redis_wants_its_password(redis_server: RedisServer):
    with Redis.from_url(redis_server.url) as client:
        assert client.ping()
    with pytest.raises(RedisError, match=r"(?i)authenticat"):
        Redis.from_url("redis://" + redis_server.url.split("@")[1]).ping()


def test_minio_and_kafka_listen_on_the_loopback_only(minio: MinioServer, kafka: KafkaServer):
    assert minio.endpoint.startswith("http://127.0.0.1:")
    assert kafka.bootstrap_servers.startswith("127.0.0.1:")
    assert minio.bucket() != minio.bucket()


def test_a_missing_program_fails_with_the_target_that_installs_it():
    with pytest.raises(pytest.fail.Exception, match="make servers"):
        binary("no-such-server")


@pytest.mark.parametrize("ending", ["finished", "killed"])
def test_a_server_does_not_outlive_its_session(ending: str, tmp_path: Path):
    script = (
        "import os, sys, time; from pathlib import Path; from tests.servers.session import ServerSession\n"
        "session = ServerSession(Path(sys.argv[1]), os.getpid())\n"
        "session.shared('sleep', lambda data: session.run('sleep', ['sleep', '600'], lambda: True) or {})\n"
        "print((session.folder / 'sleep.pid').read_text(), flush=True)\n"
        "session.end() if sys.argv[2] == 'finished' else time.sleep(600)\n"
    )
    folder = tmp_path / "session"
    folder.mkdir()
    owner = subprocess.Popen(
        [sys.executable, "-c", script, folder, ending], stdout=subprocess.PIPE, text=True, cwd=CHECKOUT
    )
    assert owner.stdout is not None
    supervisor = int(owner.stdout.readline())
    if ending == "killed":
        owner.kill()
    owner.wait(20)
    owner.stdout.close()
    deadline = time.monotonic() + 10
    while is_running(supervisor) and not _is_zombie(supervisor) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(supervisor) or _is_zombie(supervisor)
    assert not folder.exists()


def _is_zombie(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] == "Z"
