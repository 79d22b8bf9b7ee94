"""Pattern parts of a file -> operators of the kernel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.language.closures import Evaluate
from rules.language.nearest import did_you_mean
from rules.language.scope import Scope
from rules.language.syntax import Logic, Name, Tree, conjuncts, names
from rules.patterns.absence import AbsenceNode
from rules.patterns.change import ChangeNode
from rules.patterns.choice import AllNode, AnyNode
from rules.patterns.event import EventNode
from rules.patterns.node import Node
from rules.patterns.schedule import ScheduleNode
from rules.patterns.sequence import SequenceNode, Step
from rules.patterns.window import WindowNode
from rules.scenario.expressions import Events, Workbench
from rules.scenario.model import PatternPart, RepeatPart, SequencePart, WindowPart
from rules.scenario.yaml_source import Path

RESERVED = ("event", "previous", "current")
MAX_NESTING = 8


@dataclass(frozen=True, slots=True)
class Built:
    """A compiled part.

    Attributes:
        types: event types its trigger may have.
        names: what its ``as`` names refer to, with their properties.
        joins: conditions that look at names outside of it, for the operator around it.
        is_instant: it begins and ends at one instant.
    """

    node: Node
    types: frozenset[str]
    names: Mapping[str, Mapping[str, str] | None] = field(default_factory=dict)
    joins: tuple[Tree, ...] = ()
    is_instant: bool = False


class PatternBuilder:
    """Compiles one scenario's pattern, handing out slots for the operators that remember."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._taken: set[str] = set()
        self._depth = 0
        self.slots = 0
        self.listens: set[str] = set()

    def build(self, part: PatternPart, path: Path, outer: Events | None = None) -> Built:
        """Compile a part. ``outer``: names it may join with, where the operator around it joins."""
        self._depth += 1
        if self._depth > MAX_NESTING:
            self._bench.complain(path, f"Patterns nest at most {MAX_NESTING} deep.")
            return Built(EventNode(frozenset()), frozenset())
        self._claim(part.name, path)
        place = (*path, part.operator)
        match part.operator:
            case "event":
                built = self._event(part, path, outer or {})
            case "count" | "sum" | "distinct":
                built = self._window(part, getattr(part, part.operator), place)
            case "repeat":
                built = self._repeat(part, place)
            case "sequence":
                built = self._sequence(part, place, consume=False)
            case "absence":
                built = self._absence(part, place)
            case "all":
                built = self._all(part, place)
            case "any":
                built = self._any(part, place, outer)
            case "change":
                built = self._change(part, place)
            case _:
                built = self._schedule(part, place)
        self._depth -= 1
        return self._named(part, built)

    def _claim(self, name: str | None, path: Path) -> None:
        if name is None:
            return
        if name in RESERVED or name in self._taken:
            self._bench.complain((*path, "as"), f"The name {name} is taken; choose another.")
        self._taken.add(name)

    def _named(self, part: PatternPart, built: Built) -> Built:
        if part.name is None:
            return built
        properties = self._bench.words.properties(built.types)
        if properties is not None and part.operator in ("count", "sum", "distinct", "repeat"):
            properties = {**properties, "total": "float"}
        return Built(built.node, built.types, {**built.names, part.name: properties}, built.joins, built.is_instant)

    def _slot(self) -> int:
        self.slots += 1
        return self.slots - 1

    def _event(self, part: PatternPart, path: Path, outer: Events) -> Built:
        given = [part.event] if isinstance(part.event, str) else list(part.event or [])
        for name in given:
            if not self._bench.words.knows(name):
                known = [*self._bench.words.event_types, *self._bench.words.facts]
                self._bench.complain(
                    (*path, "event"),
                    f"No declared event type is called {name}{did_you_mean(name, known)}",
                    warning=True,
                )
        types = frozenset(given)
        self.listens |= types
        local, joins = self._split(part, path, types, outer)
        return Built(EventNode(types, local, part.name), types, {}, joins, is_instant=True)

    def _split(
        self, part: PatternPart, path: Path, types: frozenset[str], outer: Events
    ) -> tuple[Evaluate | None, tuple[Tree, ...]]:
        """Divide a condition into what the event alone decides and what looks at earlier events."""
        if part.where is None:
            return None, ()
        scope = self._bench.scope({**outer, "event": self._bench.words.properties(types)})
        tree = self._bench.tree(part.where, (*path, "where"), scope, "bool")
        if tree is None:
            return None, ()
        arms = conjuncts(tree)
        joins = tuple(arm for arm in arms if any(name.owner and name.owner != "event" for name in names(arm)))
        local = tuple(arm for arm in arms if arm not in joins)
        return self._conjunction(local), joins

    def _conjunction(self, arms: tuple[Tree, ...]) -> Evaluate | None:
        if not arms:
            return None
        return self._bench.closure(arms[0] if len(arms) == 1 else Logic("and", arms, arms[0].at))

    def _window(self, part: PatternPart, window: WindowPart, path: Path) -> Built:
        child = self.build(window.of, (*path, "of"))
        operator = part.operator
        if (window.value is None) != (operator == "count"):
            wanted = "counts occurrences; it takes no value" if operator == "count" else "needs a value: an expression"
            self._bench.complain(path, f"{operator} {wanted}.")
        scope = self._inside(child)
        node = WindowNode(
            child.node,
            operator,
            self._bench.number(window.at_least, (*path, "at_least"), whole=operator != "sum"),
            self._bench.duration(window.within, (*path, "within")),
            self._slot(),
            self._bench.expression(window.value, (*path, "value"), scope, "number" if operator == "sum" else "any"),
            self._bench.expression(window.by, (*path, "by"), scope),
            window.emit,
            part.name,
        )
        return Built(node, child.types, child.names)

    def _inside(self, child: Built) -> Scope:
        return self._bench.scope({**child.names, "event": self._bench.words.properties(child.types)})

    def _repeat(self, part: PatternPart, path: Path) -> Built:
        repeat: RepeatPart = part.repeat  # type: ignore[assignment]
        inner = (*path, "of")
        if repeat.of.sequence is not None:
            self._claim(repeat.of.name, inner)
            child = self._named(repeat.of, self._sequence(repeat.of, (*inner, "sequence"), consume=True))
        else:
            child = self.build(repeat.of, inner)
        node = WindowNode(
            child.node,
            "count",
            self._bench.number(repeat.times, (*path, "times"), whole=True),
            self._bench.duration(repeat.within, (*path, "within")),
            self._slot(),
            None,
            self._bench.expression(repeat.by, (*path, "by"), self._inside(child)),
            repeat.emit,
            part.name,
        )
        return Built(node, child.types, child.names)

    def _sequence(self, part: PatternPart, path: Path, *, consume: bool) -> Built:
        sequence: SequencePart = part.sequence  # type: ignore[assignment]
        bound: dict[str, Mapping[str, str] | None] = {}
        built: list[Built] = []
        for index, step in enumerate(sequence.steps):
            built.append(self.build(step, (*path, "steps", index), bound))
            bound.update(built[-1].names)
        without = self._without(sequence, path, bound)
        by_types = frozenset().union(*(b.types for b in built))
        by_scope = self._bench.scope({"event": self._bench.words.properties(by_types)})
        node = SequenceNode(
            self._steps(built, without),
            self._bench.duration(sequence.within, (*path, "within")),
            self._slot(),
            Step(without.node, self._conjunction(without.joins)) if without else None,
            self._bench.expression(sequence.by, (*path, "by"), by_scope),
            consume if sequence.consume is None else sequence.consume,
            part.name,
        )
        return Built(node, built[-1].types, bound)

    def _without(self, sequence: SequencePart, path: Path, bound: Events) -> Built | None:
        if sequence.without is None:
            return None
        if sequence.without.operator not in ("event", "any"):
            self._bench.complain((*path, "without"), "without takes an event, or any of several events.")
        return self.build(sequence.without, (*path, "without"), bound)

    def _steps(self, built: list[Built], without: Built | None) -> tuple[Step, ...]:
        joins = [join for part in built for join in part.joins] + list(without.joins if without else ())
        read = {(n.owner, n.field): n for join in joins for n in names(join) if n.owner and n.owner != "event"}
        sees = tuple(self._bench.closure(Name(n.owner, n.field, n.at)) for _, n in sorted(read.items()))
        follows_at_once = [part.is_instant for part in built[1:]] + [True]
        return tuple(
            Step(part.node, self._conjunction(part.joins), sees if instant else None)
            for part, instant in zip(built, follows_at_once, strict=True)
        )

    def _absence(self, part: PatternPart, path: Path) -> Built:
        absence = part.absence
        assert absence is not None
        after = self.build(absence.after, (*path, "after"))
        missing = self.build(absence.of, (*path, "of"), after.names)
        node = AbsenceNode(
            after.node,
            missing.node,
            self._bench.duration(absence.within, (*path, "within")),
            self._slot(),
            self._conjunction(missing.joins),
            self._bench.expression(absence.by, (*path, "by"), self._inside(after)),
            absence.watch,
            part.name,
        )
        return Built(node, after.types, after.names)

    def _all(self, part: PatternPart, path: Path) -> Built:
        assert part.all is not None
        arms = [self.build(arm, (*path, "of", index)) for index, arm in enumerate(part.all.of)]
        types = frozenset().union(*(arm.types for arm in arms))
        bound = {name: kind for arm in arms for name, kind in arm.names.items()}
        node = AllNode(
            tuple(arm.node for arm in arms),
            self._bench.duration(part.all.within, (*path, "within")),
            self._slot(),
            self._bench.expression(
                part.all.by, (*path, "by"), self._bench.scope({"event": self._bench.words.properties(types)})
            ),
            part.name,
        )
        return Built(node, types, bound)

    def _any(self, part: PatternPart, path: Path, outer: Events | None) -> Built:
        arms = [self.build(arm, (*path, index), outer) for index, arm in enumerate(part.any or [])]
        if any(arm.joins for arm in arms):
            self._bench.complain(path, "The arms of any cannot look at earlier steps; write one event with or.")
        types = frozenset().union(*(arm.types for arm in arms))
        bound = {name: kind for arm in arms for name, kind in arm.names.items()}
        node = AnyNode(tuple(arm.node for arm in arms), part.name)
        return Built(node, types, bound, is_instant=all(arm.is_instant for arm in arms))

    def _change(self, part: PatternPart, path: Path) -> Built:
        change = part.change
        assert change is not None
        child = self.build(change.of, (*path, "of"))
        scope = self._inside(child)
        value = self._bench.expression(change.value, (*path, "value"), scope)
        when = self._bench.scope({**child.names, "event": None}, previous="any", current="any")
        node = ChangeNode(
            child.node,
            value or (lambda env: None),
            self._slot(),
            self._bench.expression(change.when, (*path, "when"), when, "bool"),
            self._bench.expression(change.by, (*path, "by"), scope),
            part.name,
        )
        return Built(node, child.types, child.names, is_instant=child.is_instant)

    def _schedule(self, part: PatternPart, path: Path) -> Built:
        schedule = part.schedule
        assert schedule is not None
        child = self.build(schedule.of, (*path, "of"))
        scope = self._inside(child)
        side = "before" if schedule.before is not None else "after"
        offset_ms = self._bench.duration(str(schedule.before or schedule.after), (*path, side))
        node = ScheduleNode(
            child.node,
            self._bench.expression(schedule.date, (*path, "date"), scope, "str") or (lambda env: None),
            -offset_ms if side == "before" else offset_ms,
            self._bench.utc_offset_hours,
            self._slot(),
            self._bench.expression(schedule.by, (*path, "by"), scope),
            part.name,
        )
        return Built(node, child.types, child.names, is_instant=True)
