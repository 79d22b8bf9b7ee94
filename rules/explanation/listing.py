"""Scenarios of a book as people see them."""

from __future__ import annotations

from hub.clock import DAY_MS, HOUR_MS, MINUTE_MS
from rules.compiled import Cap, Scenario
from rules.explanation.records import Names, ScenarioInfo


def scenario_info(scenario: Scenario) -> ScenarioInfo:
    """Return one scenario for lists and explanations."""
    policy = scenario.policy
    return ScenarioInfo(
        scenario_id=scenario.id,
        version=scenario.version,
        name=Names(ko=scenario.name.ko, en=scenario.name.en),
        owner=scenario.owner,
        status="paused" if scenario.is_paused else "live",
        description=Names(ko=scenario.description.ko, en=scenario.description.en),
        pattern=scenario.pattern_text,
        audience=scenario.audience_text,
        consent_purpose=policy.consent,
        priority=policy.priority,
        campaign=scenario.campaign,
        channel=str(scenario.action.fixed.get("channel", "")) if scenario.action else "",
        control_percent=policy.control_percent,
        caps=tuple(_caps(policy.cool_down_ms, policy.cap)),
    )


def _caps(cool_down_ms: int | None, cap: Cap | None) -> list[str]:
    told = [] if cool_down_ms is None else [f"1 per {_span(cool_down_ms)}"]
    return told if cap is None else [*told, f"{cap.most} per {_span(cap.within_ms)}"]


def _span(ms: int) -> str:
    for unit_ms, letter in ((DAY_MS, "d"), (HOUR_MS, "h"), (MINUTE_MS, "m")):
        if ms % unit_ms == 0:
            return f"{ms // unit_ms}{letter}"
    return f"{ms // 1000}s"
