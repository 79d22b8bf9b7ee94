"""Why a match became an offer, a control or nothing, in words."""

from __future__ import annotations

from api.parts import Names
from hub.records import Decision, Treatment

_BY_START: tuple[tuple[str, Names], ...] = (
    ("control_global", Names(ko="전체 대조군에 속한 고객입니다.", en="The customer is in the global control group.")),
    ("global_control", Names(ko="전체 대조군에 속한 고객입니다.", en="The customer is in the global control group.")),
    (
        "control",
        Names(ko="이 캠페인의 대조군에 속한 고객입니다.", en="The customer is in this campaign's control group."),
    ),
    ("no_consent", Names(ko="필요한 동의가 없습니다.", en="The consent this needs is not given.")),
    ("consent", Names(ko="필요한 동의가 없습니다.", en="The consent this needs is not given.")),
    ("audience", Names(ko="대상 조건에 맞지 않습니다.", en="The customer is not in the audience.")),
    ("cool", Names(ko="지난 제안 뒤 대기 기간입니다.", en="The cool-down after the last offer has not passed.")),
    ("cap", Names(ko="제안 횟수 한도에 이르렀습니다.", en="The cap on offers is reached.")),
    ("superseded", Names(ko="우선순위가 높은 결정이 앞섰습니다.", en="A decision of higher priority came first.")),
    ("priority", Names(ko="우선순위가 높은 결정이 앞섰습니다.", en="A decision of higher priority came first.")),
    ("conflict", Names(ko="우선순위가 높은 결정이 앞섰습니다.", en="A decision of higher priority came first.")),
    ("budget", Names(ko="예산을 모두 썼습니다.", en="The budget is spent.")),
    ("paused", Names(ko="시나리오가 멈춰 있습니다.", en="The scenario is paused.")),
)


def reason_text(decision: Decision) -> Names:
    """Return the sentence for a decision's treatment and reason."""
    if decision.treatment is Treatment.TREATED:
        return Names(
            ko="대상·동의·한도·우선순위를 모두 통과했고 대조군이 아닙니다.",
            en="Passed audience, consent, caps and priority, and is in no control group.",
        )
    for start, text in _BY_START:
        if decision.reason.startswith(start):
            return text
    if decision.treatment is Treatment.CONTROL:
        return Names(ko="대조군에 속한 고객입니다.", en="The customer is in a control group.")
    return Names(ko=decision.reason, en=decision.reason.replace("_", " "))
