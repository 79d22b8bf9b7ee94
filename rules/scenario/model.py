"""The form of a scenario file. pydantic refuses what does not fit; the compiler checks what it means."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from hub.event_types import CONSENT_PURPOSES
from rules.language.durations import parse_duration

Param = bool | int | float | str | list[str | int | float]
Number = int | float | str
"""A number, or ``$name`` of a parameter."""

OPERATORS = (
    "event", "count", "sum", "distinct", "repeat", "sequence", "absence", "all", "any", "change", "schedule",
)  # fmt: skip


def _is_duration(text: str) -> str:
    if not parse_duration(text):
        raise ValueError(f"{text!r} is not a duration such as 90s, 7m, 1h or 14d")
    return text


class Part(BaseModel):
    """A part of a file: names it does not know are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class WindowPart(Part):
    """``count``, ``sum``, ``distinct``."""

    of: PatternPart
    at_least: Number
    within: str
    by: str | None = None
    value: str | None = None
    emit: Literal["every", "rise", "reset"] = "every"


class RepeatPart(Part):
    """``repeat``."""

    of: PatternPart
    times: Number
    within: str
    by: str | None = None
    emit: Literal["every", "rise", "reset"] = "every"


class SequencePart(Part):
    """``sequence``."""

    steps: list[PatternPart] = Field(min_length=2, max_length=12)
    within: str
    without: PatternPart | None = None
    by: str | None = None
    consume: bool | None = None


class AbsencePart(Part):
    """``absence``."""

    after: PatternPart
    of: PatternPart
    within: str
    by: str | None = None
    watch: Literal["last", "first", "each"] = "last"


class AllPart(Part):
    """``all``."""

    of: list[PatternPart] = Field(min_length=2, max_length=12)
    within: str
    by: str | None = None


class ChangePart(Part):
    """``change``."""

    of: PatternPart
    value: str
    when: str | None = None
    by: str | None = None


class SchedulePart(Part):
    """``schedule``."""

    of: PatternPart
    date: str
    before: str | None = None
    after: str | None = None
    by: str | None = None

    @model_validator(mode="after")
    def _has_one_offset(self) -> SchedulePart:
        if (self.before is None) == (self.after is None):
            raise ValueError("say either before or after the date, as a duration such as 30d")
        return self


class PatternPart(Part):
    """One operator, with an optional name (``as``) for what it finds and a condition (``where``) on an event."""

    event: str | list[str] | None = None
    count: WindowPart | None = None
    sum: WindowPart | None = None
    distinct: WindowPart | None = None
    repeat: RepeatPart | None = None
    sequence: SequencePart | None = None
    absence: AbsencePart | None = None
    all: AllPart | None = None
    any: list[PatternPart] | None = Field(None, min_length=2, max_length=24)
    change: ChangePart | None = None
    schedule: SchedulePart | None = None
    where: str | None = None
    name: str | None = Field(None, alias="as", pattern=r"^[a-z][a-z0-9_]{0,39}$")

    @model_validator(mode="after")
    def _has_one_operator(self) -> PatternPart:
        given = [operator for operator in OPERATORS if getattr(self, operator) is not None]
        if len(given) != 1:
            raise ValueError(f"name exactly one operator of {', '.join(OPERATORS)}")
        if self.where is not None and given[0] != "event":
            raise ValueError("where belongs to an event; move it to the event inside")
        return self

    @property
    def operator(self) -> str:
        """Return which operator this is."""
        return next(operator for operator in OPERATORS if getattr(self, operator) is not None)


class ControlPart(Part):
    """Who is left alone so that lift can be measured. ``global``: offers join the global control group."""

    percent: float = Field(10.0, ge=0, le=90)
    joins_global: bool | None = Field(None, alias="global")


class CapsPart(Part):
    """How often one customer may be approached by this scenario."""

    cool_down: str | None = None
    max: int | str | None = None
    within: str | None = None

    @model_validator(mode="after")
    def _max_has_a_time(self) -> CapsPart:
        if (self.max is None) != (self.within is None):
            raise ValueError("max and within belong together: at most max times within a duration")
        return self


class SupersedesPart(Part):
    """Whom a treated decision keeps away: scenario ids, ``campaign:<name>``, or ``offers`` for every offer."""

    what: list[str] = Field(min_length=1, max_length=50)
    duration: str | None = Field(None, alias="for")


