"""From matches to decisions: audience, consent, control group, caps and cool-downs, conflicts, action.

Whatever stops a match is recorded as a decision with its reason. Control customers pass through the
same caps and conflicts as treated ones and count as approached, so that both arms stay comparable.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.ids import bucket, decision_id
from hub.records import Decision, Evidence, FeatureEvidence, Treatment
from rules.book import OFFERS, Book
from rules.compiled import Action, Cap, Scenario
from rules.kernel.matching import Match, in_audience, with_first
from rules.language.syntax import Value
from rules.patterns.node import Instant
from rules.patterns.state import Block, Contact, CustomerState, Occurrence

_BUCKETS = 10_000
_SLOT = re.compile(r"\{([^{}]*)\}")


class Purse:
    """What this partition may still give away of each budget.

    Every partition has a fixed share, so that no partition waits for another, a replay spends the same,
    and all shares together never exceed the budget.
    """

    def __init__(self, partition: int = 0, partitions: int = 1, spent: Mapping[str, int] | None = None) -> None:
        self.spent = dict(spent or {})
        self._partition = partition
        self._partitions = partitions

    def is_empty(self, scenario: Scenario) -> bool:
        """Return whether the share of a scenario's budget is used up."""
        most = scenario.policy.max_offers
        if most is None:
            return False
        share = most // self._partitions + (self._partition < most % self._partitions)
        return self.spent.get(scenario.key, 0) >= share

    def spend(self, scenario: Scenario) -> None:
        """Take one offer out of a scenario's budget."""
        if scenario.policy.max_offers is not None:
            self.spent[scenario.key] = self.spent.get(scenario.key, 0) + 1


@dataclass(frozen=True, slots=True)
class Place:
    """The log record whose reading led to a decision."""

    partition: int = 0
    offset: int = 0


@dataclass(slots=True)
class _Verdict:
    match: Match
    treatment: Treatment = Treatment.TREATED
    reason: str = "matched"

    def suppress(self, reason: str) -> None:
        self.treatment, self.reason = Treatment.SUPPRESSED, reason


def decide(
    book: Book,
    customer_key: str,
    state: CustomerState,
    matches: list[Match],
    now_ms: int,
    place: Place,
    purse: Purse,
) -> list[Decision]:
    """Decide all matches of one instant together, the most important first."""
    instant = Instant(state, now_ms, state.position, None)
    verdicts = [_Verdict(match) for match in _ordered(matches)]
    for verdict in verdicts:
        _judge(book, customer_key, instant, verdict, purse)
    _resolve(state, verdicts, now_ms)
    for verdict in verdicts:
        _remember(book, state, verdict, now_ms, purse)
    return [_decision(book, customer_key, instant, verdict, place) for verdict in verdicts]


def _ordered(matches: list[Match]) -> list[Match]:
    """Most important first; of two matches with one trigger and scenario, the later one is the fuller."""
    unique = {(m.scenario.key, m.occurrence.events[-1]): m for m in matches}
    return sorted(unique.values(), key=lambda m: (-m.scenario.policy.priority, m.scenario.key, m.occurrence.events))


def _judge(book: Book, customer_key: str, instant: Instant, verdict: _Verdict, purse: Purse) -> None:
    scenario, occurrence = verdict.match
    policy, now_ms = scenario.policy, instant.now_ms
    if scenario.is_paused:
        verdict.suppress("paused")
    elif (policy.from_ms or now_ms) > now_ms or (policy.until_ms is not None and now_ms >= policy.until_ms):
        verdict.suppress("outside_period")
    elif not in_audience(scenario, instant, occurrence):
        verdict.suppress("audience")
    elif policy.consent is not None and not instant.state.consents.get(policy.consent, (False, 0))[0]:
        verdict.suppress(f"no_consent:{policy.consent}")
    else:
        verdict.treatment, verdict.reason = _arm(book, customer_key, scenario)
        if reason := _cap_reason(book, instant.state, scenario, now_ms):
            verdict.suppress(reason)
        elif purse.is_empty(scenario):
            verdict.suppress("budget_spent")


