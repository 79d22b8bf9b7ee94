"""An online store in memory: the links of ids to customers, and nothing slower than a dictionary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hub.errors import Transient
from hub.records import FeatureRow


class MemoryOnlineStore:
    """``hub.ports.OnlineStore`` in memory. ``is_away`` makes every call raise Transient."""

    def __init__(self) -> None:
        self.is_away = False
        self.links: dict[str, str] = {}
        self._rows: dict[tuple[str, str], FeatureRow] = {}

    def write(self, rows: Iterable[FeatureRow]) -> int:
        self._answer()
        newer = 0
        for row in rows:
            old = self._rows.get((row.view, row.customer_key))
            if old is None or row.event_time_ms > old.event_time_ms:
                self._rows[row.view, row.customer_key] = row
                newer += 1
        return newer

    def read(self, view: str, customer_keys: Sequence[str]) -> list[FeatureRow | None]:
        self._answer()
        return [self._rows.get((view, key)) for key in customer_keys]

    def link(self, links: Mapping[str, str]) -> None:
        self._answer()
        self.links.update(links)

    def resolve(self, ids: Sequence[str]) -> list[str | None]:
        self._answer()
        return [self.links.get(each) for each in ids]

    def _answer(self) -> None:
        if self.is_away:
            raise Transient("The online store is away, as told.")
