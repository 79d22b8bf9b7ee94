"""Daily files in order of time, written in constant memory: sorted runs on disk, merged at the end."""

from __future__ import annotations

import heapq
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path

_HEADER = struct.Struct(">qI")
MAX_BYTES = 32 << 20

Row = tuple[int, bytes]


class DaySpool:
    """Collects rows of one kind of file in any order and writes one file a day, sorted by time, then content.

    Args:
        scratch: a folder of its own for sorted runs; removed by ``write``.
        days: how many daily files there are.
        max_bytes: how much is kept in memory before a run is written.
        merge_at_once: how many runs are open at a time.
    """

    def __init__(self, scratch: Path, days: int, max_bytes: int = MAX_BYTES, merge_at_once: int = 100) -> None:
        self._scratch = scratch
        self._max_bytes = max_bytes
        self._merge_at_once = merge_at_once
        self._days: list[list[Row]] = [[] for _ in range(days)]
        self._held = 0
        self._runs = 0

    def add(self, day: int, at_ms: int, line: bytes) -> None:
        """Keep a row for a day's file."""
        self._days[day].append((at_ms, line))
        self._held += len(line) + 100
        if self._held >= self._max_bytes:
            self._spill()

    def write(self, paths: list[Path], header: bytes = b"") -> None:
        """Write the files, the first for the first day, and forget everything."""
        for day, path in enumerate(paths):
            with path.open("wb") as out:
                out.write(header)
                out.writelines(line + b"\n" for _, line in self._merged(day))
            self._days[day] = []
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _spill(self) -> None:
        self._scratch.mkdir(parents=True, exist_ok=True)
        for day, rows in enumerate(self._days):
            if rows:
                rows.sort()
                _write_run(self._scratch / f"{day:04d}-{self._runs:06d}", iter(rows))
                self._days[day] = []
        self._runs += 1
        self._held = 0

    def _merged(self, day: int) -> Iterator[Row]:
        rows = self._days[day]
        rows.sort()
        runs = sorted(self._scratch.glob(f"{day:04d}-*")) if self._runs else []
        level = 0
        while len(runs) > self._merge_at_once:
            runs, level = self._merge_groups(day, runs, level), level + 1
        return heapq.merge(*(_read_run(run) for run in runs), rows)

    def _merge_groups(self, day: int, runs: list[Path], level: int) -> list[Path]:
        merged: list[Path] = []
        for start in range(0, len(runs), self._merge_at_once):
            group = runs[start : start + self._merge_at_once]
            target = self._scratch / f"merged-{day:04d}-{level}-{start:06d}"
            _write_run(target, heapq.merge(*(_read_run(run) for run in group)))
            for run in group:
                run.unlink()
            merged.append(target)
        return merged


def _write_run(path: Path, rows: Iterator[Row]) -> None:
    with path.open("wb") as out:
        for at_ms, line in rows:
            out.write(_HEADER.pack(at_ms, len(line)))
            out.write(line)


def _read_run(path: Path) -> Iterator[Row]:
    with path.open("rb") as source:
        while head := source.read(_HEADER.size):
            at_ms, size = _HEADER.unpack(head)
            yield at_ms, source.read(size)
