"""The catalogue's record of what speech models scored and of what waits for a person's ear, on SQLite and PostgreSQL."""

from __future__ import annotations

import pytest

from catalog.engine import Catalog
from hub.errors import Permanent
from hub.records import ModelEvaluation, ReviewItem


def review(number: int, reason: str = "low_confidence") -> ReviewItem:
    return ReviewItem(
        review_id=f"r{number}",
        call_id="c1",
        reason=reason,
        role="CUSTOMER",
        text="제 번호는 [PHONE] 입니다",
        start_ms=number * 1_000,
        end_ms=number * 1_000 + 900,
        confidence=0.4,
        model="demo-1",
        created_ms=number,
    )


def test_a_review_waits_until_somebody_has_done_it(catalog: Catalog) -> None:
    assert catalog.reviews.add([review(1), review(2, "phrase")]) == 2
    catalog.reviews.done("r1", "맞게 적혔음", 99)
    assert [item.review_id for item in catalog.reviews.list()] == ["r2"]
    (done,) = catalog.reviews.list(is_done=True)
    assert (done.note, done.done_ms, done.text) == ("맞게 적혔음", 99, review(1).text)
    assert [item.review_id for item in catalog.reviews.list(is_done=None)] == ["r1", "r2"]
    assert [item.review_id for item in catalog.reviews.list(reason="phrase")] == ["r2"]


def test_a_review_added_again_keeps_what_was_noted(catalog: Catalog) -> None:
    catalog.reviews.add([review(1)])
    catalog.reviews.done("r1", "heard", 5)
    assert catalog.reviews.add([review(1), review(3)]) == 1
    assert [item.note for item in catalog.reviews.list(is_done=True)] == ["heard"]


def test_an_unknown_review_is_refused(catalog: Catalog) -> None:
    with pytest.raises(Permanent) as refusal:
        catalog.reviews.done("nobody", "", 1)
    assert refusal.value.reason == "unknown_review"


def test_evaluations_are_kept_by_model_and_calls_newest_first(catalog: Catalog) -> None:
    for number, (model, corpus) in enumerate([("demo-1", "a"), ("demo-2", "a"), ("base-3", "b")]):
        catalog.evaluations.save(
            ModelEvaluation(evaluation_id=f"e{number}", model=model, corpus=corpus, made_ms=number, document="{}")
        )
    assert [e.evaluation_id for e in catalog.evaluations.list()] == ["e2", "e1", "e0"]
    assert [e.model for e in catalog.evaluations.list(model="demo")] == ["demo-2", "demo-1"]
    assert [e.model for e in catalog.evaluations.list(corpus="b")] == ["base-3"]
    catalog.evaluations.save(ModelEvaluation(evaluation_id="e0", model="demo-1", corpus="a", made_ms=9, document="[1]"))
    assert [(e.evaluation_id, e.document) for e in catalog.evaluations.list(limit=1)] == [("e0", "[1]")]
