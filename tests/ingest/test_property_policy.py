"""Live and batch let the same properties out of the vault."""

from __future__ import annotations

from hub.event_types import EVENT_TYPES
from ingest import property_policy as live
from lakehouse import property_policy as lake


def test_both_policies_know_the_same_identifying_names() -> None:
    assert set(lake.IDENTIFYING_NAMES) <= live.IDENTIFYING_NAMES
    assert set(lake.ACCOUNT_NAMES) == set(live.ACCOUNT_NAMES)
    assert set(lake.ALWAYS_KEPT) == live.ALWAYS_KEPT


def test_a_declared_type_keeps_its_declared_properties_and_a_session() -> None:
    for event_type in EVENT_TYPES.values():
        for declared in event_type.properties:
            assert live.may_leave(event_type.name, declared.name) == (declared.name not in live.ACCOUNT_NAMES)
        assert live.may_leave(event_type.name, "session_id")
        assert not live.may_leave(event_type.name, "resident_number")
