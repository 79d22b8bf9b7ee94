# ruff: noqa: S608 - the SQL is made of declared names and quoted identifiers
"""Erasing one customer: whose rows those are follows from the declared columns, so a new table is covered by its declaration.

Silver and gold go first and the master row last: who the customer's telephone numbers and accounts are is read from what
goes last, so that a run that was cut off is finished by running it again. Ids that other customers share stay theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from hub.ids import Pseudonymizer, canonical
from hub.ports import ObjectStore
from hub.records import DataClass, Record
from lakehouse.refine.call_editing import REDACTED
from lakehouse.spark_errors import retried, translated
from lakehouse.tables import TABLES
from lakehouse.tables.declaration import Table

if TYPE_CHECKING:
    from lakehouse.delta_tables import DeltaTables

_FIRST = ("gold.receipts", "silver.memo_readings")
"""Whose they are is told by rows of tables that come later."""
_LAST = (
    "gold.identities",
    "silver.identity_edges",
    "bronze.log_lines",
    "bronze.memos",
    "bronze.calls",
    "bronze.master_rows",
)
_DIGITS = "regexp_replace({0}, '[^0-9]', '')"
_PHONE = f"regexp_replace({_DIGITS}, '^82', '0')"
_ALNUM = "regexp_replace({0}, '[^0-9A-Za-z]', '')"


class Person(Record, frozen=True, kw_only=True):
    """Everything one customer goes by, raw and as pseudonyms under every key, and what hangs on it by id."""

    customer_nos: tuple[str, ...]
    keys: tuple[str, ...]
    phones: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    anonymous_ids: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    call_ids: tuple[str, ...] = ()
    recordings: tuple[tuple[str, str], ...] = ()
    """(content hash, object key) of the recordings of nobody else's calls."""
    decision_ids: tuple[str, ...] = ()
    text_keys: tuple[str, ...] = ()


def find_person(tables: DeltaTables, pseudonymizer: Pseudonymizer, customer: str) -> Person:
    """Return what a customer number, or a customer key under any live key, stands for in the lake."""
    lake = _Lake(tables)
    nos = _numbers(lake, pseudonymizer, customer)
    keys = tuple(
        dict.fromkeys(
            [*(key for no in nos for key in pseudonymizer.every("customer", no)), *([] if nos else [customer])]
        )
    )
    raw = {
        "phone": lake.values("bronze.calls", "phone", f"trim(customer_no) IN {_listed(nos)}")
        + lake.values("bronze.master_rows", "`values`['phone']", f"`table` = 'customers' AND key IN {_listed(nos)}"),
        "account": lake.values("bronze.memos", "account_no", f"trim(customer_no) IN {_listed(nos)}")
        + lake.values(
            "bronze.master_rows", "key", f"`table` = 'accounts' AND `values`['customer_no'] IN {_listed(nos)}"
        ),
        "anonymous": lake.values("bronze.log_lines", "anonymous_id", f"trim(customer_no) IN {_listed(nos)}"),
    }
    made = {
        name: (kind, value)
        for kind, values in raw.items()
        for value in values
        for name in pseudonymizer.every(kind, value)
    }
    resolved = lake.values("gold.identities", "id", f"customer_key IN {_listed(keys)} AND status = 'resolved'")
    others = set(
        lake.values(
            "gold.identities",
            "id",
            f"id IN {_listed(made)} AND (status <> 'resolved' OR customer_key NOT IN {_listed(keys)})",
        )
    )
    ids = tuple(sorted({*made, *resolved} - others - set(keys)))
    own = {
        kind: tuple(sorted({canonical(kind, made[name][1]) for name in ids if name in made and made[name][0] == kind}))
        for kind in raw
    }
    person = Person(
        customer_nos=nos,
        keys=keys,
        ids=ids,
        phones=own["phone"],
        accounts=own["account"],
        anonymous_ids=own["anonymous"],
    )
    return _with_what_hangs_on_it(lake, person)


