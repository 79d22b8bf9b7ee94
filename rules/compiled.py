"""Compiled scenarios: immutable, ready for the kernel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rules.language.closures import Evaluate
from rules.patterns.node import Node


@dataclass(frozen=True, slots=True)
class Cap:
    """At most ``most`` contacts within a time."""

    most: int
    within_ms: int


@dataclass(frozen=True, slots=True)
class Action:
    """What is done: fixed fields, and values that are computed for each decision."""

    fixed: Mapping[str, Any]
    values: Mapping[str, Evaluate]
    message: str = ""
    expires_after_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """The derived event a scenario asserts."""

    type: str
    properties: Mapping[str, Evaluate]


@dataclass(frozen=True, slots=True)
class Names:
    """A text in Korean and English."""

    ko: str
    en: str


@dataclass(frozen=True, slots=True)
class Policy:
    """What stands between a match and its action.

    ``is_offer``: marketing: counts against the offer caps, at most one at a time, superseded by ``offers``.
    """

    consent: str | None
    is_offer: bool
    control_percent: float
    joins_global_control: bool
    cool_down_ms: int | None
    cap: Cap | None
    priority: int
    supersedes: tuple[str, ...] = ()
    supersedes_for_ms: int = 0
    from_ms: int | None = None
    until_ms: int | None = None
    max_offers: int | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One compiled scenario.

    Attributes:
        key: ``id@version#content``: state is kept under it, so that an edited scenario starts anew.
        listens: event types that can move its pattern.
        stateful: (slot, node) of operators that remember; ``timers``: of those that wait for a time.
        feature_names: features its decisions show as evidence.
    """

    id: str
    version: int
    owner: str
    name: Names
    description: Names
    campaign: str
    pattern_text: str
    audience_text: str
    root: Node
    slots: int
    listens: frozenset[str]
    stateful: tuple[tuple[int, Node], ...]
    timers: tuple[tuple[int, Node], ...]
    audience: Evaluate | None
    policy: Policy
    action: Action | None
    fact: Fact | None
    feature_names: tuple[str, ...]
    lateness_ms: int
    measure_ms: int | None
    is_paused: bool
    digest: str
    params: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
