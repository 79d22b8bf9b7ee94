"""Scores are what the definitions say."""

import pytest

from hub.errors import Misconfigured
from hub.records import MemoFacts
from nlp.evaluate import evaluate_redactor, score_classes
from nlp.evaluate_memos import evaluate_memo_file, evaluate_memos


def test_precision_and_recall_are_counted_per_class():
    scores = score_classes(["a", "a", "b", "b"], ["a", "b", "b", "b"])
    by_label = {c.label: c for c in scores.classes}
    assert (by_label["a"].precision, by_label["a"].recall) == (1.0, 0.5)
    assert by_label["b"].precision == pytest.approx(2 / 3)
    assert scores.confusions == (("a", "b", 1),)
    assert scores.accuracy == 0.75


def test_a_masked_person_counts_when_the_name_is_gone():
    class Masks:
        version = "v"

        def parse(self, memos):
            return [
                MemoFacts(
                    category="rent", counterparty="[PERSON]", counterparty_kind="person", redacted_memo="[PERSON] 월세"
                )
            ]

    rows = [{"memo": "김철수 월세", "category": "rent", "counterparty": "김철수"}]
    assert evaluate_memos(Masks(), rows).fields["counterparty"].right == 1.0


def test_a_file_without_its_columns_is_refused(memo_parser, tmp_path):
    path = tmp_path / "memos.csv"
    path.write_text("memo\n스타벅스\n", encoding="utf-8")
    with pytest.raises(Misconfigured, match="category"):
        evaluate_memo_file(memo_parser, path)


def test_a_redactor_is_scored_by_kind(redactor):
    rows = [("김철수 고객님", "ko", [("PERSON", "김철수")]), ("010-1234-5678이요", "ko", [("PHONE", "01012345678")])]
    assert evaluate_redactor(redactor, rows).macro_f1 == 1.0
