"""The labelled conversations and personal data are what their scripts write, and the bars are held on the held-out ones."""

from pathlib import Path

import pytest

from benchmarks.labelled import calls, personal_data
from hub.errors import Misconfigured
from nlp.evaluate_calls import evaluate_calls, read_calls
from nlp.evaluate_personal_data import LabelledText, evaluate_personal_data, read_texts

LABELLED = Path(calls.__file__).parent


@pytest.mark.parametrize("split", calls.SPLITS)
def test_files_are_what_the_scripts_write(split, tmp_path):
    calls.write(split, tmp_path / "calls.jsonl")
    personal_data.write(split, tmp_path / "texts.jsonl")
    assert (tmp_path / "calls.jsonl").read_bytes() == (LABELLED / f"calls_{split}.jsonl").read_bytes()
    assert (tmp_path / "texts.jsonl").read_bytes() == (LABELLED / f"personal_data_{split}.jsonl").read_bytes()


def test_sets_share_no_sentence():
    seen = {
        split: {t.text for c in read_calls(LABELLED / f"calls_{split}.jsonl") for t in c.turns}
        for split in calls.SPLITS
    }
    assert len(seen["held_out"] & (seen["development"] | seen["validation"])) < 0.02 * len(seen["held_out"])


@pytest.mark.slow
def test_held_out_conversations_are_read(call_reader):
    scores = evaluate_calls(call_reader, read_calls(LABELLED / "calls_held_out.jsonl"))
    assert scores.calls == 300
    assert scores.kinds["intent"].macro_f1 >= 0.90
    assert scores.kinds["life_event"].macro_f1 >= 0.90
    assert scores.kinds["promise"].macro_f1 >= 0.95


@pytest.mark.slow
def test_held_out_personal_data_is_found(redactor):
    scores = evaluate_personal_data(redactor, read_texts(LABELLED / "personal_data_held_out.jsonl"))
    for found in scores.kinds.classes:
        recall = 0.92 if found.label == "PERSON" else 0.98
        assert (found.label, found.recall >= recall, found.precision >= 0.95) == (found.label, True, True)
    assert scores.false_alarms <= 0.02 * scores.clean_texts


def test_a_leak_is_a_letter_that_no_finding_covers(redactor):
    texts = [
        LabelledText(text="김철수 고객님", language="ko", spans=(("PERSON", 0, 3),)),
        LabelledText(text="집에 있어요", language="ko", spans=(("PERSON", 0, 2),)),
    ]
    scores = evaluate_personal_data(redactor, texts)
    assert [(leak.kind, leak.values, leak.leaked) for leak in scores.leaks] == [("PERSON", 2, 1)]


@pytest.mark.parametrize("line", ["{", '{"text": 1}', '{"language": "ko"}'], ids=["cut", "wrong type", "no text"])
def test_a_bad_line_is_named(tmp_path, line):
    path = tmp_path / "texts.jsonl"
    path.write_text(f'{{"text": "a", "language": "ko"}}\n{line}\n', encoding="utf-8")
    with pytest.raises(Misconfigured, match="line 2"):
        read_texts(path)


def test_conversations_of_people_who_knew_the_labels_alone_are_read_as_well_as_they_were(call_reader):
    kinds = evaluate_calls(call_reader, read_calls(LABELLED / "calls_others_unread.jsonl")).kinds
    assert kinds["intent"].macro_f1 >= 0.78
    assert kinds["life_event"].macro_f1 >= 0.75
    assert kinds["fraud_cue"].macro_f1 >= 0.75


def test_personal_data_in_texts_of_others_is_found_as_well_as_it_was(redactor):
    scores = evaluate_personal_data(redactor, read_texts(LABELLED / "personal_data_others_unread.jsonl"))
    assert scores.kinds.macro_f1 >= 0.91
    assert scores.false_alarms <= 0.04 * scores.clean_texts
