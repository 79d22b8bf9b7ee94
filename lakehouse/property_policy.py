"""Which properties of an event may leave the vault, decided by name and in SQL over whole columns.

A declared event type keeps its declared properties; a custom one keeps everything but what identifies a person.
Account numbers become pseudonyms under ``account_id``.
"""

from __future__ import annotations

from hub.event_types import EVENT_TYPES

ACCOUNT_NAMES = ("account_id", "account_no", "account_number", "card_no", "card_number")
IDENTIFYING_NAMES = (
    "customer_no", "user_id", "userid", "anonymous_id", "anonymousid", "name", "full_name", "first_name", "last_name",
    "phone", "phone_no", "phone_number", "passport_no", "mobile", "tel", "email", "address", "zip", "birth_date", "birthday", "rrn", "passport", "ip", "password",
    "old_value", "new_value", "memo", "token", *ACCOUNT_NAMES,
)  # fmt: skip
ALWAYS_KEPT = ("session_id", "platform")

ACCOUNT_SQL = "coalesce(" + ", ".join(f"get_json_object(properties, '$.{name}')" for name in ACCOUNT_NAMES) + ")"


def kept_sql(account: str = "account") -> str:
    """Return the SQL of the cleaned properties of a row with ``type``, ``properties`` and an account pseudonym."""
    given = "coalesce(try_cast(try_parse_json(properties) AS map<string,variant>), map())"
    kept = f"map_filter({given}, (name, value) -> {_keeps('name')})"
    with_account = f"map_concat({kept}, map('account_id', CAST({account} AS variant)))"
    return f"to_json(CASE WHEN {account} IS NULL THEN {kept} ELSE {with_account} END)"


def _keeps(name: str) -> str:
    declared = f"type IN ({_listed(sorted(EVENT_TYPES))})"
    pairs = sorted(
        f"{t.name}/{p.name}" for t in EVENT_TYPES.values() for p in t.properties if p.name not in ACCOUNT_NAMES
    )
    allowed = f"concat(type, '/', {name}) IN ({_listed(pairs)}) OR {name} IN ({_listed(ALWAYS_KEPT)})"
    harmless = f"lower({name}) NOT IN ({_listed(IDENTIFYING_NAMES)})"
    # A name that starts with "_" is what the envelope kept beside the properties: addresses, traits, raw times.
    return f"CASE WHEN {declared} THEN {allowed} ELSE {harmless} AND NOT startswith({name}, '_') END"


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
