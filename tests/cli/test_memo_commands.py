"""``hub memo`` scores labelled files, in JSON and for people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.memo import app

pytestmark = pytest.mark.slow

LABELLED = """memo,category,counterparty,kind,life_event,period,instalment
스타벅스강남2호점,cafe,스타벅스,merchant,,,
김철수 3월월세,rent,김철수,person,,03,
삼성화재보험료 12/24,insurance_general,삼성화재,institution,,,12/24
번개포장이사,moving_service,번개포장이사,merchant,moving,,
수도요금,gas,,,,,
"""


def test_a_labelled_file_is_scored_by_class_and_field(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_HOME", str(tmp_path / "home"))
    path = tmp_path / "memos.csv"
    path.write_text(LABELLED, encoding="utf-8")
    report = json.loads(CliRunner().invoke(app, ["eval", str(path), "--json"]).stdout)
    by_label = {c["label"]: c for c in report["category"]["classes"]}
    assert by_label["cafe"]["f1"] == 1.0
    assert ["gas", "water", 1] in report["category"]["confusions"]
    assert report["fields"]["counterparty"] == {"right": 1.0, "rows": 4}
    assert report["fields"]["instalment"]["right"] == 1.0
    shown = CliRunner().invoke(app, ["eval", str(path)]).stdout
    assert "macro average" in shown
    assert "water" in shown
