"""A scenario file -> a compiled scenario, or the list of what is wrong with it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import yaml
from pydantic import ValidationError

from hub.clock import HOUR_MS, to_ms
from rules.compiled import Action, Cap, Fact, Names, Policy, Scenario
from rules.language.closures import Evaluate
from rules.language.nearest import did_you_mean
from rules.language.scope import Scope
from rules.patterns.absence import AbsenceNode
from rules.patterns.node import Node
from rules.patterns.schedule import ScheduleNode
from rules.scenario.expressions import Workbench
from rules.scenario.model import BookFile, CampaignPart, ScenarioFile
from rules.scenario.patterns import Built, PatternBuilder
from rules.scenario.report import Problem
from rules.scenario.vocabulary import Vocabulary
from rules.scenario.yaml_source import BadYaml, Lines, Path, read_yaml

OFFER_CONSENT = "marketing_offers"
_SLOT = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class ScenarioSource:
    """A scenario file that has the right form: its text, its lines and its parts."""

    file: str
    text: str
    lines: Lines
    part: ScenarioFile


def read_scenario(text: str, file: str) -> ScenarioSource | list[Problem]:
    """Read a file's text; returns its problems when it has not the form of a scenario."""
    try:
        raw, lines = read_yaml(text)
    except BadYaml as error:
        return [Problem(file=file, field="", message=str(error), line=error.line)]
    if not isinstance(raw, dict):
        return [
            Problem(file=file, field="", message="A scenario is a mapping: id, version, owner, pattern ...", line=1)
        ]
    try:
        return ScenarioSource(file, text, lines, ScenarioFile.model_validate(raw))
    except ValidationError as error:
        return form_problems(error, file, lines, ScenarioFile)


def form_problems(error: ValidationError, file: str, lines: Lines, model: type[Any]) -> list[Problem]:
    """Turn pydantic's findings into problems with lines and, for unknown names, the nearest known one."""
    problems = []
    for finding in error.errors(include_url=False, include_input=False):
        path: Path = tuple(finding["loc"])
        message = str(finding["msg"]).removeprefix("Value error, ")
        if finding["type"] == "extra_forbidden":
            known = {f.alias or name for name, f in model.model_fields.items()} if len(path) == 1 else set()
            message = f"There is no field {path[-1]} here{did_you_mean(str(path[-1]), known)}"
        elif finding["type"] == "missing":
            message = "This field is missing."
        problems.append(Problem(file=file, field=".".join(str(p) for p in path), message=message, line=lines.of(path)))
    return problems


def compile_scenario(source: ScenarioSource, words: Vocabulary, book: BookFile) -> Scenario | list[Problem]:
    """Compile a scenario that has the right form."""
    scenario, problems = examine_scenario(source, words, book)
    return problems if scenario is None else scenario


def examine_scenario(
    source: ScenarioSource, words: Vocabulary, book: BookFile
) -> tuple[Scenario | None, list[Problem]]:
    """Compile a scenario; returns it (None when it has errors) with all its problems, warnings too."""
    part = source.part
    bench = Workbench(source.file, source.lines, part.params, words, book.utc_offset_hours)
    builder = PatternBuilder(bench)
    root = builder.build(part.pattern, ("pattern",))
    scope = _outcome_scope(bench, builder, root)
    scenario = _assemble(source, bench, builder, root, scope, book)
    return (None if bench.is_broken else scenario), bench.problems


def _outcome_scope(bench: Workbench, builder: PatternBuilder, root: Built) -> Scope:
    """Return what audience and action see: the trigger, the first event, every captured name."""
    return bench.scope(
        {
            "first": bench.words.properties(builder.listens),
            **root.names,
            "event": bench.words.properties(root.types),
        }
    )


