"""The memo pipeline as a stranger meets it, with nothing but spaCy's own API."""

import pickle
import re
import subprocess
import sys

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import DocBin
from spacy.training import Example

from hub.errors import Misconfigured
from hub.settings import CHECKOUT

PIPELINE = CHECKOUT / "nlp" / "memos" / "pipeline"
TEXTS = [
    "스타벅스강남2호점",
    "급여(주)케이비시스",
    "김철수 3월월세",
    "삼성화재보험료 12/24",
    "POS 4412 WHOLEFDS SEA",
    "㈜한솔포장이사 3월",
    "체크 체크카페 역삼점",
    " ＳＴＡＲＢＵＣＫＳ\u3000강남점",
    "달빛카페역삼점\u200b 재승인",
    "A\tB  C",
    "",
    "가" * 3000,
]


@pytest.fixture(scope="module")
def nlp():
    return spacy.load(PIPELINE)


def seen(doc):
    return doc.text, doc.cats, [(e.text, e.label_, e.kb_id_, e.start_char) for e in doc.ents], doc._.reading


@pytest.fixture(scope="module")
def known(nlp):
    return [seen(doc) for doc in nlp.pipe(TEXTS)]


def test_the_text_of_a_document_is_the_memo_as_it_came(nlp):
    assert [nlp(text).text for text in TEXTS] == TEXTS


def test_the_highest_score_is_that_of_the_category_read(nlp):
    for doc in nlp.pipe(TEXTS):
        assert set(doc.cats) == set(nlp.pipe_labels["memo_cats"])
        assert max(doc.cats, key=doc.cats.get) == doc._.reading.category
        assert doc.cats[doc._.reading.category] == doc._.reading.confidence


@pytest.mark.parametrize(
    ("memo", "ents"),
    [
        ("스타벅스강남2호점", [("스타벅스", "BRAND"), ("강남2호점", "BRANCH")]),
        ("김철수 3월월세", [("김철수", "COUNTERPARTY"), ("3월", "PERIOD")]),
        ("삼성화재보험료 12/24", [("삼성화재", "COUNTERPARTY"), ("12/24", "INSTALMENT")]),
        ("급여㈜케이비시스", [("케이비시스", "COUNTERPARTY")]),
        ("체크 체크카페 역삼점", [("체크카페", "BRAND"), ("역삼점", "BRANCH")]),
        (" ＳＴＡＲＢＵＣＫＳ\u3000강남점", [("ＳＴＡＲＢＵＣＫＳ", "BRAND"), ("강남점", "BRANCH")]),
        ("토스 김영희님", [("김영희", "COUNTERPARTY")]),
        ("달빛카페역삼점\u200b 재승인", [("달빛카페", "BRAND"), ("역삼점", "BRANCH")]),
        ("PAYPAL *NETFLIX.COM", [("NETFLIX.COM", "BRAND")]),
        ("ACME CO., LTD PAYROLL", [("ACME", "COUNTERPARTY")]),
        ("현금출금", []),
    ],
)
def test_entities_stand_where_the_bank_printed_them(nlp, memo, ents):
    doc = nlp(memo)
    assert [(ent.text.strip("\u200b"), ent.label_) for ent in doc.ents] == ents
    assert all(doc.text[ent.start_char : ent.end_char] == ent.text for ent in doc.ents)


PIECES = ["스타벅스", "강남2호점", "(주)", "㈜", "ﬁ", "3월", "12/24", "급여", "김철수", "POS 1 ", "체크 ", " ", "\t", "\u3000", "Ａ", "\u200b", "e\u0301", "ᄉ", "ᅡ", "ᆷ", "😀", "½", "\x00", "İ"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=12).map("".join))
@settings(max_examples=300, deadline=None)
def test_whatever_comes_its_text_stays_and_its_entities_lie_within(nlp, memo):
    doc = nlp(memo)
    assert doc.text == re.sub("[\ud800-\udfff]", "\ufffd", memo)
    ends = [place for ent in doc.ents for place in (ent.start_char, ent.end_char)]
    assert ends == sorted(ends)
    assert all(ent.text.strip() for ent in doc.ents)


def test_an_entity_carries_the_name_in_the_gazetteers_spelling(nlp):
    assert [ent.kb_id_ for ent in nlp("POS 4412 WHOLEFDS SEA").ents] == ["Whole Foods", "SEA"]


def test_korean_is_cut_into_words_without_a_korean_model(nlp):
    assert [token.text for token in nlp("㈜한솔포장이사 3월")] == ["㈜", "한솔", "포장", "이사", "3월"]


def test_two_processes_read_what_one_reads(nlp, known):
    assert [seen(doc) for doc in nlp.pipe(TEXTS, n_process=2, batch_size=4)] == known


def test_contexts_travel_beside_texts(nlp, known):
    pairs = nlp.pipe([(text, number) for number, text in enumerate(TEXTS)], as_tuples=True)
    assert [(number, seen(doc)) for doc, number in pairs] == list(enumerate(known))


