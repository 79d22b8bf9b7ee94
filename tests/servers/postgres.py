"""A PostgreSQL server on a loopback port, run by an account that is not root."""

from __future__ import annotations

import os
import pwd
import secrets
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.servers.session import ServerSession, binary, free_port

_ACCOUNTS = ("postgres", "nobody")
_CLUSTER = ("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60", "shared_buffers=32MB")


@dataclass(frozen=True)
class PostgresServer:
    """How to reach it. ``database`` makes a new, empty database for a test."""

    host: str
    port: int
    user: str
    password: str

    def database(self) -> str:
        """Return the SQLAlchemy URL of a new database."""
        name = f"test_{secrets.token_hex(6)}"
        with psycopg.connect(self.conninfo(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return f"postgresql+psycopg://{self.user}:{self.password}@{self.host}:{self.port}/{name}"

    def conninfo(self, database: str = "postgres") -> str:
        """Return libpq's connection string."""
        return f"host={self.host} port={self.port} user={self.user} password={self.password} dbname={database}"


def start_postgres(session: ServerSession) -> PostgresServer:
    """Start it, or find the one that runs."""

    def start(data: Path) -> dict[str, Any]:
        places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
        initdb, postgres = binary("initdb", *places), binary("postgres", *places)
        server = PostgresServer("127.0.0.1", free_port(), "hub", secrets.token_hex(16))
        account = _account()
        cluster = _initialise(initdb, data, server, account)
        session.run(
            "postgres",
            [postgres, "-D", cluster, "-h", server.host, "-p", str(server.port), "-k", data]
            + [part for setting in _FAST for part in ("-c", setting)],
            lambda: _is_ready(server),
            account=account,
            stop_signal=signal.SIGINT,  # "fast" shutdown: does not wait for clients
        )
        return server.__dict__

    return PostgresServer(**session.shared("postgres", start))


def _account() -> tuple[int, int] | None:
    """Return whom to run it as; None: as oneself. PostgreSQL refuses root."""
    if os.getuid() != 0:
        return None
    for name in _ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    pytest.fail("PostgreSQL needs an account other than root to run as.", pytrace=False)


def _initialise(initdb: Path, data: Path, server: PostgresServer, account: tuple[int, int] | None) -> Path:
    password = data / "password"
    password.touch(mode=0o600)
    password.write_text(server.password)
    identity: dict[str, Any] = {}
    if account:
        os.chown(data, *account)
        os.chown(password, *account)
        identity = {"user": account[0], "group": account[1], "extra_groups": []}
    done = subprocess.run(
        [initdb, "-D", data / "cluster", "-U", server.user, f"--pwfile={password}", *_CLUSTER],
        cwd=data,
        capture_output=True,
        text=True,
        check=False,
        **identity,
    )
    if done.returncode:
        pytest.fail(f"initdb failed:\n{done.stdout}{done.stderr}", pytrace=False)
    return data / "cluster"


def _is_ready(server: PostgresServer) -> bool:
    try:
        with psycopg.connect(server.conninfo(), connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False
