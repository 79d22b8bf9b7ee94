"""What an explanation is made of."""

from __future__ import annotations

from hub.records import Record


class Names(Record, frozen=True, kw_only=True):
    """A name in the languages of the console."""

    ko: str
    en: str


class ScenarioInfo(Record, frozen=True, kw_only=True):
    """One scenario of the book, as marketers and auditors see it. ``pattern`` and ``audience`` are its own words."""

    scenario_id: str
    version: int
    name: Names
    owner: str
    status: str
    description: Names
    pattern: str = ""
    audience: str = ""
    consent_purpose: str | None = None
    priority: int = 0
    campaign: str = ""
    channel: str = ""
    control_percent: float = 0.0
    caps: tuple[str, ...] = ()
