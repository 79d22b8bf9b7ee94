"""The one thing the hub asks of a machine: Java 17 or newer."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from hub.errors import Misconfigured

OLDEST_MAJOR = 17
ADVICE = "Install Java 17 or newer (for example the package openjdk-17-jre-headless) or point JAVA_HOME at one."


def find_java(environ: Mapping[str, str] | None = None) -> Path:
    """Return the ``java`` to run: JAVA_HOME's, else the first on PATH.

    Raises:
        Misconfigured: none is there, or it is older than 17.
    """
    given = os.environ if environ is None else environ
    home = given.get("JAVA_HOME", "")
    found = str(Path(home) / "bin" / "java") if home else shutil.which("java", path=given.get("PATH"))
    if not found or not Path(found).is_file():
        raise Misconfigured(f"Spark needs Java and none was found. {ADVICE}", reason="java_missing")
    major = major_version(_version_text(found))
    if major < OLDEST_MAJOR:
        raise Misconfigured(f"Spark needs Java 17 or newer and found Java {major}. {ADVICE}", reason="java_too_old")
    return Path(found)


def major_version(text: str) -> int:
    """Return 17 for ``openjdk version "17.0.15"``, 8 for ``"1.8.0_402"``, 0 where no version is named."""
    match = re.search(r'version "(\d+)(?:\.(\d+))?', text)
    if match is None:
        return 0
    first, second = int(match[1]), int(match[2] or 0)
    return second if first == 1 else first


def _version_text(java: str) -> str:
    try:
        answer = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stderr + answer.stdout
