"""docs/scenarios.md says what is so."""

from __future__ import annotations

import re
from pathlib import Path

from rules.check import check_text
from rules.language.functions import FUNCTIONS
from rules.scenario.model import OPERATORS, ScenarioFile
from tests.rules.streams import FEATURES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")


def test_the_whole_file_of_the_page_is_right_and_its_examples_behave() -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    report = check_text(text, "page.yaml", FEATURES)
    assert report.ok, report


def test_the_page_names_every_operator_function_and_field() -> None:
    missing = [name for name in OPERATORS if f"{name}: " not in PAGE]
    missing += [name for name in FUNCTIONS if f"`{name}" not in PAGE]
    fields = {field.alias or name for name, field in ScenarioFile.model_fields.items()}
    missing += [name for name in fields if f"{name}:" not in PAGE]
    assert missing == []


def test_the_page_names_every_reason() -> None:
    source = (Path(__file__).resolve().parents[2] / "rules" / "kernel" / "deciding.py").read_text(encoding="utf-8")
    reasons = re.findall(r'(?:suppress\(|return |CONTROL, )f?"([a-z_]+)', source)
    assert {"cool_down", "cap_global", "budget_spent", "superseded_by"} <= set(reasons)
    assert [reason for reason in reasons if reason not in PAGE] == []
