"""The ``hub`` command: exit codes, one JSON document on standard output, clear errors on standard error."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Ran(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(tmp_path: Path):
    def command(*arguments: str, **settings: str) -> Ran:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("HUB_")}
        done = subprocess.run(
            [str(ROOT / ".venv/bin/hub"), *arguments],
            env={**kept, "HUB_HOME": str(tmp_path), **settings},
            capture_output=True,
            text=True,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return command


def test_a_key_is_shown_once_listed_without_its_secret_and_revoked(run) -> None:
    created = json.loads(run("keys", "create", "--role", "auditor", "--json").out)
    listed = run("keys", "list", "--json").out
    assert created["key"] not in listed
    assert created["key"] not in (
        b"".join(p.read_bytes() for p in Path(run.__closure__[0].cell_contents).rglob("*") if p.is_file())
    ).decode("latin-1")
    assert run("keys", "revoke", created["key_id"]).code == 0
    assert json.loads(run("keys", "list", "--json").out)[0]["revoked"]


def test_an_unknown_setting_stops_with_two_and_the_nearest_name(run) -> None:
    ran = run("tables", HUB_API__PROT="1")
    assert ran.code == 2
    assert "HUB_API__PORT" in ran.err
    assert ran.out == ""


def test_an_unknown_decision_is_one_line_and_no_traceback(run) -> None:
    ran = run("explain", "nothing")
    assert ran.code == 1
    assert "Traceback" not in ran.err
    assert "nothing" in ran.err


def test_an_empty_lake_has_no_tables_and_no_letters(run) -> None:
    assert json.loads(run("tables", "--json").out) == []
    assert json.loads(run("dead-letters", "list", "--json").out) == []


def test_columns_of_a_table_come_with_their_classes(run) -> None:
    columns = {c["name"]: c["class"] for c in json.loads(run("tables", "gold.customer_behavior", "--json").out)}
    assert columns["customer_key"] == "personal"
    assert run("tables", "gold.nothing").code == 1


def test_a_scenario_with_a_typing_slip_is_refused_with_its_line(run, tmp_path: Path) -> None:
    good = ROOT / "rules/catalog/card-coffee-regular.yaml"
    assert run("rules", "check", str(good)).code == 0
    bad = tmp_path / "bad.yaml"
    bad.write_text(good.read_text("utf-8").replace("transaction.posted", "transaction.pasted"), "utf-8")
    ran = run("rules", "check", str(bad), "--json")
    problems = json.loads(ran.out)["problems"]
    assert any("transaction.posted" in p["message"] for p in problems)


@pytest.mark.slow
def test_a_memo_is_parsed_to_facts(run) -> None:
    facts = json.loads(run("memo", "parse", "스타벅스강남2호점", "--json").out)
    assert (facts["category"], facts["brand"]) == ("cafe", "스타벅스")


def test_reads_of_a_person_go_on_record(run) -> None:
    assert json.loads(run("features", "get", "--customer", "C000001", "--purpose", "test", "--json").out) == []
    records = json.loads(run("privacy", "access", "C000001", "--json").out)
    assert [(r["task"], r["purpose"]) for r in records] == [("features.get", "test")]
    assert run("privacy", "verify").code == 0


@pytest.mark.slow
def test_personal_data_is_shown_without_its_value(run) -> None:
    found = json.loads(run("pii", "find", "저는 김철수이고 010-1234-5678이에요", "--json").out)
    assert found["masked"] == "저는 [PERSON]이고 [PHONE]이에요"
    assert [finding["kind"] for finding in found["findings"]] == ["PERSON", "PHONE"]


@pytest.mark.slow
def test_labelled_text_is_scored(run, tmp_path: Path) -> None:
    texts = tmp_path / "texts.jsonl"
    texts.write_text('{"text": "010-1234-5678", "language": "ko", "spans": [["PHONE", 0, 13]]}\n', "utf-8")
    assert json.loads(run("pii", "eval", str(texts), "--json").out)["kinds"]["macro_f1"] == 1.0
    calls = tmp_path / "calls.jsonl"
    turn = '{"role": "CUSTOMER", "text": "카드를 잃어버렸어요"}'
    head = '"call_id": "c", "language": "ko", "started": "2026-03-04T05:30:00+00:00"'
    calls.write_text(f'{{{head}, "turns": [{turn}], "labels": {{"intent": ["card_lost"]}}}}\n', "utf-8")
    assert json.loads(run("nlp", "eval", str(calls), "--json").out)["kinds"]["intent"]["macro_f1"] == 1.0
    assert run("nlp", "eval", str(tmp_path / "none.jsonl")).code == 2
