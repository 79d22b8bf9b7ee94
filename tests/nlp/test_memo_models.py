"""The trained parts: they answer in batches as one by one, learn from examples, and say nothing of persons."""

import pytest

from hub.errors import Misconfigured
from nlp.memos.features import hash_grams, hash_places
from nlp.memos.model import WEIGHTS, load_categoriser, load_span_finder
from nlp.memos.training.card import write_card
from nlp.memos.training.examples import ExampleMaker, bank_examples
from nlp.memos.training.fit import fit_memo_models

TEXTS = ["달빛카페역삼점", "", "행복마트", "A", "GOLDEN CAFE 123", "가" * 200]


def test_a_batch_is_guessed_as_its_texts_one_by_one():
    model = load_categoriser()
    together, alone = model.guess(TEXTS), [model.guess([text])[0] for text in TEXTS]
    assert [guess.category for guess in together] == [guess.category for guess in alone]
    assert [guess.probability for guess in together] == pytest.approx([guess.probability for guess in alone], abs=1e-5)


def test_spans_of_a_batch_are_those_of_its_texts_one_by_one():
    model = load_span_finder()
    marks = [bytes(len(text)) for text in TEXTS]
    together = model.find(TEXTS, marks)
    alone = [model.find([text], [mark])[0] for text, mark in zip(TEXTS, marks, strict=True)]
    assert [span and span[:2] for span in together] == [span and span[:2] for span in alone]


def test_spaces_and_which_digits_do_not_change_the_grams():
    one, two = hash_grams(["카페 12"], 1 << 15), hash_grams(["카페98"], 1 << 15)
    assert sorted(one.buckets) == sorted(two.buckets)


def test_every_character_has_its_row_of_surroundings():
    assert len(hash_places(["ab", "가나다"], [b"\0\0", b"\0\1\0"], 1 << 16)) == 5


def test_missing_weights_say_how_to_make_them(tmp_path):
    with pytest.raises(Misconfigured, match="hub memo train"):
        load_categoriser(tmp_path)


def test_the_weights_are_small_and_have_a_card():
    assert sum(path.stat().st_size for path in WEIGHTS.iterdir()) < 3_000_000
    assert "held-out templates" in (WEIGHTS / "card.md").read_text(encoding="utf-8")


def test_examples_are_the_same_for_the_same_seed_and_cover_every_category():
    first, second = list(ExampleMaker(3).make(2)), list(ExampleMaker(3).make(2))
    assert first == second
    assert len({example.category for example in first}) >= 80


def test_a_fit_learns_and_repeats_itself(tmp_path):
    rows = [
        {"memo": f"{name}카페", "category": "cafe", "counterparty": f"{name}카페"} for name in "가나다라마바사아자차"
    ]
    rows += [
        {"memo": f"{name}약국", "category": "pharmacy", "counterparty": f"{name}약국"}
        for name in "가나다라마바사아자차"
    ]
    rows += [{"memo": f"{i} 급여 한빛", "category": "salary", "counterparty": "한빛"} for i in range(10)]
    rows += [{"memo": f"한빛전자 강남{i}호점", "category": "other", "counterparty": "한빛전자"} for i in range(10)]
    for folder in ("one", "two"):
        fit = fit_memo_models(list(bank_examples(rows)), tmp_path / folder, seed=1)
        write_card(tmp_path / folder, fit, of_bank=len(rows), made=0)
    assert fit.labels == 4
    one, two = load_categoriser(tmp_path / "one"), load_categoriser(tmp_path / "two")
    assert one.guess(["하카페", "타약국"]) == two.guess(["하카페", "타약국"])
    assert [guess.category for guess in one.guess(["하카페", "타약국"])] == ["cafe", "pharmacy"]
