"""Erasing a customer and rotating the key through the hub: everything that keeps people's data, and the record of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.errors import Misconfigured
from hub.ids import Pseudonymizer
from hub.records import FeatureRow
from infra.jobs import privacy
from infra.wiring import Hub
from lakehouse.delta_tables import DeltaTables
from tests.contracts.test_catalog import decision
from tests.infra.test_wiring import hub_at

OLD, NEW = "o" * 32, "n" * 32


def _hub(tmp_path: Path, tables: DeltaTables, **settings: str) -> Hub:
    """Return a hub on the suite's driver."""
    hub = hub_at(tmp_path, **settings)
    hub.__dict__["tables"] = tables
    return hub


def test_without_a_previous_key_there_is_nothing_to_write_anew(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as refused:
        privacy.rekey(hub_at(tmp_path))
    assert "HUB_PRIVACY__PREVIOUS_PSEUDONYM_KEYS" in str(refused.value)


@pytest.mark.spark
def test_an_erased_customer_is_nowhere_and_the_erasure_is_on_record(tmp_path: Path, tables: DeltaTables) -> None:
    hub = _hub(tmp_path, tables)
    key = hub.pseudonyms.customer("C1")
    master = {"table": "customers", "key": "C1", "values": {"customer_no": "C1", "phone": "010-1"}}
    tables.merge("bronze.master_rows", [master])
    tables.merge("silver.customers", [{"customer_key": key}])
    row = FeatureRow(view="customer_profile", customer_key=key, event_time_ms=1, created_ms=1, values={})
    hub.online.write([row])
    hub.online.link({hub.pseudonyms.phone("010-1"): key})
    hub.catalog.decisions.save([decision(1, customer=key)])

    counted = privacy.erase(hub, "C1", "request 7", is_trial=True)
    assert counted.rows == {"silver.customers": 1, "bronze.master_rows": 1}
    done = privacy.erase(hub, "C1", "request 7")
    assert (done.rows, done.online_entries, done.decisions) == (counted.rows, 2, 1)
    again = privacy.erase(hub, "C1", "request 7", purges=True)
    assert (again.rows, again.objects, again.online_entries, again.decisions) == ({}, 0, 0, 0)

    reads = privacy.reads_of(hub, "C1", 10)
    assert [read.task for read in reversed(reads)] == ["privacy.erase.trial", *["privacy.erase", "privacy.erased"] * 2]
    assert hub.catalog.access_log.verify() is None
    files = (tmp_path / "lake" / "silver" / "customers").rglob("*.parquet")
    assert not [file for file in files if key.encode() in file.read_bytes()]


@pytest.mark.spark
def test_a_new_key_reaches_every_row_and_reads_under_the_old_one_are_found(tmp_path: Path, tables: DeltaTables) -> None:
    old = Pseudonymizer(OLD.encode()).customer("C1")
    tables.merge("bronze.master_rows", [{"table": "customers", "key": "C1", "values": {}}])
    tables.merge("silver.customers", [{"customer_key": old}])
    before = _hub(tmp_path, tables, HUB_PRIVACY__PSEUDONYM_KEY=OLD)
    privacy.on_record(before, old, "features.get", "service")
    hub = _hub(
        tmp_path,
        tables,
        HUB_PRIVACY__PSEUDONYM_KEY=NEW,
        HUB_PRIVACY__PSEUDONYM_KEY_ID="2",
        HUB_PRIVACY__PREVIOUS_PSEUDONYM_KEYS=f'{{"1": "{OLD}"}}',
    )
    assert [read.subject for read in privacy.reads_of(hub, "C1", 5)] == [old]
    assert privacy.rekey(hub).columns == {"silver.customers.customer_key": 1}
    assert [row["customer_key"] for row in tables.read("silver.customers")] == [hub.pseudonyms.customer("C1")]
    assert privacy.rekey(hub).columns == {}
