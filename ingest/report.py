"""What a landing says of itself."""

from __future__ import annotations

from collections import Counter

import msgspec

from hub.records import Record


class LandingReport(Record, frozen=True, kw_only=True):
    """Counts of one landing.

    Attributes:
        accepted: rows that were new or changed.
        duplicates: good records that were there already.
        refused: records that are no records; each is a dead letter.
        objects: files that were read; those known whole are in ``skipped``.
        reasons: refusals by reason.
    """

    accepted: int = 0
    duplicates: int = 0
    refused: int = 0
    objects: int = 0
    skipped: int = 0
    reasons: dict[str, int] = msgspec.field(default_factory=dict)

    def __add__(self, other: LandingReport) -> LandingReport:
        """Return both landings as one."""
        return LandingReport(
            accepted=self.accepted + other.accepted,
            duplicates=self.duplicates + other.duplicates,
            refused=self.refused + other.refused,
            objects=self.objects + other.objects,
            skipped=self.skipped + other.skipped,
            reasons=dict(Counter(self.reasons) + Counter(other.reasons)),
        )
