"""A Kafka broker (one KRaft node) on a loopback port."""

from __future__ import annotations

import os
import subprocess
import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from tests.servers.session import CHECKOUT, INSTALLED, ServerSession, binary, free_port

_CONFIGURATION = CHECKOUT / "infra" / "kafka"
# A short-lived broker on a small machine: start fast, stay small.
_JVM = ("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")


@dataclass(frozen=True)
class KafkaServer:
    """How to reach it."""

    bootstrap_servers: str


def start_kafka(session: ServerSession) -> KafkaServer:
    """Start it, or find the one that runs."""

    def start(data: Path) -> dict[str, Any]:
        libraries = INSTALLED / "kafka" / "libs"
        if not libraries.is_dir():
            pytest.fail(
                "Kafka is not installed: run `make servers` (infra/servers.sh), which fetches it.", pytrace=False
            )
        port = free_port()
        properties = data / "server.properties"
        properties.write_text(_filled_in(port, free_port(), data / "logs"))
        java = [str(_java()), *_JVM, f"-Dlog4j2.configurationFile={_CONFIGURATION / 'log4j2.properties'}"]
        java += ["-cp", f"{libraries}/*"]
        _format(java, properties)
        address = f"127.0.0.1:{port}"
        session.run("kafka", [*java, "kafka.Kafka", properties], lambda: _is_ready(address))
        return {"bootstrap_servers": address}

    return KafkaServer(**session.shared("kafka", start))


def _filled_in(port: int, controller_port: int, data: Path) -> str:
    template = (_CONFIGURATION / "server.properties").read_text()
    names = {"@PORT@": str(port), "@CONTROLLER_PORT@": str(controller_port), "@DATA@": str(data)}
    for name, value in names.items():
        template = template.replace(name, value)
    return template


def _java() -> Path:
    home = os.environ.get("JAVA_HOME")
    return binary("java", *([Path(home) / "bin"] if home else []))


def _format(java: list[str], properties: Path) -> None:
    cluster = urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()
    done = subprocess.run(
        [*java, "kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "-c", properties],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.fail(f"Kafka's storage cannot be formatted:\n{done.stdout}{done.stderr}", pytrace=False)


def _is_ready(address: str) -> bool:
    client = AdminClient({"bootstrap.servers": address, "log_level": 0})
    try:
        return bool(client.list_topics(timeout=2).brokers)
    except KafkaException:
        return False
