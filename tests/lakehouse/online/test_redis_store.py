"""The Redis online store: refused, away, misspelt."""

from __future__ import annotations

import pytest

from hub.errors import Misconfigured, Transient
from lakehouse.online.redis_store import RedisOnlineStore
from tests.servers.redis import RedisServer
from tests.servers.session import free_port


def test_a_url_that_is_none_names_the_setting_and_not_the_secret():
    with pytest.raises(Misconfigured, match="HUB_ONLINE_STORE__URL") as refusal:
        RedisOnlineStore("http://:secret@host")
    assert "secret" not in str(refusal.value)


def test_a_server_that_is_away_may_come_back():
    with pytest.raises(Transient) as away:
        RedisOnlineStore(f"redis://127.0.0.1:{free_port()}/0", timeout_s=0.5).read("v", ["cus_1"])
    assert away.value.reason == "online_store_away"


@pytest.mark.servers
@pytest.mark.parametrize("credentials", ["", ":wrong@"])
def test_a_wrong_password_names_the_setting(redis_server: RedisServer, credentials: str):
    url = "redis://" + credentials + redis_server.url.split("@")[1]
    with pytest.raises(Misconfigured, match="HUB_ONLINE_STORE__URL"):
        RedisOnlineStore(url).read("v", ["cus_1"])
