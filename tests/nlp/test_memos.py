"""Memos become facts."""

import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.errors import Misconfigured
from hub.records import MemoFacts
from nlp.evaluate_memos import evaluate_memo_file
from nlp.memos import SpacyMemoParser
from nlp.memos.cleaning import plain
from nlp.memos.pipeline import SAVED, build_pipeline
from nlp.memos.taxonomy import taxonomy

LABELLED = Path(__file__).parent / "labelled" / "memos.csv"


def one(parser, memo):
    return parser.read([memo])[0]


@pytest.mark.parametrize(
    ("memo", "category", "counterparty", "kind"),
    [
        ("스타벅스강남2호점", "cafe", "스타벅스", "merchant"),
        ("급여(주)케이비시스", "salary", "케이비시스", "employer"),
        ("김철수 3월월세", "rent", "김철수", "person"),
        ("삼성화재보험료 12/24", "insurance_general", "삼성화재", "institution"),
        ("POS 4412 WHOLEFDS SEA", "groceries", "Whole Foods", "merchant"),
        ("국민연금보험료", "insurance_social", None, "unknown"),
        ("국민연금공단 11월", "insurance_social", "국민연금공단", "institution"),
        ("신용대출 6월 이자", "loan_interest", None, "unknown"),
        ("이영희축의금", "gift_money", "이영희", "person"),
    ],
)
def test_a_memo_says_what_for_and_with_whom(memo_parser, memo, category, counterparty, kind):
    reading = one(memo_parser, memo)
    assert (reading.category, reading.counterparty, reading.counterparty_kind) == (category, counterparty, kind)


@pytest.mark.parametrize(
    ("memo", "branch"),
    [
        ("스타벅스강남2호점", "강남2호점"),
        ("ＧＳ２５역삼점", "역삼점"),
        ("달빛카페역삼점", "역삼점"),
        ("POS 4412 WHOLEFDS SEA", "SEA"),
        ("별빛서점", None),
    ],
)
def test_the_branch_stands_apart_from_the_brand(memo_parser, memo, branch):
    assert one(memo_parser, memo).branch == branch


@pytest.mark.parametrize(
    ("memo", "event"),
    [
        ("행복웨딩홀 잔금", "marriage"),
        ("번개포장이사", "moving"),
        ("미래산부인과", "birth"),
        ("토플응시료", "study_abroad"),
        ("퇴직금 대한정공", "retirement"),
        ("결혼축의금 이영희", None),
        ("이사회 회비", None),
        ("스타벅스강남점", None),
    ],
)
def test_a_memo_hints_at_a_life_event_of_its_owner_only(memo_parser, memo, event):
    assert one(memo_parser, memo).life_event == event


@pytest.mark.parametrize(
    ("memo", "period", "instalment"),
    [
        ("김철수 3월월세", "03", None),
        ("관리비 2026.05", "2026-05", None),
        ("26년7월분 수도요금", "2026-07", None),
        ("현대캐피탈 36/60", None, "36/60"),
        ("삼성화재보험료 12/24", None, "12/24"),
        ("스타벅스 12/24", None, None),
        ("정기적금 3회", None, "3"),
    ],
)
def test_periods_and_instalments_are_read(memo_parser, memo, period, instalment):
    reading = one(memo_parser, memo)
    assert (reading.period, reading.instalment) == (period, instalment)


@pytest.mark.parametrize("cut", [5, 6, 7])
def test_a_name_the_bank_cut_off_is_still_known(memo_parser, cut):
    assert one(memo_parser, "국민건강보험공단"[:cut]).category == "insurance_social"


def test_disguises_change_nothing(memo_parser):
    tricks = [
        "스타벅스강남점",
        "스타\u200b벅스강남점",
        "스타벅스\x00강남점",
        unicodedata.normalize("NFD", "스타벅스강남점"),
        "  스타벅스\t강남점 ",
    ]
    assert {one(memo_parser, memo).category for memo in tricks} == {"cafe"}


