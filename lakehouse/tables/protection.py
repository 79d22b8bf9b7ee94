"""What happens to personal data before it enters a column: read from the declared data class, zone and name.

    class       bronze (vault)   silver, gold
    public      as it is         as it is
    internal    as it is         as it is, unless its name is one that identifies people
    personal    as it is         by RULES: pseudonym, masked text or a coarse attribute
    sensitive   as it is         never

A column without a rule is refused, so that nobody adds one without saying what it may hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from hub.errors import Misconfigured
from hub.ids import Pseudonymizer
from hub.ports import Redactor
from hub.records import DataClass
from lakehouse.property_policy import IDENTIFYING_NAMES
from lakehouse.tables.declaration import Column, Table


class Protection(StrEnum):
    """How a value stands in a column."""

    PLAIN = "plain"
    RAW = "raw"
    PSEUDONYM = "pseudonym"
    MASKED = "masked"
    ATTRIBUTE = "attribute"


RULES: dict[str, Protection] = {
    **dict.fromkeys(("customer_key", "ids", "id", "left", "right", "account", "text_key"), Protection.PSEUDONYM),
    **dict.fromkeys(
        ("text", "verbatim", "sentence", "document", "redacted_audio", "redacted_memo", "counterparty", "properties"),
        Protection.MASKED,
    ),
    **dict.fromkeys(("action", "evidence", "features", "value", "values", "explanation"), Protection.ATTRIBUTE),
    **dict.fromkeys(
        ("recurrence_key", "sex", "birth_month", "region", "occupation", "segment", "joined_on"), Protection.ATTRIBUTE
    ),
    **dict.fromkeys(("has_consultant", "consents", "opened_on", "matures_on", "amount"), Protection.ATTRIBUTE),
}
"""Personal columns of silver and gold by name: one line for a new one."""
KINDS = {"customer_key": "customer", "account": "account"}
"""Pseudonym columns that a raw identifier may be given for, and its kind."""


def protection_of(table: Table, column: Column) -> Protection:
    """Return how values stand in a column.

    Raises:
        Misconfigured: a sensitive column outside the vault, a personal one without a rule, or an identifying name
            that is declared as neither.
    """
    if table.zone == "bronze":
        return Protection.PLAIN if column.data_class in (DataClass.PUBLIC, DataClass.INTERNAL) else Protection.RAW
    place = f"{table.name}.{column.name}"
    if column.data_class == DataClass.SENSITIVE:
        raise Misconfigured(f"{place} is sensitive: raw identifiers live in bronze only", reason="sensitive_column")
    if column.data_class == DataClass.PERSONAL:
        if column.name not in RULES:
            raise Misconfigured(
                f"{place} is personal and has no rule in lakehouse/tables/protection.py", reason="no_protection_rule"
            )
        return RULES[column.name]
    if column.name in IDENTIFYING_NAMES:
        raise Misconfigured(f"{place} is named like personal data and declared {column.data_class}", reason="no_class")
    return Protection.PLAIN


def columns_by_protection(tables: Iterable[Table], wanted: Protection) -> list[tuple[Table, Column]]:
    """Return the columns whose values stand so."""
    return [(t, c) for t in tables for c in t.columns if protection_of(t, c) is wanted]


def protect(
    table: Table, row: Mapping[str, Any], pseudonymizer: Pseudonymizer, redactor: Redactor, language: str
) -> dict[str, Any]:
    """Return a row as it may enter a table: identifiers as pseudonyms, texts masked, the rest as it is."""
    made = {name: value for name, value in row.items() if name in table.column_names}
    for column in table.columns:
        value = made.get(column.name)
        how = protection_of(table, column)
        if not isinstance(value, str) or not value:
            continue
        if how is Protection.MASKED:
            made[column.name] = redactor.redact(value, language)
        kind = KINDS.get(column.name, "") if how is Protection.PSEUDONYM else ""
        if kind and not value.startswith(f"{kind[:3]}_"):
            made[column.name] = getattr(pseudonymizer, kind)(value)
    return made