def _numbers(lake: _Lake, pseudonymizer: Pseudonymizer, customer: str) -> tuple[str, ...]:
    if not customer.startswith("cus_"):
        return (customer.strip(),)
    known = [(table, column) for table, column in _NUMBERED]
    found = {no for table, column in known for no in lake.values(table, column, "true")}
    return tuple(sorted(no for no in found if customer in pseudonymizer.every("customer", no)))


_NUMBERED = (
    ("bronze.calls", "trim(customer_no)"),
    ("bronze.memos", "trim(customer_no)"),
    ("bronze.log_lines", "trim(customer_no)"),
    ("bronze.master_rows", "coalesce(`values`['customer_no'], CASE WHEN `table` = 'customers' THEN key END)"),
)


def _with_what_hangs_on_it(lake: _Lake, person: Person) -> Person:
    own_call = condition(TABLES["bronze.calls"], person)
    own_silver_call = condition(TABLES["silver.calls"], person)
    call_ids = sorted(
        {*lake.values("bronze.calls", "call_id", own_call), *lake.values("silver.calls", "call_id", own_silver_call)}
    )
    hashes = lake.pairs("bronze.calls", "content_hash", "object_key", f"call_id IN {_listed(call_ids)}")
    hashes += lake.pairs("silver.calls", "content_hash", "object_key", f"call_id IN {_listed(call_ids)}")
    shared = set(
        lake.values(
            "bronze.calls",
            "content_hash",
            f"content_hash IN {_listed(h for h, _ in hashes)} AND call_id NOT IN {_listed(call_ids)}",
        )
    )
    decisions = lake.values("gold.decisions", "decision_id", f"customer_key IN {_listed(person.keys)}")
    own_facts = condition(TABLES["silver.memo_facts"], person)
    texts = lake.values("silver.memo_facts", "text_key", own_facts)
    also_others = set(
        lake.values(
            "silver.memo_facts", "text_key", f"text_key IN {_listed(texts)} AND NOT coalesce({own_facts}, false)"
        )
    )
    return msgspec.structs.replace(
        person,
        call_ids=tuple(call_ids),
        recordings=tuple(sorted({pair for pair in hashes if pair[0] not in shared})),
        decision_ids=tuple(sorted(decisions)),
        text_keys=tuple(sorted(set(texts) - also_others)),
    )


def condition(table: Table, person: Person) -> str | None:
    """Return which rows of a table are the person's, by its declared columns; None where no column can tell."""
    names = set(table.column_names)
    if table.name == "bronze.master_rows":
        return (
            f"(`table` = 'customers' AND key IN {_listed(person.customer_nos)}) OR `values`['customer_no'] IN {_listed(person.customer_nos)}"
            f" OR (`table` = 'accounts' AND {_ALNUM.format('key')} IN {_listed(person.accounts)})"
        )
    owner = next((name for name in ("customer_no", "customer_key") if name in names), None)
    nobody = f"coalesce(`{owner}`, '') = ''" if owner else "true"
    whose = {
        "customer_no": f"trim(customer_no) IN {_listed(person.customer_nos)}",
        "customer_key": f"customer_key IN {_listed(person.keys)}",
        "phone": f"({nobody} AND {_PHONE.format('phone')} IN {_listed(person.phones)})",
        "account_no": f"({nobody} AND {_ALNUM.format('account_no')} IN {_listed(person.accounts)})",
        "anonymous_id": f"({nobody} AND anonymous_id IN {_listed(person.anonymous_ids)})",
        "ids": f"({nobody} AND arrays_overlap(ids, array({_bare(person.ids)})))",
        "account": f"({nobody} AND account IN {_listed(person.ids)})",
        "id": f"id IN {_listed([*person.ids, *person.keys])}",
        "left": f"`left` IN {_listed([*person.ids, *person.keys])}",
        "right": f"`right` IN {_listed([*person.ids, *person.keys])}",
        "call_id": f"call_id IN {_listed(person.call_ids)}",
        "decision_id": f"decision_id IN {_listed(person.decision_ids)}",
    }
    parts = [sql for name, sql in whose.items() if name in names]
    if not parts and "text_key" in names:
        parts = [f"text_key IN {_listed(person.text_keys)}"]
    return " OR ".join(parts) or None


