"""Settings refuse what they do not know and never repeat a secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.errors import Misconfigured
from hub.settings import Section, Settings, known_names, load_settings


def test_values_come_from_the_environment_given_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_API__PORT", "9999")
    assert load_settings({"HUB_HOME": "/tmp/elsewhere"}).api.port == 8080
    assert load_settings().api.port == 9999


def test_an_unknown_name_is_refused_with_the_nearest_known_one() -> None:
    with pytest.raises(Misconfigured, match="HUB_EVENT_LOG__PARTITIONS"):
        load_settings({"HUB_EVENT_LOG__PARTITION": "4"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HUB_API__PORT", "many"),
        ("HUB_EVENT_LOG__KIND", "rabbit"),
        ("HUB_RULES__GLOBAL_CONTROL_PERCENT", "120"),
        ("HUB_API", "{}"),
    ],
)
def test_a_wrong_value_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(Misconfigured, match=name):
        load_settings({name: value})


def test_a_secret_is_in_no_message_and_no_representation() -> None:
    secret = "s3cr3t-value"
    settings = load_settings({"HUB_OBJECT_STORE__SECRET_KEY": secret})
    assert secret not in repr(settings)
    with pytest.raises(Misconfigured) as refused:
        load_settings({"HUB_ONLINE_STORE__URL": secret, "HUB_API__PORT": secret})
    assert secret not in str(refused.value)


def test_every_setting_is_described() -> None:
    for name, field in Settings.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, Section):
            assert section.__doc__, name
            for inner, inner_field in section.model_fields.items():
                assert inner_field.description, f"{name}.{inner}"
        else:
            assert field.description, name


def test_the_state_lives_beside_the_makefile_unless_said_otherwise() -> None:
    assert (load_settings({}).home.parent / "Makefile").exists()
    assert load_settings({"HUB_HOME": "/data/hub"}).lake_root == str(Path("/data/hub/lake"))
    assert "HUB_HOME" in known_names()


def test_previous_keys_come_as_json_and_no_value_is_repeated_where_they_do_not() -> None:
    name = "HUB_PRIVACY__PREVIOUS_PSEUDONYM_KEYS"
    keys = load_settings({name: '{"1": "secret"}'}).privacy.previous_pseudonym_keys
    assert {key: value.get_secret_value() for key, value in keys.items()} == {"1": "secret"}
    with pytest.raises(Misconfigured) as refused:
        load_settings({name: "1=secret"})
    assert name in str(refused.value)
    assert "secret" not in str(refused.value)
