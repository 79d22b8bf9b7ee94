"""Compiles the expressions and values of one scenario file, and gathers what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.language.closures import LOCALS, Evaluate, compile_tree
from rules.language.durations import parse_duration
from rules.language.nearest import did_you_mean
from rules.language.parser import parse
from rules.language.scope import Scope
from rules.language.syntax import BadExpression, Tree, Value, names
from rules.language.typecheck import infer
from rules.scenario.report import Problem
from rules.scenario.vocabulary import Vocabulary
from rules.scenario.yaml_source import Lines, Path

Events = Mapping[str, Mapping[str, str] | None]


class Workbench:
    """One file while it is compiled: its parameters, its problems, the features it looks at."""

    def __init__(
        self, file: str, lines: Lines, params: Mapping[str, Any], words: Vocabulary, utc_offset_hours: float
    ) -> None:
        self.file = file
        self.params = params
        self.words = words
        self.utc_offset_hours = utc_offset_hours
        self.problems: list[Problem] = []
        self.feature_names: set[str] = set()
        self._lines = lines

    def complain(self, path: Path, message: str, *, warning: bool = False) -> None:
        """Note a problem at a place of the file."""
        self.problems.append(
            Problem(
                file=self.file,
                field=".".join(str(part) for part in path),
                message=message,
                line=self._lines.of(path),
                severity="warning" if warning else "error",
            )
        )

    @property
    def is_broken(self) -> bool:
        return any(problem.severity == "error" for problem in self.problems)

    def tree(self, text: str, path: Path, scope: Scope, wanted: str = "any") -> Tree | None:
        """Parse and check an expression; None (and a problem) when it is wrong."""
        try:
            tree = parse(text, self.params)
            found = infer(tree, scope)
            if wanted != "any" and found not in (wanted, "any", "null"):
                raise BadExpression(f"Expected a {wanted}, this is a {found}.", tree.at)
        except BadExpression as error:
            self.complain(path, f"{error} (column {error.at + 1} of {text!r})")
            return None
        self._note(tree, path, scope)
        return tree

    def _note(self, tree: Tree, path: Path, scope: Scope) -> None:
        for name in names(tree):
            if not name.owner and name.field not in LOCALS:
                self.feature_names.add(name.field)
            if warning := scope.undeclared(name):
                self.complain(path, warning, warning=True)

    def closure(self, tree: Tree) -> Evaluate:
        """Return the function of a checked tree."""
        return compile_tree(tree, self.utc_offset_hours)

    def expression(self, text: str | None, path: Path, scope: Scope, wanted: str = "any") -> Evaluate | None:
        """Compile an expression; None when there is none, or (with a problem) when it is wrong."""
        tree = None if text is None else self.tree(text, path, scope, wanted)
        return None if tree is None else self.closure(tree)

    def scope(self, events: Events, **locals_: str) -> Scope:
        """Return the names in reach where these events are."""
        return Scope(events, self.words.features, locals_)

    def duration(self, value: str, path: Path) -> int:
        """Return milliseconds of ``7m`` or ``$name``; 1 (and a problem) when it is neither."""
        text = self._resolve(value, path)
        length_ms = parse_duration(text) if isinstance(text, str) else None
        if not length_ms:
            self.complain(path, f"{text!r} is not a duration such as 90s, 7m, 1h or 14d.")
            return 1
        return length_ms

    def optional_duration(self, value: str | None, path: Path) -> int | None:
        """Return milliseconds, None where nothing is said."""
        return None if value is None else self.duration(value, path)

    def number(self, value: float | str, path: Path, *, whole: bool = False) -> float:
        """Return a number or the number ``$name`` stands for; 1 (and a problem) when it is neither."""
        found = self._resolve(value, path)
        if isinstance(found, bool) or not isinstance(found, int | float):
            self.complain(path, f"{found!r} is not a number.")
            return 1
        if whole and (found != int(found) or found < 1):
            self.complain(path, f"{found!r} is not a whole number of at least 1.")
            return 1
        return found

    def _resolve(self, value: Value, path: Path) -> Value:
        if not (isinstance(value, str) and value.startswith("$")):
            return value
        if value[1:] not in self.params:
            self.complain(path, f"There is no parameter {value[1:]}{did_you_mean(value[1:], self.params)}")
            return None
        return self.params[value[1:]]
