"""Strange and hostile memos have defined results: no crash, no slow pattern, no way around the mask."""

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlp.memos import SpacyMemoParser
from nlp.memos.cleaning import MAX_CHARS
from nlp.memos.parallel import ParallelMemoParser, parse_stream
from nlp.memos.taxonomy import taxonomy

SCRIPTS = st.sampled_from(
    "가힣월세급여주점ㄱㅋ스타벅ＡZａ0９ /*-#()（）㈜\u200b\u202e\ufeff\u0301مرحשלомЁΑ漢字かな🎉👨\u200d👩\ud800\x00\x1f\n\t"
)
RELAXED = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@RELAXED
@given(st.text(alphabet=SCRIPTS, max_size=80))
def test_mixed_scripts_and_control_characters_give_a_leaf_of_the_taxonomy(memo_parser, text):
    facts = memo_parser.parse([text])[0]
    assert facts.category in taxonomy()
    assert facts.counterparty_kind in {"merchant", "institution", "employer", "person", "unknown"}
    assert 0 <= facts.confidence <= 1
    assert facts.decided_by
    assert facts.counterparty is None or facts.counterparty.strip()


@RELAXED
@given(st.text(alphabet=SCRIPTS, max_size=40), st.integers(1, 400))
def test_what_stands_beyond_the_limit_changes_nothing(memo_parser, text, times):
    padded = text.ljust(MAX_CHARS * 4, "가")
    assert memo_parser.parse([padded]) == memo_parser.parse([padded + "x" * times])


@RELAXED
@given(st.sampled_from("김이박최정").flatmap(lambda s: st.sampled_from([s + "서연", s + "민준", s + "도윤"])))
def test_a_person_is_masked_wherever_the_name_stands(memo_parser, name):
    for memo in (f"{name} 월세", f"월세 {name}", f"{name}님 3월 월세", f"이체 {name}"):
        assert name not in memo_parser.parse([memo])[0].redacted_memo


@pytest.mark.parametrize(
    "memo",
    [
        "스타벅스" * 2_500,
        "1/2" * 4_000,
        "(" * 10_000,
        "POS 1234 " * 1_200,
        "가점" * 5_000,
        "강남" * 5_000 + "점",
        "A-" * 5_000,
        "12월" * 3_000,
        "0" * 10_000,
        "김철수 " * 3_000,
        "DEBITCARDPURCHASE" * 600,
        "@" * 10_000,
        "1-1-1-" * 2_000,
    ],
)
def test_ten_thousand_characters_are_read_as_far_as_a_memo_goes(memo_parser, memo):
    reading = memo_parser.read([memo])[0]
    assert len(reading.text) <= MAX_CHARS
    assert reading.category in taxonomy()


@pytest.mark.parametrize(
    ("disguise", "plain"),
    [
        ("ＳＴＡＲＢＵＣＫＳ　ＳＥＡ", "STARBUCKS SEA"),
        ("STАRBUCKS SEA", "STARBUCKS SEA"),
        ("스\u200b타\u2060벅\ufeff스강남점", "스타벅스강남점"),
        ("\u202e스타벅스강남점\u202c", "스타벅스강남점"),
        (unicodedata.normalize("NFD", "스타벅스강남점"), "스타벅스강남점"),
        ("스타벅스\x00\x07강남점", "스타벅스 강남점"),
        ("🎉스타벅스강남점🎉", "스타벅스강남점"),
    ],
    ids=["full-width", "homoglyph", "zero-width", "right-to-left override", "decomposed", "control", "emoji"],
)
def test_a_disguise_does_not_hide_the_brand(memo_parser, disguise, plain):
    seen, real = memo_parser.read([disguise, plain])
    assert (seen.category, seen.brand) == (real.category, real.brand)


def test_one_memo_a_batch_a_stream_and_processes_read_alike(memo_parser):
    texts = [
        "스타벅스강남2호점",
        "김철수 3월월세",
        "",
        "급여(주)케이비시스",
        "🎉",
        "스타벅스강남2호점",
        "POS 4412 WHOLEFDS SEA",
    ]
    batch = memo_parser.parse(texts)
    assert batch == [SpacyMemoParser(cache_size=0).parse([text])[0] for text in texts]
    assert batch == list(parse_stream(SpacyMemoParser(), iter(texts)))
    with ParallelMemoParser(1) as parallel:
        assert parallel.parse(texts) == batch
        assert parallel.version == memo_parser.version
