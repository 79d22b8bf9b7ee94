"""Offers as lines of ``offers-YYYY-MM-DD.jsonl``, by the day of the decision.

One process writes a folder. A line is on disk before ``hand_over`` returns. A decision that is in its
file already is not written again; the torn line of a crash is cut off before the file is used again.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import msgspec

from hub.clock import from_ms
from hub.errors import Transient
from hub.records import Decision, Receipt
from rules.delivery.offer import offer_of

_REMEMBERED_DAYS = 64


class FileDelivery:
    """``hub.ports.Delivery`` on a folder."""

    name = "file"

    def __init__(self, folder: Path, utc_offset_hours: float = 9.0) -> None:
        self._folder = folder
        self._shift = timedelta(hours=utc_offset_hours)
        self._written: dict[Path, dict[str, int]] = {}

    def hand_over(self, decision: Decision, now_ms: int) -> Receipt:
        """Append the offer unless it is there; the receipt's reference is ``file:line``.

        Raises:
            Transient: the disk is full or the folder cannot be written.
        """
        day = (from_ms(decision.decided_ms) + self._shift).date().isoformat()
        path = self._folder / f"offers-{day}.jsonl"
        try:
            lines = self._known(path)
            if decision.decision_id not in lines:
                _append(path, msgspec.json.encode(offer_of(decision)) + b"\n")
                lines[decision.decision_id] = len(lines) + 1
        except OSError as error:
            self._written.pop(path, None)
            raise Transient(f"Offers cannot be written: {error.strerror}.", reason="offers_not_written") from error
        reference = f"{path.name}:{lines[decision.decision_id]}"
        return Receipt(decision_id=decision.decision_id, channel=self.name, handed_over_ms=now_ms, reference=reference)

    def _known(self, path: Path) -> dict[str, int]:
        if path not in self._written:
            while len(self._written) >= _REMEMBERED_DAYS:
                self._written.pop(next(iter(self._written)))
            self._folder.mkdir(parents=True, exist_ok=True)
            self._written[path] = _read_ids(path)
        return self._written[path]


def _read_ids(path: Path) -> dict[str, int]:
    if not path.exists():
        return {}
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        with path.open("r+b") as file:
            file.truncate(len(whole))
    lines = whole.splitlines()
    return {msgspec.json.decode(line)["decision_id"]: number for number, line in enumerate(lines, start=1)}


def _append(path: Path, line: bytes) -> None:
    is_new = not path.exists()
    with path.open("ab") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
