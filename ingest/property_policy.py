"""Which properties of a line an event may carry out of the vault, decided by name.

A declared event type keeps its declared properties; a custom one keeps everything but what identifies a
person. The lake decides the same over whole columns in SQL; a test holds the two together.
"""

from __future__ import annotations

from functools import lru_cache

from hub.event_types import EVENT_TYPES

ACCOUNT_NAMES = ("account_id", "account_no", "account_number", "card_no", "card_number")
PHONE_NAMES = ("phone", "phone_no", "phone_number", "mobile", "tel")
IDENTIFYING_NAMES = frozenset((
    "customer_no", "user_id", "userid", "anonymous_id", "anonymousid", "name", "full_name", "first_name", "last_name",
    "phone", "mobile", "tel", "email", "address", "zip", "birth_date", "birthday", "rrn", "passport", "ip", "password",
    "old_value", "new_value", "memo", "token", "phone_no", "phone_number", "passport_no", *ACCOUNT_NAMES,
))  # fmt: skip
ALWAYS_KEPT = frozenset(("session_id", "platform"))
ENVELOPE_PREFIX = "_"
"""Names that start so are what a LogLine keeps of its envelope: times, context, traits. They stay in the vault."""


def may_leave(event_type: str, name: str) -> bool:
    """Tell whether an event of this type may carry this property as it stands."""
    if name.startswith(ENVELOPE_PREFIX):
        return False
    declared = _declared(event_type)
    return name.lower() not in IDENTIFYING_NAMES if declared is None else name in declared


@lru_cache(maxsize=1_024)
def _declared(event_type: str) -> frozenset[str] | None:
    known = EVENT_TYPES.get(event_type)
    return None if known is None else (known.property_names() | ALWAYS_KEPT) - set(ACCOUNT_NAMES)
