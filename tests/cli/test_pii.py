"""``hub pii`` and its languages."""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(tmp_path):
    def command(*arguments):
        kept = {k: v for k, v in os.environ.items() if not k.startswith("HUB_")}
        return subprocess.run(
            [str(ROOT / ".venv/bin/hub"), *arguments],
            env={**kept, "HUB_HOME": str(tmp_path), "COLUMNS": "200", "NO_COLOR": "1"},
            capture_output=True,
            text=True,
        )

    return command


@pytest.mark.parametrize("command", [["pii", "find", "010-1234-5678"], ["explain", "d1"]])
def test_a_language_that_is_none_is_refused_with_those_there_are(run, command):
    refused = run(*command, "--language", "klingon")
    assert refused.returncode == 2
    assert "'ko'" in refused.stderr
    assert "'en'" in refused.stderr


@pytest.mark.slow
def test_the_detectors_are_listed_with_their_kinds(run):
    listed = json.loads(run("pii", "detectors", "--json").stdout)
    kinds = {kind for detector in listed["detectors"] for kind in detector["kinds"]}
    assert {"PERSON", "PHONE", "RRN", "ADDRESS"} <= kinds
    assert listed["version"].startswith("pii-")
