"""Rotating the pseudonym key and erasing a customer, over everything that keeps people's data."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from typing import Any

from hub.errors import Misconfigured
from hub.records import AccessRecord, Record
from infra.wiring import Hub

REKEY_LEAVES = (
    "the event log and what the collector keeps: refined again only from bronze, under the key of their time",
    "the online store: run `hub features materialize` next",
    "decisions in the catalogue: they stay as they were made",
    "the record of accesses: it is sealed; `hub privacy access` looks under every live key",
    "tokens in masked texts, models and training sets that are kept as files",
)
ERASE_LEAVES = (
    "the event log: its records leave with its retention",
    "raw files of whole deliveries in the landing zone (memos, logs, master data), which hold other customers too",
    "dead letters and their payloads: `hub dead-letters discard`",
    "the record of who read the customer's data, which the law wants kept",
    "models, training sets and backups; and what the core bank delivers about the customer again",
)


class Rekeying(Record, frozen=True, kw_only=True):
    """What ``hub privacy rekey`` did: rows by column, how many identifiers it knew, and what it does not reach."""

    identifiers: int
    columns: dict[str, int]
    not_covered: tuple[str, ...] = REKEY_LEAVES


class Erasure(Record, frozen=True, kw_only=True):
    """What ``hub privacy erase`` did, or would do: rows by table, objects, entries and decisions; and what it does not reach."""

    customer_keys: tuple[str, ...]
    rows: dict[str, int]
    objects: int = 0
    online_entries: int = 0
    decisions: int = 0
    is_done: bool = True
    not_covered: tuple[str, ...] = ERASE_LEAVES


def rekey(hub: Hub, on_progress: Callable[[str, int], None] | None = None) -> Rekeying:
    """Write everything under previous pseudonym keys anew under the current one; running it again finishes a cut.

    Raises:
        Misconfigured: no previous key is named.
    """
    from lakehouse.rekeying import raw_identifiers, rekey_tables, rekeyed

    if len(hub.pseudonyms.key_ids) < 2:
        raise Misconfigured(
            "There is no previous key to write anew: name it in HUB_PRIVACY__PREVIOUS_PSEUDONYM_KEYS.",
            reason="no_previous_key",
        )
    mapping = rekeyed(hub.pseudonyms, raw_identifiers(hub.tables))
    on_record(hub, "every customer", "privacy.rekey", f"key {hub.pseudonyms.key_id}")
    columns = rekey_tables(
        hub.tables, mapping, lambda done: on_progress(f"{done.table}.{done.column}", done.rows) if on_progress else None
    )
    return Rekeying(
        identifiers=mapping.num_rows, columns={f"{done.table}.{done.column}": done.rows for done in columns}
    )


def erase(
    hub: Hub,
    customer: str,
    reason: str,
    *,
    is_trial: bool = False,
    purges: bool = False,
    on_progress: Callable[[str, int], None] | None = None,
) -> Erasure:
    """Erase a customer from tables, vault, redacted copies, online store and decisions. Running it again finishes a cut.

    The erasure is on record before anything goes.

    Args:
        is_trial: only count.
        purges: remove old versions of the tables from disk at once, instead of with their next vacuum.
    """
    from lakehouse.erasure import count_rows, erase_objects, erase_rows, find_person, holding_tables, purge
    from lakehouse.features import feature_specs

    person = find_person(hub.tables, hub.pseudonyms, customer)
    subject = person.keys[0]
    on_record(hub, subject, "privacy.erase.trial" if is_trial else "privacy.erase", reason)
    if is_trial:
        return Erasure(customer_keys=person.keys, rows=count_rows(hub.tables, person), is_done=False)
    objects = erase_objects(hub.objects, person)
    views = list(dict.fromkeys(spec.view for spec in feature_specs()))
    online = hub.online.forget(views, person.keys, [*person.ids, *person.keys])
    decisions = hub.catalog.decisions.erase(person.keys)
    rows = erase_rows(hub.tables, person, on_progress)
    if purges:
        existing = {info.name for info in hub.tables.list_tables()}
        purge(hub.tables, [table.name for table in holding_tables() if table.name in existing])
    on_record(hub, subject, "privacy.erased", f"{sum(rows.values())} rows, {objects} objects")
    return Erasure(customer_keys=person.keys, rows=rows, objects=objects, online_entries=online, decisions=decisions)


def reads_of(hub: Hub, customer: str, limit: int) -> list[AccessRecord]:
    """Return who read a customer's data, newest first, under every live pseudonym key."""
    keys = [customer] if customer.startswith("cus_") else hub.pseudonyms.every("customer", customer)
    found = [record for key in keys for record in hub.catalog.access_log.list(subject=key, limit=limit)]
    return sorted(found, key=lambda record: -record.sequence)[:limit]


def on_record(hub: Hub, subject: str, task: str, purpose: str) -> None:
    """Put on record what is done to whom, and why."""
    asked: dict[str, Any] = {"subject": subject, "task": task, "purpose": purpose, "at_ms": hub.clock.now_ms()}
    hub.catalog.access_log.append(account=f"local:{getpass.getuser()}", origin="command line", **asked)
