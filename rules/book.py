"""The book: all scenarios in force, by the event types they listen to.

Raises ``BadScenario`` with every problem of every file at once, each with file, field and line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from hub.errors import Misconfigured
from hub.event_types import EventType
from hub.records import FeatureSpec
from rules.compiled import Cap, Scenario
from rules.language.durations import parse_duration
from rules.language.nearest import did_you_mean
from rules.scenario.compiler import ScenarioSource, examine_scenario, form_problems, read_scenario
from rules.scenario.model import BookFile
from rules.scenario.report import BadScenario, Problem
from rules.scenario.vocabulary import vocabulary
from rules.scenario.yaml_source import BadYaml, read_yaml

BOOK_FILE = "book.yaml"
CATALOG_DIR = Path(__file__).resolve().parent / "catalog"
OFFERS = "offers"
_CAMPAIGN = "campaign:"


@dataclass(frozen=True, slots=True)
class Book:
    """Immutable.

    Attributes:
        by_type: per event type, the scenarios that listen to it, in book order.
        contacts_ms: per scenario id, how long its contacts matter to some cap.
    """

    scenarios: tuple[Scenario, ...]
    by_type: Mapping[str, tuple[Scenario, ...]]
    by_key: Mapping[str, Scenario]
    order: Mapping[str, int]
    texts: Mapping[str, str]
    digest: str
    utc_offset_hours: float
    global_control_percent: float
    offers_cap: Cap | None
    campaign_caps: Mapping[str, Cap]
    model_views: frozenset[str]
    max_lateness_ms: int
    contacts_ms: Mapping[str, int]
    warnings: tuple[Problem, ...] = ()

    def get(self, scenario_id: str) -> Scenario | None:
        """Return the scenario of an id."""
        return next((scenario for scenario in self.scenarios if scenario.id == scenario_id), None)


def load_book(
    folder: Path = CATALOG_DIR,
    features: Sequence[FeatureSpec] | None = None,
    *,
    event_types: Mapping[str, EventType] | None = None,
    global_control_percent: float | None = None,
) -> Book:
    """Compile every ``*.yaml`` of a folder; ``book.yaml`` holds what is common.

    Args:
        features: the declared features; None takes any feature name.
        global_control_percent: replaces the book's own.
    Raises:
        Misconfigured: there is no such folder, or it holds no scenario.
        BadScenario: with every error of every file.
    """
    if not folder.is_dir():
        raise Misconfigured(f"HUB_RULES__CATALOG_DIR: there is no folder {folder}.", reason="no_catalog")
    texts = {path.name: _read(path) for path in sorted(folder.glob("*.yaml"))}
    if not texts.keys() - {BOOK_FILE}:
        raise Misconfigured(f"HUB_RULES__CATALOG_DIR: {folder} holds no scenario.", reason="empty_catalog")
    return compile_book(texts, features, event_types=event_types, global_control_percent=global_control_percent)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        problem = Problem(file=path.name, field="", message="The file is not UTF-8.", line=1)
        raise BadScenario((problem,)) from None


def compile_book(
    texts: Mapping[str, str],
    features: Sequence[FeatureSpec] | None = None,
    *,
    event_types: Mapping[str, EventType] | None = None,
    global_control_percent: float | None = None,
    without_controls: bool = False,
) -> Book:
    """Compile scenario texts by file name into a book.

    Raises:
        BadScenario: with every error of every file.
    """
    part = _book_part(texts.get(BOOK_FILE))
    if global_control_percent is not None:
        part = part.model_copy(update={"global_control_percent": global_control_percent})
    sources, problems = _sources({name: text for name, text in texts.items() if name != BOOK_FILE})
    words = vocabulary(features, event_types, asserted_types(sources))
    scenarios: list[Scenario] = []
    for source in sources:
        scenario, found = examine_scenario(source, words, part)
        problems += found
        if scenario is not None:
            scenarios.append(scenario)
    problems += _twice(sources) + _cycles(sources, scenarios) + _unknown_targets(sources)
    problems += _uneven_controls(sources, scenarios)
    if any(problem.severity == "error" for problem in problems):
        raise BadScenario(tuple(problems))
    book = assemble(scenarios, part, texts, tuple(problems))
    return without_control_groups(book) if without_controls else book


def _book_part(text: str | None) -> BookFile:
    if text is None:
        return BookFile()
    try:
        raw, lines = read_yaml(text)
    except BadYaml as error:
        raise BadScenario((Problem(file=BOOK_FILE, field="", message=str(error), line=error.line),)) from None
    try:
        return BookFile.model_validate(raw)
    except ValidationError as error:
        raise BadScenario(tuple(form_problems(error, BOOK_FILE, lines, BookFile))) from None


def _sources(texts: Mapping[str, str]) -> tuple[list[ScenarioSource], list[Problem]]:
    sources: list[ScenarioSource] = []
    problems: list[Problem] = []
    for name in sorted(texts):
        found = read_scenario(texts[name], name)
        if isinstance(found, ScenarioSource):
            sources.append(found)
        else:
            problems += found
    return sources, problems


def asserted_types(sources: Iterable[ScenarioSource]) -> dict[str, dict[str, str]]:
    """Return the derived event types of a set of scenarios with their properties."""
    facts: dict[str, dict[str, str]] = {}
    for source in sources:
        if fact := source.part.fact:
            facts.setdefault(fact.type, {}).update(dict.fromkeys(fact.properties, "any"))
    return facts


def _twice(sources: Sequence[ScenarioSource]) -> list[Problem]:
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for source in sources:
        first = seen.setdefault(source.part.id, source.file)
        if first != source.file:
            message = f"{source.part.id} is also in {first}; an id belongs to one file."
            problems.append(_problem(source, ("id",), message))
    return problems


def _problem(source: ScenarioSource, path: tuple[str | int, ...], message: str) -> Problem:
    field = ".".join(str(part) for part in path)
    return Problem(file=source.file, field=field, message=message, line=source.lines.of(path))


def _cycles(sources: Sequence[ScenarioSource], scenarios: Sequence[Scenario]) -> list[Problem]:
    """Refuse facts that, through other scenarios, would assert themselves."""
    listening = {s.id: s.listens for s in scenarios}
    asserting = {source.part.id: source.part.fact.type for source in sources if source.part.fact}
    followers = {
        name: sorted(other for other in asserting if fact in listening.get(other, frozenset()))
        for name, fact in asserting.items()
    }
    problems = []
    for source in sources:
        circle = _circle(source.part.id, followers)
        if circle and source.part.id == min(circle):
            message = f"Facts go round in a circle: {' -> '.join(circle)}; take one of these asserts away."
            problems.append(_problem(source, ("assert",), message))
    return problems


def _circle(start: str, followers: Mapping[str, Sequence[str]]) -> list[str] | None:
    """Return the way from a scenario back to itself, None where there is none."""
    ways = [[start, follower] for follower in followers.get(start, ())]
    visited: set[str] = set()
    while ways:
        way = ways.pop()
        if way[-1] == start:
            return way
        if way[-1] not in visited:
            visited.add(way[-1])
            ways += [[*way, follower] for follower in followers.get(way[-1], ())]
    return None


def _unknown_targets(sources: Sequence[ScenarioSource]) -> list[Problem]:
    ids = {source.part.id for source in sources}
    campaigns = {_CAMPAIGN + (source.part.campaign or source.part.id) for source in sources}
    problems = []
    for source in sources:
        for index, target in enumerate(source.part.supersedes.what if source.part.supersedes else ()):
            if target not in ids | campaigns | {OFFERS}:
                known = did_you_mean(target, ids | campaigns | {OFFERS})
                problem = _problem(source, ("supersedes", "what", index), f"Nothing here is called {target}{known}")
                # A file checked alone cannot know its neighbours.
                problems.append(problem if len(sources) > 1 else _as_warning(problem))
    return problems


def _uneven_controls(sources: Sequence[ScenarioSource], scenarios: Sequence[Scenario]) -> list[Problem]:
    """Refuse a campaign whose scenarios disagree about its control group: lift could not be measured."""
    percents: dict[str, tuple[float, str]] = {}
    problems = []
    by_id = {source.part.id: source for source in sources}
    for scenario in scenarios:
        own = scenario.policy.control_percent
        percent, first = percents.setdefault(scenario.campaign, (own, scenario.id))
        if percent != own:
            message = f"{first} of the same campaign says {percent:g} percent; a campaign has one control group."
            problems.append(_problem(by_id[scenario.id], ("control", "percent"), message))
    return problems


def _as_warning(problem: Problem) -> Problem:
    return Problem(
        file=problem.file, field=problem.field, message=problem.message, line=problem.line, severity="warning"
    )


def assemble(
    scenarios: Sequence[Scenario], part: BookFile, texts: Mapping[str, str], warnings: tuple[Problem, ...] = ()
) -> Book:
    """Make the book of compiled scenarios."""
    ordered = tuple(sorted(scenarios, key=lambda s: s.key))
    by_type: dict[str, list[Scenario]] = {}
    for scenario in ordered:
        for name in sorted(scenario.listens):
            by_type.setdefault(name, []).append(scenario)
    offers_cap = _cap(part.offers_max, part.offers_within)
    campaign_caps = {name: cap for name, c in part.campaigns.items() if (cap := _cap(c.max, c.within))}
    return Book(
        scenarios=ordered,
        by_type={name: tuple(listening) for name, listening in by_type.items()},
        by_key={scenario.key: scenario for scenario in ordered},
        order={scenario.key: index for index, scenario in enumerate(ordered)},
        texts=dict(texts),
        digest=_digest(part, ordered),
        utc_offset_hours=part.utc_offset_hours,
        global_control_percent=part.global_control_percent,
        offers_cap=offers_cap,
        campaign_caps=campaign_caps,
        model_views=frozenset(part.model_views),
        max_lateness_ms=max((s.lateness_ms for s in ordered), default=0),
        contacts_ms={s.id: _contacts_ms(s, offers_cap, campaign_caps.get(s.campaign)) for s in ordered},
        warnings=tuple(p for p in warnings if p.severity == "warning"),
    )


def _digest(part: BookFile, scenarios: Sequence[Scenario]) -> str:
    whole = hashlib.blake2b(part.model_dump_json().encode(), digest_size=16)
    for scenario in scenarios:
        whole.update(scenario.digest.encode())
    return whole.hexdigest()


def _cap(most: int | None, within: str | None) -> Cap | None:
    within_ms = parse_duration(within) if within else None
    return Cap(most, within_ms) if most is not None and within_ms else None


def _contacts_ms(scenario: Scenario, offers_cap: Cap | None, campaign_cap: Cap | None) -> int:
    caps = [scenario.policy.cap, campaign_cap, offers_cap if scenario.policy.is_offer else None]
    lengths = [cap.within_ms for cap in caps if cap]
    return max([*lengths, scenario.policy.cool_down_ms or 0])


def without_control_groups(book: Book) -> Book:
    """Return the same book without control groups, for examples whose customers must not fall into one."""
    plain = [
        replace(s, policy=replace(s.policy, control_percent=0.0, joins_global_control=False)) for s in book.scenarios
    ]
    by_key = {scenario.key: scenario for scenario in plain}
    return replace(
        book,
        scenarios=tuple(plain),
        by_key=by_key,
        by_type={name: tuple(by_key[s.key] for s in listening) for name, listening in book.by_type.items()},
        global_control_percent=0.0,
    )
