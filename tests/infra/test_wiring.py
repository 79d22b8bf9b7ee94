"""A hub's parts come from its settings, and its secrets are made once."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from hub.errors import Misconfigured
from hub.settings import load_settings
from infra.wiring import Hub


def hub_at(home: Path, **settings: str) -> Hub:
    return Hub(load_settings({"HUB_HOME": str(home), **settings}))


def test_the_pseudonym_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    first, second = hub_at(tmp_path), hub_at(tmp_path)
    assert first.pseudonyms.customer("C1") == second.pseudonyms.customer("C1")
    key = tmp_path / "keys" / "pseudonym.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert hub_at(tmp_path / "other").pseudonyms.customer("C1") != first.pseudonyms.customer("C1")


def test_processes_that_start_together_agree_on_the_key(tmp_path: Path) -> None:
    program = f"from tests.infra.test_wiring import hub_at; from pathlib import Path; print(hub_at(Path({str(tmp_path)!r})).pseudonyms.customer('C1'))"
    started = [subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    told = {process.communicate()[0].strip() for process in started}
    assert len(told) == 1
    assert told.pop().startswith("cus_")
    assert [p.name for p in (tmp_path / "keys").iterdir()] == ["pseudonym.key"]


def test_a_given_key_is_used_and_a_short_one_refused(tmp_path: Path) -> None:
    given = hub_at(tmp_path, HUB_PRIVACY__PSEUDONYM_KEY="x" * 32)
    assert given.pseudonyms.customer("C1") == hub_at(
        tmp_path / "b", HUB_PRIVACY__PSEUDONYM_KEY="x" * 32
    ).pseudonyms.customer("C1")
    with pytest.raises(Misconfigured, match="HUB_PRIVACY__PSEUDONYM_KEY"):
        _ = hub_at(tmp_path, HUB_PRIVACY__PSEUDONYM_KEY="short").pseudonyms


def test_kafka_without_brokers_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="HUB_EVENT_LOG__BOOTSTRAP_SERVERS"):
        _ = hub_at(tmp_path, HUB_EVENT_LOG__KIND="kafka").event_log


def test_the_embedded_defaults_open_without_any_server(tmp_path: Path) -> None:
    hub = hub_at(tmp_path)
    assert hub.objects.put("a/b", b"x")
    assert hub.event_log.end_offsets("events") == [0, 0, 0, 0]
    assert hub.online.resolve(["ano_1"]) == [None]
    assert hub.catalog.decisions.count() == {}
    assert len(hub.book.scenarios) >= 4
    assert hub.tables.list_tables() == []
