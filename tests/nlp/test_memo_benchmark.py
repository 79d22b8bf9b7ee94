"""The parser on held-out templates: the bar of the closed part, whose mistakes nobody has read."""

import csv
import io

import pytest

from benchmarks.labelled.memos import LabelledMemo, labelled_memos, write_memos
from nlp.evaluate_memos import evaluate_memos
from nlp.memos.taxonomy import taxonomy


@pytest.fixture(scope="module")
def closed_rows():
    return [row._asdict() for row in labelled_memos(parts=("closed",))]


@pytest.fixture(scope="module")
def scores(memo_parser, closed_rows):
    return evaluate_memos(memo_parser, closed_rows)


def test_the_benchmark_has_five_thousand_memos_of_every_category(closed_rows):
    assert len(closed_rows) >= 5_000
    asked = {row["category"] for row in closed_rows}
    assert asked == {leaf for leaf, body in taxonomy().items() if leaf in asked or not body.get("examples")}


def test_the_same_seed_writes_the_same_file():
    first, second = io.StringIO(), io.StringIO()
    write_memos(first, per_class=5)
    write_memos(second, per_class=5)
    assert first.getvalue() == second.getvalue()
    assert next(csv.reader(io.StringIO(first.getvalue()))) == list(LabelledMemo._fields)


def test_categories_hold_the_bar(scores):
    assert scores.category.macro_f1 >= 0.92
    assert min(c.f1 for c in scores.category.classes if c.label != "other" and c.support >= 20) >= 0.5


def test_counterparties_hold_the_bar(scores):
    assert scores.fields["counterparty"].right >= 0.90
    assert scores.fields["counterparty_kind"].right >= 0.88


def test_life_events_hold_the_bar(scores):
    assert scores.life_event.macro_f1 >= 0.90
    assert {c.label for c in scores.life_event.classes} == {
        "birth",
        "job_change",
        "marriage",
        "moving",
        "retirement",
        "study_abroad",
    }


def test_periods_and_instalments_are_read(scores):
    assert scores.fields["period"].right >= 0.98
    assert scores.fields["instalment"].right >= 0.98


def test_confusions_say_what_is_taken_for_what(scores):
    assert scores.category.confusions
    assert all(true != said for true, said, _ in scores.category.confusions)