def _arm(book: Book, customer_key: str, scenario: Scenario) -> tuple[Treatment, str]:
    policy = scenario.policy
    if policy.joins_global_control and _falls(customer_key, "control", book.global_control_percent):
        return Treatment.CONTROL, "control_global"
    if _falls(customer_key, f"control:{scenario.campaign}", policy.control_percent):
        return Treatment.CONTROL, "control_campaign"
    return Treatment.TREATED, "matched"


def _falls(customer_key: str, salt: str, percent: float) -> bool:
    return percent > 0 and bucket(customer_key, salt, _BUCKETS) < round(percent * _BUCKETS / 100)


def _cap_reason(book: Book, state: CustomerState, scenario: Scenario, now_ms: int) -> str | None:
    policy = scenario.policy
    mine = [c for c in state.contacts if c.scenario_id == scenario.id]
    if policy.cool_down_ms and any(now_ms - c.time_ms < policy.cool_down_ms for c in mine):
        return "cool_down"
    if _is_reached(policy.cap, mine, now_ms):
        return "cap_scenario"
    campaign_cap = book.campaign_caps.get(scenario.campaign)
    if campaign_cap and _is_reached(
        campaign_cap, [c for c in state.contacts if c.campaign == scenario.campaign], now_ms
    ):
        return "cap_campaign"
    if policy.is_offer and _is_reached(book.offers_cap, [c for c in state.contacts if c.is_offer], now_ms):
        return "cap_global"
    return None


def _is_reached(cap: Cap | None, contacts: list[Contact], now_ms: int) -> bool:
    return cap is not None and sum(now_ms - c.time_ms < cap.within_ms for c in contacts) >= cap.most


def _resolve(state: CustomerState, verdicts: list[_Verdict], now_ms: int) -> None:
    """Let the most important offer of this instant stand, and keep away what others supersede."""
    for block in state.blocks:
        for verdict in _standing(verdicts):
            own = verdict.match.scenario
            if now_ms <= block.until_ms and own.id != block.scenario_id and _is_target(own, block.targets):
                verdict.suppress(f"superseded_by:{block.scenario_id}")
    for winner in _standing(verdicts):
        shield = winner.match.scenario
        # Earlier turns of this loop may have stopped it; and a control group sees no treatment to make way for.
        if winner.treatment is Treatment.TREATED:
            for verdict in _standing(verdicts):
                own = verdict.match.scenario
                if own.id != shield.id and _is_target(own, shield.policy.supersedes):
                    verdict.suppress(f"superseded_by:{shield.id}")
    _one_offer(state, verdicts, now_ms)


def _standing(verdicts: list[_Verdict]) -> list[_Verdict]:
    return [verdict for verdict in verdicts if verdict.treatment is not Treatment.SUPPRESSED]


def _is_target(scenario: Scenario, targets: tuple[str, ...]) -> bool:
    if not targets:
        return False
    return (
        scenario.id in targets
        or f"campaign:{scenario.campaign}" in targets
        or (scenario.policy.is_offer and OFFERS in targets)
    )


def _one_offer(state: CustomerState, verdicts: list[_Verdict], now_ms: int) -> None:
    """A customer gets at most one offer at one time of the log."""
    earlier = next((c.scenario_id for c in state.contacts if c.is_offer and c.time_ms == now_ms), None)
    for verdict in _standing(verdicts):
        if verdict.match.scenario.policy.is_offer:
            if earlier is not None:
                verdict.suppress(f"superseded_by:{earlier}")
            earlier = earlier or verdict.match.scenario.id


def _remember(book: Book, state: CustomerState, verdict: _Verdict, now_ms: int, purse: Purse) -> None:
    if verdict.treatment is Treatment.SUPPRESSED:
        return
    scenario = verdict.match.scenario
    policy = scenario.policy
    if policy.is_offer or book.contacts_ms[scenario.id]:
        state.contacts.append(Contact(now_ms, scenario.id, scenario.campaign, policy.is_offer))
    if verdict.treatment is Treatment.TREATED:
        purse.spend(scenario)
        if policy.supersedes and policy.supersedes_for_ms:
            state.blocks.append(Block(now_ms + policy.supersedes_for_ms, scenario.id, policy.supersedes))


