"""What every figure is printed with: machine, commit, name, value, unit."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys

from hub.settings import CHECKOUT


def figure(name: str, value: float, unit: str, **facts: object) -> None:
    """Print one figure as a JSON line."""
    line = {"figure": name, "value": round(value, 4), "unit": unit, **facts, "machine": _machine(), "commit": _commit()}
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def _commit() -> str:
    run = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    return run.stdout.strip()
