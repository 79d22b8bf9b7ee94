"""The words a book may use: event types with their properties, and features with their types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hub.event_types import EVENT_TYPES, EventType
from hub.records import FeatureSpec


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """``features`` is None where no declarations are at hand: then any feature name is taken."""

    event_types: Mapping[str, EventType]
    features: Mapping[str, str] | None = None
    facts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def knows(self, event_type: str) -> bool:
        """Return whether a type is declared or asserted by a scenario of the book."""
        return event_type in self.event_types or event_type in self.facts

    def properties(self, types: Iterable[str]) -> Mapping[str, str] | None:
        """Return the properties of any of the types; None when one of them is not declared."""
        found: dict[str, str] = {}
        for name in types:
            if not self.knows(name):
                return None
            declared = self._declared(name)
            for prop, dtype in declared.items():
                found[prop] = dtype if found.get(prop, dtype) == dtype else "any"
        return found

    def _declared(self, name: str) -> Mapping[str, str]:
        if name in self.facts:
            return self.facts[name]
        return {p.name: p.dtype for p in self.event_types[name].properties}


def vocabulary(
    features: Iterable[FeatureSpec] | None = None,
    event_types: Mapping[str, EventType] | None = None,
    facts: Mapping[str, Mapping[str, str]] | None = None,
) -> Vocabulary:
    """Return the hub's event types with the declared features."""
    types = EVENT_TYPES if event_types is None else event_types
    flat = None if features is None else {spec.name: spec.dtype for spec in features}
    return Vocabulary(types, flat, facts or {})
