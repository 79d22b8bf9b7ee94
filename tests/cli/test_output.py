"""What commands print for people: as it stands, unfolded where no window folds it, and nothing refused goes uncounted."""

from __future__ import annotations

import json

import pytest
import typer

from cli.ingest import _finish
from cli.output import answer, grid


def test_brackets_and_colons_of_texts_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    answer(None, as_json=False, render=lambda: "[aac] said :smile: [/b]")
    answer(None, as_json=False, render=lambda: grid(("call",), [("[call-1]",)]))
    printed = capsys.readouterr().out
    assert "[aac] said :smile: [/b]" in printed
    assert "[call-1]" in printed


def test_a_table_that_goes_to_a_file_is_not_folded(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    answer(None, as_json=False, render=lambda: grid(("a", "b"), [("x" * 90, "y" * 90)]))
    assert f"{'x' * 90}  {'y' * 90}" in capsys.readouterr().out


@pytest.mark.parametrize(("landed", "refined"), [({"refused": 3}, {"refused": 0}), ({"refused": 1}, {"refused": 2})])
def test_what_was_refused_at_landing_or_later_is_told_and_ends_with_one(
    landed: dict[str, int], refined: dict[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as end:
        _finish(landed, refined, as_json=True)
    assert end.value.exit_code == 1
    assert json.loads(capsys.readouterr().out)["refused"] == 3


def test_an_ingest_without_a_refusal_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    _finish({"accepted": 2}, {"silver.calls": 2}, as_json=True)
    assert json.loads(capsys.readouterr().out) == {"accepted": 2, "silver.calls": 2, "refused": 0}