def holding_tables() -> list[Table]:
    """Return every declared table with personal or sensitive columns, or rows that hang on a person's, in order of erasure."""
    nobody = Person(customer_nos=(), keys=())
    holding = [t for t in TABLES.values() if _is_personal(t) or condition(t, nobody) is not None]
    order = {name: place for place, name in enumerate(_LAST, start=1)} | dict.fromkeys(_FIRST, -1)
    return sorted(holding, key=lambda table: order.get(table.name, 0))


def _is_personal(table: Table) -> bool:
    return any(column.data_class in (DataClass.PERSONAL, DataClass.SENSITIVE) for column in table.columns)


def count_rows(tables: DeltaTables, person: Person) -> dict[str, int]:
    """Return how many rows of each table are the person's."""
    lake = _Lake(tables)
    counts = {table.name: lake.count(table.name, str(condition(table, person))) for table in holding_tables()}
    return {name: count for name, count in counts.items() if count}


def erase_objects(objects: ObjectStore, person: Person) -> int:
    """Delete recordings, their transcripts in the vault and their redacted copies; returns how many there were."""
    keys = {info.key for _, key in person.recordings if key for info in objects.list(key) if info.key == key}
    for content_hash, _ in person.recordings:
        for folder in ("transcripts", REDACTED):
            keys.update(info.key for info in objects.list(f"{folder}/{content_hash[:2]}/{content_hash}/"))
    for key in sorted(keys):
        objects.delete(key)
    return len(keys)


def erase_rows(
    tables: DeltaTables, person: Person, on_progress: Callable[[str, int], None] | None = None
) -> dict[str, int]:
    """Delete the person's rows, table by table; returns how many by table. Running it again finds none."""
    lake = _Lake(tables)
    done: dict[str, int] = {}
    for table in holding_tables():
        rows = retried(partial(lake.delete, table.name, str(condition(table, person))))
        if rows:
            done[table.name] = rows
            if on_progress is not None:
                on_progress(table.name, rows)
    return done


def purge(tables: DeltaTables, names: Iterable[str]) -> None:
    """Remove the old versions of tables from disk now; whoever reads them at the same time may fail."""
    session = tables.session()
    check = "spark.databricks.delta.retentionDurationCheck.enabled"
    session.conf.set(check, "false")
    try:
        for name in names:
            with translated(name):
                tables.sql(f"REORG TABLE delta.`{tables.location(name)}` APPLY (PURGE)").collect()
                tables.sql(f"VACUUM delta.`{tables.location(name)}` RETAIN 0 HOURS").collect()
    finally:
        session.conf.unset(check)


class _Lake:
    """Small questions to tables, of which some may not exist yet."""

    def __init__(self, tables: DeltaTables) -> None:
        self._tables = tables
        self._existing = {info.name: info.location for info in tables.list_tables()}

    def values(self, table: str, expression: str, where: str | None) -> list[str]:
        return [value for (value,) in self._rows(table, f"DISTINCT {expression} AS value", where) if value]

    def pairs(self, table: str, first: str, second: str, where: str | None) -> list[tuple[str, str]]:
        return [(a, b or "") for a, b in self._rows(table, f"DISTINCT {first}, {second}", where) if a]

    def count(self, table: str, where: str) -> int:
        return sum(int(number) for (number,) in self._rows(table, "count(*)", where))

    def delete(self, table: str, where: str) -> int:
        if not self.count(table, where):
            return 0
        with translated(table):
            return int(self._tables.sql(f"DELETE FROM delta.`{self._existing[table]}` WHERE {where}").collect()[0][0])

    def _rows(self, table: str, selected: str, where: str | None) -> list[tuple[str, ...]]:
        if table not in self._existing or where is None:
            return []
        with translated(table):
            found = self._tables.sql(f"SELECT {selected} FROM delta.`{self._existing[table]}` WHERE {where}").collect()
        return [tuple(row) for row in found]


def _listed(values: Iterable[str]) -> str:
    return f"({_bare(values)})"


def _bare(values: Iterable[str]) -> str:
    """Return SQL literals; one that nothing equals where there are none."""
    quoted: Sequence[str] = ["'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'" for value in values]
    return ", ".join(quoted) or "CAST(NULL AS string)"