def test_people_and_numbers_do_not_leave_the_room(memo_parser):
    facts = memo_parser.parse(["김철수 010-1234-5678 월세"])[0]
    assert facts.redacted_memo == "[PERSON] [PHONE] 월세"
    assert facts.counterparty == "[PERSON]"


def test_each_memo_gets_its_result_in_order_and_equal_texts_the_same(memo_parser):
    memos = ["스타벅스강남점", "급여 한빛", "스타벅스강남점", ""]
    facts = memo_parser.parse(memos)
    assert [f.category for f in facts] == ["cafe", "salary", "cafe", "other"]
    assert facts[0] is facts[2]


def test_a_memo_that_is_missing_is_the_empty_memo(memo_parser):
    assert memo_parser.parse([None])[0].decided_by == "rule:fallback"


def test_the_saved_pipeline_is_the_one_the_code_builds():
    saved, built = spacy.load(SAVED), build_pipeline()
    assert saved.pipe_names == built.pipe_names
    assert saved.config["nlp"]["tokenizer"] == {"@tokenizers": "hub.KiwiMemoTokenizer.v1"}
    assert saved("스타벅스강남점")._.reading.category == "cafe"


def test_spacy_loads_the_pipeline_in_a_process_that_imported_nothing_of_ours(tmp_path):
    code = "import spacy, sys; print(spacy.load(sys.argv[1])('스타벅스강남2호점')._.reading.counterparty)"
    done = subprocess.run(
        [sys.executable, "-c", code, str(SAVED)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["스타벅스"], done.stderr


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("memo,category\n스타벅스,cafe\n".encode("cp949"), "bad_encoding"),
        ("memo,category\n스타벅스,cafee\n".encode(), "no_such_category"),
        ("memo\n스타벅스\n".encode(), "missing_column"),
    ],
)
def test_labelled_memos_that_cannot_be_scored_are_refused(tmp_path, content, reason):
    (tmp_path / "memos.csv").write_bytes(content)
    with pytest.raises(Misconfigured) as refusal:
        evaluate_memo_file(SpacyMemoParser(), tmp_path / "memos.csv")
    assert refusal.value.reason == reason


def test_the_version_names_data_and_code():
    assert SpacyMemoParser().version == SpacyMemoParser().version
    assert SpacyMemoParser().version.startswith("memo-")


def test_every_leaf_is_described_in_both_languages():
    leaves = taxonomy()
    assert 55 <= len(leaves) <= 85
    assert all(body["ko"] and body["en"] for body in leaves.values())


def test_labelled_memos_are_read_rightly(memo_parser):
    scores = evaluate_memo_file(memo_parser, LABELLED)
    assert scores.category.macro_f1 >= 0.95
    assert scores.fields["counterparty"].right >= 0.94
    assert scores.life_event.macro_f1 >= 0.95


HARD = [
    "",
    " ",
    "\x00",
    "\ud800",
    "🎉" * 50,
    "\u202eمرحبا",
    "שלום 3월",
    "가" * 10_000,
    "A" * 10_000,
    "1/0",
    "(주)",
    "㈜",
    "점",
    "\u200b",
]


@pytest.mark.parametrize("memo", HARD)
def test_no_text_is_too_strange(memo_parser, memo):
    facts = memo_parser.parse([memo])[0]
    assert facts.category in taxonomy()
    assert len(facts.redacted_memo) <= 2_000


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=60)
    | st.text(alphabet="김철수월세급여(주)㈜POS 0123456789-/점호강남스타벅스\u200b\ufeff", max_size=40)
)
def test_any_text_has_a_defined_result(memo_parser, text):
    facts = memo_parser.parse([text])[0]
    assert isinstance(facts, MemoFacts)
    assert 0 <= facts.confidence <= 1
    assert plain(plain(text)) == plain(text)
