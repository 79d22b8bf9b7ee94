"""Why a match became an offer, a control or nothing, in words."""

from __future__ import annotations

from hub.records import Decision
from rules.explanation.records import Names

NOT_YET_ASKED = ("paused", "outside_period", "audience")
"""Reasons that stop a match before its consent is looked at."""

REASONS: dict[str, Names] = {
    "matched": Names(
        ko="대상·동의·한도·우선순위를 모두 통과했고 대조군이 아닙니다.",
        en="Passed audience, consent, caps and priority, and is in no control group.",
    ),
    "paused": Names(ko="시나리오가 멈춰 있습니다.", en="The scenario is paused."),
    "outside_period": Names(ko="캠페인 기간이 아닙니다.", en="The campaign is not running at this time."),
    "audience": Names(ko="대상 조건에 맞지 않습니다.", en="The customer is not in the audience."),
    "no_consent": Names(ko="필요한 동의가 없습니다.", en="The consent this needs is not given."),
    "control_global": Names(
        ko="어떤 제안도 받지 않는 전체 대조군의 고객입니다.", en="The customer is in the global control group."
    ),
    "control_campaign": Names(
        ko="이 캠페인의 대조군에 속한 고객입니다.", en="The customer is in this campaign's control group."
    ),
    "cool_down": Names(
        ko="지난 제안 뒤 대기 기간이 끝나지 않았습니다.", en="The cool-down after the last offer has not passed."
    ),
    "cap_scenario": Names(ko="이 시나리오의 횟수 한도에 이르렀습니다.", en="The cap of this scenario is reached."),
    "cap_campaign": Names(ko="이 캠페인의 횟수 한도에 이르렀습니다.", en="The cap of this campaign is reached."),
    "cap_global": Names(
        ko="고객 한 명의 제안 횟수 한도에 이르렀습니다.", en="The cap on offers to one customer is reached."
    ),
    "budget_spent": Names(ko="예산을 모두 썼습니다.", en="The budget is spent."),
    "superseded_by": Names(
        ko="우선순위가 높은 시나리오 {detail}에 자리를 내주었습니다.",
        en="Made way for {detail}, which comes first.",
    ),
}
"""Every reason the kernel gives; what follows a colon is its detail."""


def reason_text(decision: Decision) -> Names:
    """Return the sentence for a decision's reason; a reason of a newer kernel is shown as it stands."""
    reason, _, detail = decision.reason.partition(":")
    known = REASONS.get(reason)
    if known is None:
        return Names(ko=decision.reason, en=decision.reason.replace("_", " "))
    return Names(ko=known.ko.format(detail=detail), en=known.en.format(detail=detail))


def is_consent_known(decision: Decision) -> bool:
    """Return whether the match got as far as the question of consent."""
    return decision.reason.partition(":")[0] not in NOT_YET_ASKED
