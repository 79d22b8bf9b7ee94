"""One small bank with recordings, and one of the default size without, shared by the tests of this folder."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from demo.bank import DemoSummary, generate


@dataclass(frozen=True)
class Bank:
    """A generated bank and naive readers of its files."""

    source: Path
    truth: Path
    summary: DemoSummary

    def master(self, table: str) -> list[dict[str, str]]:
        with (self.source / "master" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def memos(self) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = []
        for path in sorted((self.source / "memos").glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                rows += [row for row in csv.DictReader(file) if row["balance"] is not None]
        return rows

    def clicks(self) -> list[dict[str, Any]]:
        return [c for path in sorted((self.source / "logs").glob("web-*.jsonl")) for c in readable(path)]

    def core(self) -> list[dict[str, Any]]:
        return [e for path in sorted((self.source / "logs").glob("core-*.jsonl")) for e in readable(path)]

    def true(self, name: str) -> list[dict[str, Any]]:
        return list(readable(self.truth / f"{name}.jsonl"))

    def calls(self) -> list[dict[str, Any]]:
        return [json.loads(p.read_text(encoding="utf-8")) for p in sorted((self.truth / "calls").glob("*.json"))]

    def players(self, story: str, role: str = "player") -> set[str]:
        return {s["customer_no"] for s in self.true("stories") if (s["story"], s["role"]) == (story, role)}


def readable(path: Path) -> Iterator[dict[str, Any]]:
    for raw in path.read_bytes().splitlines():
        try:
            yield json.loads(raw.decode("utf-8"))
        except UnicodeDecodeError:
            continue


def seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    """The default size, without recordings."""
    home = tmp_path_factory.mktemp("bank")
    summary = generate(home / "source", home / "truth", customers=200, days=45, audio=False)
    return Bank(home / "source", home / "truth", summary)


@pytest.fixture(scope="session")
def talking_bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    """Fifty customers and ten recorded calls."""
    pytest.importorskip("espeakng_loader")
    home = tmp_path_factory.mktemp("talking")
    summary = generate(home / "source", home / "truth", customers=50, days=30)
    return Bank(home / "source", home / "truth", summary)
