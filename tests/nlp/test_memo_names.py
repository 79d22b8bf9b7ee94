"""A counterparty is named by the memo or not at all, whatever is left when its purpose is taken away."""

from pathlib import Path

import pytest

from benchmarks.labelled import memos as labelled
from nlp.evaluate_memos import evaluate_memo_file

STATEMENTS = Path(labelled.__file__).with_name("memos_statements.csv")


@pytest.mark.parametrize(
    "memo",
    [
        *(
            "보일러수리",
            "태권도 학원비",
            "피아노레슨비 11월",
            "국내선항공권 4/18",
            "지역화폐충전 부산시",
            "강남구공영주차장",
        ),
        *("후불교통카드", "ㅋㅋㅋ", "ㅁㄴㅇㄹ 4410", "XKCD 99812", "STANDING ORDER RENT FLAT 2", "CHECK 1042", "대체"),
        *("인터넷뱅킹", "타행이체", "RENT MARCH 4B", "n빵 저녁", "긴급재난지원금"),
    ],
)
def test_common_words_name_nobody(memo_parser, memo):
    (facts,) = memo_parser.parse([memo])
    assert (facts.counterparty, facts.counterparty_kind) == (None, "unknown")


@pytest.mark.parametrize(
    ("memo", "name"),
    [
        ("서울시 지방세", "서울시"),
        ("교육청급여", "교육청"),
        ("향수공방", "향수공방"),
        ("BACS SALARY NORTHWIND LTD", "NORTHWIND"),
        ("SEPHORA USA", "세포라"),
        ("DECATHLON 0412", "데카트론"),
        ("PAYPAL INST XFER", "PayPal Checkout"),
    ],
)
def test_names_of_common_words_stay_names(memo_parser, memo, name):
    (facts,) = memo_parser.parse([memo])
    assert facts.counterparty == name


@pytest.mark.parametrize(
    "memo", ["홍*동", "이OO", "축의금 박OO", "Zelle from Maria Garcia", "FPS MR D PATEL", "네이버페이 김철수"]
)
def test_masked_titled_and_wallet_names_are_persons(memo_parser, memo):
    (facts,) = memo_parser.parse([memo])
    assert (facts.counterparty, facts.counterparty_kind) == ("[PERSON]", "person")


@pytest.mark.parametrize(
    ("memo", "category"),
    [
        ("NEXT RETAIL 0192", "clothing"),
        ("신한카드승인 스타벅스", "cafe"),
        ("체크카드승인 GS25", "convenience_store"),
        ("CURRYS ONLINE", "electronics"),
        ("NEXT MONTH RENT", "rent"),
        ("카카오페이", "online_shopping"),
        ("카카오페이머니충전", "prepaid"),
    ],
)
def test_shops_are_told_from_words(memo_parser, memo, category):
    (facts,) = memo_parser.parse([memo])
    assert facts.category == category


def test_statement_lines_are_read(memo_parser):
    scores = evaluate_memo_file(memo_parser, STATEMENTS)
    assert scores.category.rows > 600
    assert scores.category.macro_f1 >= 0.95
    assert scores.fields["counterparty"].right >= 0.94
    assert scores.fields["no_counterparty"].right >= 0.90