def _assemble(
    source: ScenarioSource, bench: Workbench, builder: PatternBuilder, root: Built, scope: Scope, book: BookFile
) -> Scenario:
    part = source.part
    digest = _digest(part)
    stateful = tuple(sorted(_stateful(root.node), key=lambda pair: pair[0]))
    return Scenario(
        id=part.id,
        version=part.version,
        owner=part.owner,
        name=Names(part.name.ko, part.name.en),
        description=Names(part.description.ko, part.description.en),
        campaign=part.campaign or part.id,
        pattern_text=_as_yaml(part.pattern.model_dump(exclude_none=True, exclude_defaults=True, by_alias=True)),
        audience_text=part.audience or "",
        root=root.node,
        slots=builder.slots,
        listens=frozenset(builder.listens),
        stateful=stateful,
        timers=tuple((slot, node) for slot, node in stateful if isinstance(node, AbsenceNode | ScheduleNode)),
        audience=bench.expression(part.audience, ("audience",), scope, "bool"),
        policy=_policy(part, bench, book),
        action=_action(part, bench, scope),
        fact=_fact(part, bench, scope),
        feature_names=tuple(sorted(bench.feature_names)),
        lateness_ms=bench.duration(part.lateness or book.lateness, ("lateness",)),
        measure_ms=bench.optional_duration(part.measure, ("measure",)),
        is_paused=part.paused,
        digest=digest,
        params=dict(part.params),
        key=f"{part.id}@{part.version}#{digest[:8]}",
    )


def _digest(part: ScenarioFile) -> str:
    """Return the identity of what a scenario does; its texts for people and its examples do not count."""
    meaning = part.model_dump_json(exclude={"name", "description", "owner", "examples"})
    return hashlib.blake2b(meaning.encode(), digest_size=16).hexdigest()


def _as_yaml(value: object) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=100).strip()


def _stateful(node: Node) -> Sequence[tuple[int, Node]]:
    own = [(node.slot, node)] if node.slot >= 0 else []
    return own + [pair for child in node.children() for pair in _stateful(child)]


def _policy(part: ScenarioFile, bench: Workbench, book: BookFile) -> Policy:
    is_offer = part.consent == OFFER_CONSENT
    campaign = book.campaigns.get(part.campaign or part.id, CampaignPart())
    joins_global = part.control.joins_global
    cap = None
    if part.caps.max is not None and part.caps.within is not None:
        most = int(bench.number(part.caps.max, ("caps", "max"), whole=True))
        cap = Cap(most, bench.duration(part.caps.within, ("caps", "within")))
    shields = part.supersedes
    return Policy(
        consent=part.consent,
        is_offer=is_offer,
        control_percent=part.control.percent if campaign.control_percent is None else campaign.control_percent,
        joins_global_control=is_offer if joins_global is None else joins_global,
        cool_down_ms=bench.optional_duration(part.caps.cool_down, ("caps", "cool_down")),
        cap=cap,
        priority=part.priority,
        supersedes=tuple(sorted(shields.what)) if shields else (),
        supersedes_for_ms=bench.optional_duration(shields.duration, ("supersedes", "for")) or 0 if shields else 0,
        from_ms=_midnight(part.period.first_day, bench.utc_offset_hours, 0),
        until_ms=_midnight(part.period.last_day, bench.utc_offset_hours, 1),
        max_offers=int(part.budget.total // part.budget.per_offer) if part.budget else None,
    )


def _midnight(day: date | None, utc_offset_hours: float, add_days: int) -> int | None:
    if day is None:
        return None
    midnight = datetime.combine(day + timedelta(days=add_days), time(), tzinfo=UTC)
    return to_ms(midnight) - round(utc_offset_hours * HOUR_MS)


def _action(part: ScenarioFile, bench: Workbench, scope: Scope) -> Action | None:
    if part.action is None:
        return None
    values = _values(part.action.values, ("action", "values"), bench, scope)
    fixed = {"channel": part.action.channel, "offer": part.action.offer, "priority": part.priority}
    for slot in _SLOT.findall(part.action.message):
        if slot not in values:
            known = did_you_mean(slot, values)
            bench.complain(("action", "message"), f"{{{slot}}} is none of the action's values{known}")
    for name in sorted(set(values) & {*fixed, "message", "expires_ms"}):
        bench.complain(("action", "values", name), f"The name {name} is kept for the action itself.")
    expires_ms = bench.optional_duration(part.action.expires_after, ("action", "expires_after"))
    return Action(fixed, values, part.action.message, expires_ms)


def _fact(part: ScenarioFile, bench: Workbench, scope: Scope) -> Fact | None:
    if part.fact is None:
        return None
    return Fact(part.fact.type, _values(part.fact.properties, ("assert", "properties"), bench, scope))


def _values(texts: Mapping[str, str], path: Path, bench: Workbench, scope: Scope) -> dict[str, Evaluate]:
    compiled = {name: bench.expression(text, (*path, name), scope) for name, text in texts.items()}
    return {name: evaluate for name, evaluate in compiled.items() if evaluate is not None}
