"""Which names an expression may use at its place, and their types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.language.nearest import did_you_mean
from rules.language.syntax import BadExpression, Name

TYPES = {"str": "str", "int": "number", "float": "number", "number": "number", "bool": "bool", "list": "list"}
META = {"type": "str", "channel": "str"}


@dataclass(frozen=True, slots=True)
class Scope:
    """Names in reach.

    Args:
        events: name of an event (``event``, captured names) -> its properties and types;
            None where its type is not in the vocabulary, so that any property may be asked.
        features: flat feature name -> type; None accepts every name (no declarations at hand).
        locals: names without a dot that are not features (``previous``, ``current``).
    """

    events: Mapping[str, Mapping[str, str] | None] = field(default_factory=dict)
    features: Mapping[str, str] | None = None
    locals: Mapping[str, str] = field(default_factory=dict)

    def type_of(self, name: Name) -> str:
        """Return a name's type.

        Raises:
            BadExpression: not in reach here; the message names the nearest that is.
        """
        return self._property_type(name) if name.owner else self._flat_type(name)

    def _flat_type(self, name: Name) -> str:
        if name.field in self.locals:
            return self.locals[name.field]
        if self.features is None:
            return "any"
        if name.field in self.features:
            return TYPES.get(self.features[name.field], "any")
        if name.field in self.events:
            raise BadExpression(f"{name.field} is an event; write {name.field}.<property>.", name.at)
        known = [*self.features, *self.locals]
        raise BadExpression(f"There is no feature {name.field}{did_you_mean(name.field, known)}", name.at)

    def _property_type(self, name: Name) -> str:
        if name.owner not in self.events:
            known = did_you_mean(name.owner, self.events)
            raise BadExpression(f"Nothing is called {name.owner} here{known}", name.at)
        if name.field.startswith("_"):
            raise BadExpression(f"{name.text}: a property never begins with an underscore.", name.at)
        properties = self.events[name.owner]
        if properties is None:
            return META.get(name.field, "any")
        return TYPES.get(properties.get(name.field, ""), META.get(name.field, "any"))

    def undeclared(self, name: Name) -> str | None:
        """Return a warning where a property is not in the vocabulary of its event."""
        properties = self.events.get(name.owner)
        if not name.owner or properties is None or name.field in properties or name.field in META:
            return None
        return f"{name.text} is not a declared property{did_you_mean(name.field, properties)}"