class PeriodPart(Part):
    """When the scenario is in force; both days included."""

    first_day: date | None = Field(None, alias="from")
    last_day: date | None = Field(None, alias="to")


class BudgetPart(Part):
    """What the offers may cost together, and what one costs."""

    total: float = Field(gt=0)
    per_offer: float = Field(gt=0)


class ActionPart(Part):
    """What is done. Every value is an expression; ``message`` may name values in braces."""

    channel: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    offer: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,59}$")
    message: str = Field("", max_length=1_000)
    values: dict[str, str] = Field(default_factory=dict, max_length=30)
    expires_after: str | None = None


class AssertPart(Part):
    """A derived fact: an event that other scenarios may use."""

    type: str = Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")
    properties: dict[str, str] = Field(default_factory=dict, max_length=30)


class ExampleEvent(Part):
    """One event of an example; ``at`` is a duration from its start."""

    at: str
    type: str
    channel: str = "web"
    properties: dict[str, Any] = Field(default_factory=dict)


class Example(Part):
    """A stream for one customer. ``reason``: how a miss is stopped; without it nothing may match at all."""

    name: str
    features: dict[str, bool | int | float | str | None] = Field(default_factory=dict)
    consents: list[str] = Field(default_factory=lambda: list(CONSENT_PURPOSES))
    events: list[ExampleEvent] = Field(max_length=300)
    until: str | None = None
    reason: str | None = None
    expect: dict[str, Any] = Field(default_factory=dict)


class ExamplesPart(Part):
    """Streams that fire the scenario, and streams that just miss it."""

    fires: list[Example] = Field(min_length=1)
    misses: list[Example] = Field(min_length=1)


class Bilingual(Part):
    """A text in the two languages of the console."""

    ko: str
    en: str


class ScenarioFile(Part):
    """One scenario file."""

    id: str = Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)
    version: int = Field(ge=1)
    owner: str = Field(min_length=1)
    name: Bilingual
    description: Bilingual
    campaign: str | None = Field(None, pattern=r"^[a-z][a-z0-9-]{0,59}$")
    paused: bool = False
    params: dict[str, Param] = Field(default_factory=dict)
    pattern: PatternPart
    audience: str | None = None
    consent: str | None
    control: ControlPart = ControlPart()
    caps: CapsPart = CapsPart()
    priority: int = Field(50, ge=0, le=1000)
    supersedes: SupersedesPart | None = None
    period: PeriodPart = PeriodPart()
    budget: BudgetPart | None = None
    lateness: str | None = None
    action: ActionPart | None = None
    fact: AssertPart | None = Field(None, alias="assert")
    measure: str | None = None
    examples: ExamplesPart | None = None

    @field_validator("consent")
    @classmethod
    def _is_a_purpose(cls, value: str | None) -> str | None:
        if value is not None and value not in CONSENT_PURPOSES:
            raise ValueError(f"consent is one of {', '.join(CONSENT_PURPOSES)}, or null where none is needed")
        return value

    @model_validator(mode="after")
    def _does_something(self) -> ScenarioFile:
        if self.action is None and self.fact is None:
            raise ValueError("say what happens then: an action, or a fact to assert")
        return self


Length = Annotated[str, AfterValidator(_is_duration)]


class CampaignPart(Part):
    """What the scenarios of one campaign share."""

    control_percent: float | None = Field(None, ge=0, le=90)
    max: int | None = Field(None, ge=1)
    within: Length | None = None

    @model_validator(mode="after")
    def _max_has_a_time(self) -> CampaignPart:
        if (self.max is None) != (self.within is None):
            raise ValueError("max and within belong together: at most max times within a duration")
        return self


class BookFile(Part):
    """``book.yaml`` beside the scenarios: what holds for all of them."""

    utc_offset_hours: float = Field(9.0, ge=-12, le=14)
    lateness: Length = "1h"
    global_control_percent: float = Field(5.0, ge=0, le=90)
    offers_max: int | None = Field(None, ge=1)
    offers_within: Length | None = None
    model_views: list[str] = ["customer_scores"]
    campaigns: dict[str, CampaignPart] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _max_has_a_time(self) -> BookFile:
        if (self.offers_max is None) != (self.offers_within is None):
            raise ValueError("offers_max and offers_within belong together")
        return self
