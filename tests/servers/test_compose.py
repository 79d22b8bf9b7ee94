"""The compose file is for people with Docker; what it promises is checked without it."""

from __future__ import annotations

import re

import yaml

from hub.settings import load_settings
from tests.servers.session import CHECKOUT

COMPOSE = CHECKOUT / "infra" / "compose"


def test_every_port_is_on_the_loopback_and_no_password_has_a_default():
    text = (COMPOSE / "compose.yaml").read_text()
    services = yaml.safe_load(text)["services"]
    published = [port for service in services.values() for port in service.get("ports", [])]
    assert len(published) == 5
    assert all(port.startswith("127.0.0.1:") for port in published)
    assert set(re.findall(r"\$\{(\w+)", text)) == {
        "MINIO_USER",
        "MINIO_PASSWORD",
        "REDIS_PASSWORD",
        "POSTGRES_PASSWORD",
    }
    assert ":-" not in text


def test_the_example_names_settings_the_hub_knows():
    lines = (COMPOSE / "example.env").read_text().splitlines()
    named = dict(line.removeprefix("# ").split("=", 1) for line in lines if line.startswith("# HUB_"))
    settings = load_settings(named)
    assert (settings.object_store.kind, settings.event_log.kind, settings.online_store.kind) == ("s3", "kafka", "redis")