def test_a_pickled_pipeline_reads_the_same(nlp, known):
    again = pickle.loads(pickle.dumps(nlp))
    assert [seen(doc) for doc in again.pipe(TEXTS)] == known


def test_a_pipeline_goes_to_bytes_and_back(nlp, known):
    again = spacy.util.get_lang_class(nlp.lang).from_config(nlp.config).from_bytes(nlp.to_bytes())
    assert [seen(doc) for doc in again.pipe(TEXTS)] == known


def test_a_pipeline_goes_to_disk_and_another_process_loads_it_by_its_path_alone(nlp, known, tmp_path):
    nlp.to_disk(tmp_path / "memos")
    assert (tmp_path / "memos" / "memo_textcat").is_dir()
    code = "import sys, spacy; d = spacy.load(sys.argv[1])(sys.argv[2]); print(max(d.cats, key=d.cats.get), d.ents)"
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "memos"), TEXTS[0]],
        capture_output=True, text=True, check=True, cwd=CHECKOUT, timeout=300,
    )  # fmt: skip
    assert ran.stdout.strip().endswith("cafe (스타벅스, 강남2호점)")


def test_a_pipeline_of_another_version_says_so(nlp, tmp_path):
    other = nlp.tokenizer.to_bytes().replace(b"memo-", b"nemo-")
    with pytest.warns(UserWarning, match="was written by nemo-"):
        nlp.tokenizer.from_bytes(other)


def test_documents_keep_what_was_read_when_they_are_stored(nlp, known):
    stored = DocBin(store_user_data=True, docs=nlp.pipe(TEXTS)).to_bytes()
    back = list(DocBin(store_user_data=True).from_bytes(stored).get_docs(nlp.vocab))
    assert [seen(doc)[2:] for doc in back] == [one[2:] for one in known]
    doc = nlp(TEXTS[0])
    assert seen(pickle.loads(pickle.dumps(doc))) == known[0]
    assert seen(spacy.tokens.Doc(nlp.vocab).from_bytes(doc.to_bytes())) == known[0]


def test_a_stored_document_can_be_read_again(nlp, known):
    half = spacy.load(PIPELINE, exclude=["memo_decision", "memo_cats", "memo_ents"])
    carried = spacy.tokens.Doc(nlp.vocab).from_bytes(half(TEXTS[0]).to_bytes())
    assert carried._.reading is None
    assert seen(nlp(carried)) == known[0]


def test_the_meta_data_name_the_pipeline_its_version_and_its_labels(nlp):
    assert nlp.meta["name"] == "memo_parser"
    assert nlp.meta["version"] != "0.0.0"
    assert nlp.meta["description"]
    assert set(nlp.meta["labels"]["memo_ents"]) == {"BRAND", "COUNTERPARTY", "BRANCH", "PERIOD", "INSTALMENT"}
    assert {"cafe", "rent", "other"} <= set(nlp.meta["labels"]["memo_cats"])
    assert nlp.meta["requirements"] == ["speech-log-hub"]


def test_spacys_own_evaluation_scores_categories_and_entities(nlp):
    gold = {"cats": {**dict.fromkeys(nlp.pipe_labels["memo_cats"], 0.0), "cafe": 1.0}}
    gold["entities"] = [(0, 4, "BRAND"), (4, 9, "BRANCH")]
    scores = nlp.evaluate([Example.from_dict(nlp.make_doc("스타벅스강남2호점"), gold)])
    assert (scores["cats_f_per_type"]["cafe"]["f"], scores["ents_f"]) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("left_out", "cats", "ents", "has_reading"),
    [
        ("memo_cats", False, True, True),
        ("memo_ents", True, False, True),
        ("memo_decision", False, False, False),
        ("memo_textcat", True, True, True),
        ("memo_spans", True, True, True),
        ("memo_signals", True, True, True),
        ("memo_known_words", True, True, True),
    ],
)
def test_a_component_left_out_leaves_out_its_own_part_alone(nlp, left_out, cats, ents, has_reading):
    with nlp.select_pipes(disable=left_out):
        doc = nlp("달빛카페역삼점")
    assert (bool(doc.cats), bool(doc.ents), doc._.reading is not None) == (cats, ents, has_reading)


def test_spacys_analysis_of_the_pipeline_finds_no_problem(nlp):
    assert not any(nlp.analyze_pipes()["problems"].values())


def test_a_document_of_another_tokenizer_is_refused_with_the_reason(nlp):
    with pytest.raises(Misconfigured, match="memo tokenizer"):
        nlp(spacy.blank("xx")("스타벅스"))


def test_readings_outlive_a_memory_zone(nlp, known):
    with nlp.memory_zone():
        readings = [doc._.reading for doc in nlp.pipe(TEXTS)]
    assert readings == [one[3] for one in known]
