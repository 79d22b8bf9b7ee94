"""What every test may ask for, and what none may inherit from another."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from demo import voices

pytest_plugins = ["tests.servers.plugin"]


@pytest.fixture(scope="module", autouse=True)
def fresh_voices() -> None:
    """espeak-ng keeps a state from sentence to sentence: no module's recordings hang on what another one said before."""
    if find_spec("espeakng_loader"):
        voices.restart()
