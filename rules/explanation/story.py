"""A decision told in steps: what fired, on what evidence, with which values, and what became of it.

Everything comes from the decision itself, which is complete as of the moment it was made; the
book and the feature declarations only lend names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from hub.records import Decision, Evidence, FeatureSpec, Record, Treatment
from rules.explanation.reasons import is_consent_known, reason_text
from rules.explanation.records import Names, ScenarioInfo
from rules.explanation.wording import TREATMENTS, duration, event_name, local_time, purpose_name, second_range, shown

SCREEN_CHANNELS = ("web", "app")


class Step(Record, frozen=True, kw_only=True):
    """One step of an explanation. ``facts`` hold the same for machines.

    Kinds: scenario, call, click, transaction, event, feature, model, consent, outcome, action, measure.
    """

    kind: str
    at_ms: int | None
    title: Names
    detail: Names
    facts: dict[str, Any] = msgspec.field(default_factory=dict)


class Explanation(Record, frozen=True, kw_only=True):
    """Why a decision was made, in order."""

    decision_id: str
    summary: Names
    steps: tuple[Step, ...]


def explain(
    decision: Decision, scenario: ScenarioInfo | None, specs: Sequence[FeatureSpec], offset_hours: float
) -> Explanation:
    """Tell a decision in steps.

    Args:
        decision: what was decided.
        scenario: its entry in the book, None when the book no longer has it.
        specs: the declared features, for their descriptions.
        offset_hours: the local time zone of the texts.
    """
    by_name = {spec.name: spec for spec in specs}
    evidence = sorted(decision.evidence, key=lambda item: item.event_time_ms)
    return Explanation(
        decision_id=decision.decision_id,
        summary=_summary(decision, scenario),
        steps=(
            _scenario_step(decision, scenario),
            *(_evidence_step(item, offset_hours) for item in evidence),
            *_feature_steps(decision, by_name, offset_hours),
            *_model_steps(decision),
            _consent_step(decision),
            _outcome_step(decision),
            *_action_steps(decision, offset_hours),
            *_measure_steps(decision, offset_hours),
        ),
    )


def _summary(decision: Decision, scenario: ScenarioInfo | None) -> Names:
    name = scenario.name if scenario else Names(ko=decision.scenario_id, en=decision.scenario_id)
    treatment = TREATMENTS[decision.treatment]
    because = reason_text(decision)
    if decision.treatment is Treatment.TREATED:
        return Names(ko=f"‘{name.ko}’ — {treatment.ko}", en=f"“{name.en}” — {treatment.en.lower()}")
    return Names(
        ko=f"‘{name.ko}’ — {treatment.ko}: {because.ko}", en=f"“{name.en}” — {treatment.en.lower()}: {because.en}"
    )


def _scenario_step(decision: Decision, scenario: ScenarioInfo | None) -> Step:
    version = decision.scenario_version
    name = scenario.name if scenario else Names(ko=decision.scenario_id, en=decision.scenario_id)
    told = (
        scenario.description if scenario else Names(ko="지금 시나리오 목록에는 없습니다.", en="No longer in the book.")
    )
    # The book shows its current version; its pattern explains this decision only if that is the one that fired.
    is_same = scenario is not None and scenario.version == version
    return Step(
        kind="scenario",
        at_ms=decision.decided_ms,
        title=Names(ko=f"시나리오 {name.ko} · 버전 {version}", en=f"Scenario {name.en} · version {version}"),
        detail=told,
        facts={
            "scenario_id": decision.scenario_id,
            "version": version,
            "pattern": scenario.pattern if scenario and is_same else None,
            "audience": scenario.audience if scenario and is_same else None,
            "owner": scenario.owner if scenario else None,
            "caps": list(scenario.caps) if scenario and is_same else [],
            "campaign": decision.campaign,
            "log_partition": decision.log_partition,
            "log_offset": decision.log_offset,
        },
    )


def _evidence_step(item: Evidence, offset_hours: float) -> Step:
    when = local_time(item.event_time_ms, offset_hours)
    name = event_name(item.type)
    told = _said(item) or _listed(item.properties)
    return Step(
        kind=_kind_of(item),
        at_ms=item.event_time_ms,
        title=Names(ko=f"{name.ko} · {when}", en=f"{name.en} · {when}"),
        detail=told,
        facts={
            "event_id": item.event_id,
            "type": item.type,
            "channel": item.channel,
            "role": item.role,
            "properties": item.properties,
            "dataset": item.provenance.dataset,
            "offset": item.provenance.offset,
            "start_ms": item.provenance.start_ms,
            "end_ms": item.provenance.end_ms,
        },
    )


def _kind_of(item: Evidence) -> str:
    if item.channel == "call" or "call_id" in item.properties:
        return "call"
    if item.channel in SCREEN_CHANNELS:
        return "click"
    return "transaction" if item.channel == "transaction" else "event"


def _said(item: Evidence) -> Names | None:
    sentence = item.properties.get("sentence")
    if not sentence:
        return None
    start_ms, end_ms = item.provenance.start_ms, item.provenance.end_ms
    label = item.properties.get("life_event") or item.properties.get("intent") or item.properties.get("object")
    meaning = shown(label) if label else Names(ko="", en="")
    where = f" ({second_range(start_ms, end_ms)})" if start_ms is not None else ""
    return Names(
        ko=f"“{sentence}”{where}" + (f" → {meaning.ko}" if label else ""),
        en=f"“{sentence}”{where}" + (f" → {meaning.en}" if label else ""),
    )


def _listed(properties: Mapping[str, Any]) -> Names:
    parts = [(key, shown(value)) for key, value in properties.items() if not isinstance(value, dict | list)]
    return Names(
        ko=" · ".join(f"{key} {value.ko}" for key, value in parts),
        en=" · ".join(f"{key} {value.en}" for key, value in parts),
    )


def _feature_steps(decision: Decision, specs: Mapping[str, FeatureSpec], offset_hours: float) -> list[Step]:
    steps = []
    for feature in decision.features:
        spec = specs.get(feature.name)
        value = shown(feature.value)
        as_of = feature.as_of_ms
        fresh = duration(decision.decided_ms - as_of) if as_of is not None else None
        when = local_time(as_of, offset_hours) if as_of is not None else ""
        steps.append(
            Step(
                kind="feature",
                at_ms=as_of,
                title=Names(ko=f"{feature.name} = {value.ko}", en=f"{feature.name} = {value.en}"),
                detail=Names(
                    ko=f"{when} 기준, 결정 시점에 {fresh.ko} 지난 값" if fresh else "알려진 값이 없었습니다.",
                    en=f"as of {when}, {fresh.en} old at the decision" if fresh else "No value was known.",
                ),
                facts={
                    "name": feature.name,
                    "view": spec.view if spec else None,
                    "description": spec.description if spec else None,
                    "value": feature.value,
                    "as_of_ms": as_of,
                    "age_ms": decision.decided_ms - as_of if as_of is not None else None,
                    "version": feature.version,
                },
            )
        )
    return steps


def _model_steps(decision: Decision) -> list[Step]:
    versions = [feature.version for feature in decision.features if feature.version]
    model = decision.model_version
    if model is None:
        return []
    return [
        Step(
            kind="model",
            at_ms=None,
            title=Names(ko=f"모델 {model}", en=f"Model {model}"),
            detail=Names(ko="이 모델 버전의 점수를 보았습니다.", en="Scores of this model version were looked at."),
            facts={"model_version": model, "feature_versions": versions},
        )
    ]


def _consent_step(decision: Decision) -> Step:
    facts = {"purpose": decision.consent_purpose, "was_asked": is_consent_known(decision)}
    title, told = _consent_texts(decision)
    return Step(kind="consent", at_ms=None, title=title, detail=told, facts=facts)


def _consent_texts(decision: Decision) -> tuple[Names, Names]:
    if decision.consent_purpose is None:
        return (
            Names(ko="동의 불필요", en="No consent needed"),
            Names(ko="동의가 필요한 목적이 아닙니다.", en="This scenario serves no purpose that needs consent."),
        )
    purpose = purpose_name(decision.consent_purpose)
    if not is_consent_known(decision):
        return (
            Names(ko=f"‘{purpose.ko}’ 동의 확인 전", en=f"Consent to {purpose.en} not looked at"),
            Names(ko="그 전에 멈추었습니다.", en="The match was stopped before."),
        )
    is_missing = decision.reason.startswith("no_consent")
    return (
        Names(
            ko=f"‘{purpose.ko}’ 동의 {'없음' if is_missing else '확인'}",
            en=f"Consent to {purpose.en} {'missing' if is_missing else 'on record'}",
        ),
        Names(ko="결정 시점의 동의 상태입니다.", en="As it stood at the decision."),
    )


def _outcome_step(decision: Decision) -> Step:
    return Step(
        kind="outcome",
        at_ms=decision.decided_ms,
        title=TREATMENTS[decision.treatment],
        detail=reason_text(decision),
        facts={
            "treatment": decision.treatment.value,
            "reason": decision.reason,
            "campaign": decision.campaign,
            "propensity": decision.propensity,
        },
    )


def _action_steps(decision: Decision, offset_hours: float) -> list[Step]:
    if not decision.action:
        return []
    was_sent = decision.treatment is Treatment.TREATED
    return [
        Step(
            kind="action",
            at_ms=decision.decided_ms if was_sent else None,
            title=Names(ko="제안", en="Offer") if was_sent else Names(ko="보내지 않은 제안", en="Offer not sent"),
            detail=_offer(decision.action, offset_hours),
            facts=dict(decision.action),
        )
    ]


def _offer(action: Mapping[str, Any], offset_hours: float) -> Names:
    rest = {name: value for name, value in action.items() if name not in ("message", "priority", "expires_ms")}
    told = _listed(rest)
    if action.get("message"):
        told = Names(ko=f"“{action['message']}” · {told.ko}", en=f"“{action['message']}” · {told.en}")
    if isinstance(action.get("expires_ms"), int):
        until = local_time(action["expires_ms"], offset_hours)
        told = Names(ko=f"{told.ko} · {until}까지", en=f"{told.en} · until {until}")
    return told


def _measure_steps(decision: Decision, offset_hours: float) -> list[Step]:
    if decision.measure_until_ms is None:
        return []
    until = local_time(decision.measure_until_ms, offset_hours)
    return [
        Step(
            kind="measure",
            at_ms=decision.measure_until_ms,
            title=Names(ko="효과 측정", en="Measured"),
            detail=Names(ko=f"{until}까지 고객 반응을 봅니다.", en=f"The customer's response counts until {until}."),
            facts={"measure_until_ms": decision.measure_until_ms},
        )
    ]