def _decision(book: Book, customer_key: str, instant: Instant, verdict: _Verdict, place: Place) -> Decision:
    scenario, occurrence = verdict.match
    now_ms, state = instant.now_ms, instant.state
    trigger = state.events[occurrence.events[-1]]
    return Decision(
        decision_id=decision_id(scenario.id, scenario.version, customer_key, trigger.event_id),
        scenario_id=scenario.id,
        scenario_version=scenario.version,
        customer_key=customer_key,
        decided_ms=now_ms,
        trigger_event_id=trigger.event_id,
        treatment=verdict.treatment,
        reason=verdict.reason,
        campaign=scenario.campaign,
        action=_action(scenario, instant, occurrence),
        evidence=_evidence(state, occurrence),
        features=_features(state, scenario),
        consent_purpose=scenario.policy.consent,
        model_version=_model_version(book, state, scenario),
        propensity=_propensity(book, scenario, verdict.treatment),
        measure_until_ms=None if scenario.measure_ms is None else now_ms + scenario.measure_ms,
        log_partition=place.partition,
        log_offset=place.offset,
    )


def _action(scenario: Scenario, instant: Instant, occurrence: Occurrence) -> dict[str, Any]:
    bound = with_first(occurrence)
    if scenario.action is None:
        assert scenario.fact is not None
        properties = {name: instant.of(bound, evaluate) for name, evaluate in scenario.fact.properties.items()}
        return {"channel": "internal", "offer": "fact", "fact": scenario.fact.type, **properties}
    action = scenario.action
    values = {name: instant.of(bound, evaluate) for name, evaluate in action.values.items()}
    done = {**action.fixed, **values, "message": _message(action, values)}
    if action.expires_after_ms is not None:
        done["expires_ms"] = instant.now_ms + action.expires_after_ms
    return done


def _message(action: Action, values: Mapping[str, Any]) -> str:
    return _SLOT.sub(lambda found: _spoken(values.get(found[1])), action.message)


def _spoken(value: Value) -> str:
    return "" if value is None else str(value)


def _evidence(state: CustomerState, occurrence: Occurrence) -> tuple[Evidence, ...]:
    """Return the events of a match in log order, each derived fact after what it rests on."""
    roles = {occurrence.events[-1]: "trigger"} | {at: name for name, at in occurrence.names.items()}
    positions: dict[int, str] = {}
    waiting = [(position, roles.get(position, "step")) for position in occurrence.events]
    while waiting:
        position, role = waiting.pop()
        if position in state.events and position not in positions:
            positions[position] = role
            waiting += [(origin, "origin") for origin in state.events[position].origins]
    return tuple(_event_evidence(state, position, positions[position]) for position in sorted(positions))


def _event_evidence(state: CustomerState, position: int, role: str) -> Evidence:
    event = state.events[position]
    return Evidence(
        event_id=event.event_id,
        type=event.type,
        channel=event.channel,
        event_time_ms=event.event_time_ms,
        role=role,
        properties=event.properties,
        provenance=event.provenance,
    )


def _features(state: CustomerState, scenario: Scenario) -> tuple[FeatureEvidence, ...]:
    seen = []
    for name in scenario.feature_names:
        known = state.features.get(name)
        if known is None:
            seen.append(FeatureEvidence(name=name, value=None, as_of_ms=None))
        else:
            seen.append(FeatureEvidence(name=name, value=known.value, as_of_ms=known.as_of_ms, version=known.version))
    return tuple(seen)


def _model_version(book: Book, state: CustomerState, scenario: Scenario) -> str | None:
    used = (state.features.get(name) for name in scenario.feature_names)
    return next((f.version for f in used if f is not None and f.view in book.model_views and f.version), None)


def _propensity(book: Book, scenario: Scenario, treatment: Treatment) -> float:
    """Return the probability with which chance gave this customer this arm; 1 where there was no chance."""
    if treatment is Treatment.SUPPRESSED:
        return 1.0
    policy = scenario.policy
    in_neither = 1 - policy.control_percent / 100
    if policy.joins_global_control:
        in_neither *= 1 - book.global_control_percent / 100
    return round(in_neither if treatment is Treatment.TREATED else 1 - in_neither, 6)
