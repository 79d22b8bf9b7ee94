"""The offer as a channel receives it: what to do, for whom, and the decision to ask about. No evidence."""

from __future__ import annotations

from typing import Any

from hub.clock import iso
from hub.records import Decision


def offer_of(decision: Decision) -> dict[str, Any]:
    """Return a decision's offer as plain values. ``decision_id`` is the idempotency key."""
    return {
        "decision_id": decision.decision_id,
        "scenario_id": decision.scenario_id,
        "scenario_version": decision.scenario_version,
        "campaign": decision.campaign,
        "customer_key": decision.customer_key,
        "decided_at": iso(decision.decided_ms),
        "decided_ms": decision.decided_ms,
        "measure_until_ms": decision.measure_until_ms,
        "treatment": decision.treatment.value,
        "consent_purpose": decision.consent_purpose,
        "action": decision.action,
    }
