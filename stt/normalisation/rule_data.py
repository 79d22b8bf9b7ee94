"""The rule files of this package."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def load_rules(language: str) -> dict[str, Any]:
    """Return a language's rule file as plain values."""
    text = resources.files("stt.normalisation").joinpath(f"{language}.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded
