"""Rule categories: a YAML file in the names of CreateCallAnalyticsCategory, so that a bank's own definitions move in as is.

A file holds one category, a list of them, or ``categories:`` with a list; also what the service's own commands print
(``Categories`` of ListCallAnalyticsCategories, ``CategoryProperties`` of GetCallAnalyticsCategory).

Source: https://docs.aws.amazon.com/transcribe/latest/APIReference/API_CreateCallAnalyticsCategory.html
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from hub.errors import Misconfigured

CATALOGUE = Path(__file__).with_name("catalogue.yaml")
_MAX_MS = 14_400_000
_MAX_RULES = 20

Milliseconds = Annotated[int, Field(ge=0, le=_MAX_MS)]
Percentage = Annotated[int, Field(ge=0, le=100)]
Role = Literal["AGENT", "CUSTOMER"]
Target = Annotated[str, Field(min_length=1, max_length=2_000, pattern=r"\S")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _TimeRange(_Strict):
    First: Milliseconds | None = None
    Last: Milliseconds | None = None

    def _ends(self) -> tuple[int | None, int | None]:
        raise NotImplementedError

    @model_validator(mode="after")
    def _one_way(self) -> _TimeRange:
        start, end = self._ends()
        ways = [self.First is not None, self.Last is not None, start is not None or end is not None]
        if sum(ways) != 1:
            raise ValueError("give First, or Last, or a start and an end")
        if ways[2] and (start is None or end is None or start >= end):
            raise ValueError("a range needs a start and, after it, an end")
        return self


class AbsoluteRange(_TimeRange):
    """Milliseconds from the start of the call, or the first or last so many."""

    StartTime: Milliseconds | None = None
    EndTime: Milliseconds | None = None

    def _ends(self) -> tuple[int | None, int | None]:
        return self.StartTime, self.EndTime

    def window(self, duration_ms: int) -> tuple[int, int]:
        """Return the range within a call."""
        if self.First is not None:
            return 0, self.First
        if self.Last is not None:
            return max(0, duration_ms - self.Last), duration_ms
        return self.StartTime or 0, self.EndTime or duration_ms


class RelativeRange(_TimeRange):
    """Percentages of the call, or its first or last so many per cent."""

    First: Percentage | None = None
    Last: Percentage | None = None
    StartPercentage: Percentage | None = None
    EndPercentage: Percentage | None = None

    def _ends(self) -> tuple[int | None, int | None]:
        return self.StartPercentage, self.EndPercentage

    def window(self, duration_ms: int) -> tuple[int, int]:
        """Return the range within a call."""
        if self.First is not None:
            return 0, duration_ms * self.First // 100
        if self.Last is not None:
            return duration_ms * (100 - self.Last) // 100, duration_ms
        return duration_ms * (self.StartPercentage or 0) // 100, duration_ms * (self.EndPercentage or 0) // 100


class _Filter(_Strict):
    AbsoluteTimeRange: AbsoluteRange | None = None
    RelativeTimeRange: RelativeRange | None = None
    Negate: bool = False

    @model_validator(mode="after")
    def _one_range(self) -> _Filter:
        if self.AbsoluteTimeRange is not None and self.RelativeTimeRange is not None:
            raise ValueError("give AbsoluteTimeRange or RelativeTimeRange, not both")
        return self

    def window(self, duration_ms: int) -> tuple[int, int]:
        """Return the range of a call that the filter looks at."""
        chosen = self.AbsoluteTimeRange or self.RelativeTimeRange
        return chosen.window(duration_ms) if chosen else (0, duration_ms)


class TranscriptRule(_Filter):
    """Any of the targets is said, word for word."""

    TranscriptFilterType: Literal["EXACT"]
    Targets: Annotated[list[Target], Field(min_length=1)]
    ParticipantRole: Role | None = None


class NonTalkTimeRule(_Filter):
    """Nobody speaks for at least the threshold; negated: no such pause."""

    Threshold: Milliseconds | None = None


class InterruptionRule(_Filter):
    """Interruptions last for at least the threshold together; the role is who interrupts."""

    Threshold: Milliseconds | None = None
    ParticipantRole: Role | None = None


class SentimentRule(_Filter):
    """At least half of the turns have one of the sentiments; negated: another one."""

    Sentiments: Annotated[list[Literal["POSITIVE", "NEGATIVE", "NEUTRAL", "MIXED"]], Field(min_length=1)]
    ParticipantRole: Role | None = None


Filter = TranscriptRule | NonTalkTimeRule | InterruptionRule | SentimentRule


class Rule(_Strict):
    """One filter."""

    TranscriptFilter: TranscriptRule | None = None
    NonTalkTimeFilter: NonTalkTimeRule | None = None
    InterruptionFilter: InterruptionRule | None = None
    SentimentFilter: SentimentRule | None = None

    @model_validator(mode="after")
    def _one_filter(self) -> Rule:
        if len(self._filters()) != 1:
            raise ValueError("a rule is exactly one filter")
        return self

    def _filters(self) -> list[Filter]:
        given = (self.TranscriptFilter, self.NonTalkTimeFilter, self.InterruptionFilter, self.SentimentFilter)
        return [chosen for chosen in given if chosen is not None]

    @property
    def filter(self) -> Filter:
        """Return the filter."""
        return self._filters()[0]


class Category(_Strict):
    """A call belongs to a category when all its rules match. Times and tags of an exported one are let be."""

    CategoryName: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[0-9a-zA-Z._-]+$")]
    InputType: Literal["POST_CALL"] = "POST_CALL"
    Rules: Annotated[list[Rule], Field(min_length=1, max_length=_MAX_RULES)]
    CreateTime: Any = None
    LastUpdateTime: Any = None
    Tags: Any = None


def load_categories(path: Path = CATALOGUE) -> tuple[Category, ...]:
    """Read a file of categories; a file is read once.

    Raises:
        Misconfigured: the file is missing, is no YAML, or a key is wrong; the message names file and key.
    """
    try:
        changed_ns = path.stat().st_mtime_ns
    except OSError as error:
        raise _bad(path, "", "there is no such file") from error
    return _load(path, changed_ns)


@cache
def _load(path: Path, _changed_ns: int) -> tuple[Category, ...]:
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _bad(path, "", f"it is not YAML in UTF-8 ({str(error).splitlines()[0]})") from error
    categories = tuple(_category(path, place, item) for place, item in enumerate(_listed(path, tree)))
    names = [category.CategoryName for category in categories]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise _bad(path, "CategoryName", f"{repeated[0]} is defined twice")
    return categories


def _listed(path: Path, tree: Any) -> list[Any]:  # noqa: ANN401 - whatever YAML gives
    for wrapper in ("categories", "Categories", "CategoryProperties"):
        if isinstance(tree, dict) and wrapper in tree and set(tree) <= {wrapper, "NextToken"}:
            tree = tree[wrapper]
    listed = [tree] if isinstance(tree, dict) else tree
    if not isinstance(listed, list) or not listed:
        raise _bad(path, "categories", "it holds no category")
    return listed


def _category(path: Path, place: int, item: Any) -> Category:  # noqa: ANN401
    try:
        return Category.model_validate(item)
    except ValidationError as error:
        first = error.errors()[0]
        name = item.get("CategoryName") if isinstance(item, dict) else None
        raise _bad(path, _key([name if isinstance(name, str) else place, *first["loc"]]), first["msg"]) from error


def _key(parts: Sequence[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".")


def _bad(path: Path, key: str, why: str) -> Misconfigured:
    where = f"{path.name}, {key}" if key else path.name
    return Misconfigured(f"Categories {where}: {why}", reason="bad_categories", file=path.name, key=key)
