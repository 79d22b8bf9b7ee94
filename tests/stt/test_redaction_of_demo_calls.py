"""Real sound from end to end: the demo bank's calls, heard by the demo model, silenced where they give something away."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("espeakng_loader")

from benchmarks.redaction import measure
from demo.bank import generate

pytestmark = pytest.mark.slow


def test_what_is_heard_rightly_is_silenced_and_little_else(tmp_path: Path) -> None:
    generate(tmp_path / "source", tmp_path / "truth", customers=75, days=45, seed=41)
    items, silences, astray = measure(tmp_path / "source" / "calls", tmp_path / "truth" / "calls")
    heard = [item for item in items if item.is_heard]
    assert len(heard) >= 10
    assert sum(item.is_silenced for item in heard) >= 0.95 * len(heard)
    assert astray <= 0.1 * silences
