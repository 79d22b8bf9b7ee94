"""Each distinct memo is read once for good; another version reads again and says what changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.errors import Misconfigured
from hub.ids import Pseudonymizer
from lakehouse.delta_tables import DeltaTables
from lakehouse.refine import memo_changes, memo_versions, refine_memos
from nlp.memos import SpacyMemoParser
from tests.lakehouse.conftest import MakeTables
from tests.lakehouse.parts import PrefixParser, memo_row

pytestmark = pytest.mark.spark
AT_MS = 1_790_000_000_000


def test_a_text_that_was_read_is_not_read_again_when_it_is_posted_again(
    tables: DeltaTables, pseudonyms: Pseudonymizer
) -> None:
    tables.merge("bronze.memos", [memo_row(1, "110-1", "cafe 달빛", AT_MS), memo_row(2, "110-1", "rent 월세", AT_MS)])
    refine_memos(tables, PrefixParser(), pseudonyms)
    tables.merge("bronze.memos", [memo_row(3, "110-2", "rent 월세", AT_MS + 1), memo_row(4, "110-2", "gas", AT_MS + 1)])
    later = PrefixParser()
    counts = refine_memos(tables, later, pseudonyms)
    assert later.read == ["gas"]
    assert counts["silver.memo_readings"] == 1
    categories = {row["txn_id"]: row["category"] for row in tables.read("silver.memo_facts")}
    assert categories == {"t1": "cafe", "t2": "rent", "t3": "rent", "t4": "gas"}


def test_a_new_version_says_what_changed_in_how_many_facts(tables: DeltaTables, pseudonyms: Pseudonymizer) -> None:
    texts = ["moving 이사비 김철수", "moving 이사비 김철수", "rent 월세"]
    tables.merge("bronze.memos", [memo_row(i, "110-1", text, AT_MS) for i, text in enumerate(texts)])
    refine_memos(tables, PrefixParser(), pseudonyms)
    refine_memos(tables, PrefixParser("no-moves"), pseudonyms)
    assert set(memo_versions(tables)) == {"prefix-1", "no-moves"}
    report = memo_changes(tables, "prefix-1", "no-moves")
    assert (report["texts"], report["facts"]) == (2, 3)
    assert report["fields"] == {
        "life_event": {
            "texts": 1,
            "facts": 2,
            "examples": [{"memo": "moving 이사비 [NAME]", "before": "moving", "after": None}],
        }
    }


def test_the_same_version_changes_nothing(tables: DeltaTables, pseudonyms: Pseudonymizer) -> None:
    tables.merge("bronze.memos", [memo_row(1, "110-1", "cafe 달빛", AT_MS)])
    refine_memos(tables, PrefixParser(), pseudonyms)
    assert not any(refine_memos(tables, PrefixParser(), pseudonyms).values())
    assert memo_changes(tables, "prefix-1", "prefix-1")["fields"] == {}


def test_a_version_is_no_piece_of_sql(tables: DeltaTables) -> None:
    with pytest.raises(Misconfigured, match="version"):
        memo_changes(tables, "x' OR 1=1 --", "y")


def test_workers_read_what_this_process_reads(
    tables: DeltaTables, make_tables: MakeTables, tmp_path: Path, pseudonyms: Pseudonymizer
) -> None:
    texts = [
        "스타벅스강남2호점",
        "김철수 3월월세",
        "삼성화재보험료 12/24",
        "POS 4412 WHOLEFDS SEA",
        "",
        "🎉",
        "급여(주)케이비시스",
    ]
    rows = [memo_row(i, "110-1", text, AT_MS) for i, text in enumerate(texts * 2)]
    here = make_tables(tmp_path / "here")
    for lake, spread_from in ((tables, 1), (here, 1_000)):
        lake.merge("bronze.memos", rows)
        refine_memos(lake, SpacyMemoParser(), pseudonyms, spread_from=spread_from)
    spread, local = (sorted(lake.read("silver.memo_readings"), key=lambda r: r["text_key"]) for lake in (tables, here))
    assert len(local) == len(texts)
    assert spread == local
