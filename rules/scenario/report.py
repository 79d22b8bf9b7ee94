"""What is wrong with a scenario file, and where."""

from __future__ import annotations

import msgspec

from hub.errors import Permanent


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One finding. ``severity``: error (the file is refused) or warning."""

    file: str
    field: str
    message: str
    line: int | None = None
    severity: str = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


class ExampleResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one example of a file."""

    name: str
    expected: str
    got: str
    passed: bool


class CheckReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything ``hub rules check`` knows about one file."""

    file: str
    scenario_id: str | None = None
    version: int | None = None
    problems: tuple[Problem, ...] = ()
    examples: tuple[ExampleResult, ...] = ()

    @property
    def ok(self) -> bool:
        """Return whether the file may go into a book and its examples behave as they say."""
        return not any(p.severity == "error" for p in self.problems) and all(e.passed for e in self.examples)


class BadScenario(Permanent):
    """A scenario that cannot be compiled; the message lists its errors, one a line."""

    default_reason = "bad_scenario"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        errors = [str(problem) for problem in problems if problem.severity == "error"]
        super().__init__("\n".join(errors), file=problems[0].file if problems else "")
        self.problems = problems
