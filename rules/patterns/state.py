"""What the kernel remembers: plain records that msgspec writes and reads back byte for byte.

Events are kept once per customer under a position; everything else refers to positions.
What is frozen holds no cycles, so Python's collector need not look at it (``gc=False``).
"""

from __future__ import annotations

from typing import Any

import msgspec

from hub.records import Provenance


class Seen(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """An event as the kernel saw it. ``time_ms`` is log time. ``origins``: what a derived fact rests on."""

    event_id: str
    type: str
    channel: str
    time_ms: int
    event_time_ms: int
    properties: dict[str, Any]
    provenance: Provenance
    origins: tuple[int, ...] = ()


class Occurrence(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A pattern was completed at one instant.

    Attributes:
        start_ms: log time at which it began.
        first, last: positions of its first and last instant; order between occurrences is decided on these.
        events: positions of the events that took part, oldest first; the last one is the trigger.
        names: what the pattern's ``as`` names refer to.
        totals: the counts, sums and numbers of distinct values of named aggregates.
    """

    start_ms: int
    first: int
    last: int
    events: tuple[int, ...]
    names: dict[str, int]
    totals: dict[str, int | float] = {}


class Item(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """An occurrence that an operator keeps, with the value it is grouped or joined by."""

    key: str
    occurrence: Occurrence
    value: Any = None


class Pending(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """An occurrence that waits for a time."""

    due_ms: int
    key: str
    occurrence: Occurrence


class WindowState(msgspec.Struct, array_like=True, tag=1):
    """Count, sum, distinct: kept items per group, in order of their start."""

    groups: dict[str, list[Item]]


class ChainState(msgspec.Struct, array_like=True, tag=2):
    """Sequence and all: kept items per step or arm."""

    levels: list[list[Item]]


class WaitState(msgspec.Struct, array_like=True, tag=3):
    """Absence and schedule: what is waited for, in order of due time."""

    pending: list[Pending]


class LastState(msgspec.Struct, array_like=True, tag=4):
    """Change: the last value per group and the position of its event."""

    last: dict[str, tuple[Any, int]]


NodeState = WindowState | ChainState | WaitState | LastState


class FeatureValue(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A feature value with the time it is as of and the version of its producer."""

    value: Any
    as_of_ms: int
    version: str
    view: str = ""


class Contact(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A customer was (or, as a control, would have been) approached."""

    time_ms: int
    scenario_id: str
    campaign: str
    is_offer: bool


class Block(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A treated decision keeps other scenarios away until a time."""

    until_ms: int
    scenario_id: str
    targets: tuple[str, ...]


class CustomerState(msgspec.Struct, array_like=True):
    """Everything the kernel knows about one customer.

    ``scenarios``: states of the stateful operators per ``id@version``; ``due``: the next timer per
    ``id@version``; ``consents``: granted or not, and since when; ``seen``: ids of matched events and their
    times, kept while a repeat could still be matched; ``overflowed``: items dropped for want of room.
    """

    clock_ms: int = 0
    position: int = 0
    events: dict[int, Seen] = {}
    scenarios: dict[str, list[NodeState | None]] = {}
    due: dict[str, int] = {}
    features: dict[str, FeatureValue] = {}
    consents: dict[str, tuple[bool, int]] = {}
    seen: dict[str, int] = {}
    contacts: list[Contact] = []
    blocks: list[Block] = []
    tidied_ms: int = 0
    tidy_at: int = 64
    overflowed: int = 0
