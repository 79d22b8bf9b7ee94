"""Rule categories: what each filter matches, and what a bad file says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec import structs

from hub.errors import Misconfigured
from hub.records import CallFact, Transcript
from stt.analytics import load_categories, to_call_analytics
from tests.stt.test_call_analytics import call, fact, turn

TURNS = (
    turn(0, "AGENT", "안녕하세요 행복은행입니다", 0, 4_000),
    turn(1, "CUSTOMER", "민원이 있어요 불만 접수해 주세요", 3_000, 8_000),
    turn(2, "AGENT", "죄송합니다", 30_000, 32_000),
    turn(3, "CUSTOMER", "I want to speak to the manager", 31_000, 36_000),
    turn(4, "AGENT", "좋은 하루 보내세요", 60_000, 64_000),
)
CALL = call(*TURNS, duration_ms=100_000)
FEELINGS = [
    fact("sentiment", number, label)
    for number, label in enumerate(["NEUTRAL", "NEGATIVE", "NEUTRAL", "NEGATIVE", "POSITIVE"])
]


def said(*targets: str, **more: Any) -> dict[str, Any]:
    return {"TranscriptFilter": {"TranscriptFilterType": "EXACT", "Targets": list(targets), **more}}


def felt(*sentiments: str, **more: Any) -> dict[str, Any]:
    return {"SentimentFilter": {"Sentiments": list(sentiments), **more}}


def quiet(**more: Any) -> dict[str, Any]:
    return {"NonTalkTimeFilter": more}


def cut_in(**more: Any) -> dict[str, Any]:
    return {"InterruptionFilter": more}


def write(folder: Path, tree: Any) -> Path:
    path = folder / "bank.yaml"
    path.write_text(tree if isinstance(tree, str) else yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
    return path


def match(folder: Path, *rules: dict[str, Any], transcript: Transcript = CALL, facts: list[CallFact] = FEELINGS) -> Any:
    categories = load_categories(write(folder, {"CategoryName": "it", "Rules": list(rules)}))
    found = to_call_analytics(transcript, facts, categories)["Categories"]
    assert list(found["MatchedDetails"]) == found["MatchedCategories"]
    if not found["MatchedCategories"]:
        return None
    points = found["MatchedDetails"]["it"]["PointsOfInterest"]
    return [(point["BeginOffsetMillis"], point["EndOffsetMillis"]) for point in points]


FIRST_10_S, LAST_10_S = {"AbsoluteTimeRange": {"First": 10_000}}, {"AbsoluteTimeRange": {"Last": 10_000}}
CASES = {
    "a phrase is found at its words' times": ([said("speak to the manager")], [(33_142, 35_998)]),
    "in any case": ([said("SPEAK to The Manager")], [(33_142, 35_998)]),
    "word for word": ([said("speak to manager")], None),
    "no part of a word": ([said("man")], None),
    "a Korean word whatever its particle": ([said("민원")], [(3_000, 4_000)]),
    "but from its beginning": ([said("원이")], None),
    "Korean spacing does not count": ([said("불만접수")], [(5_000, 7_000)]),
    "one of several targets is enough": ([said("nothing", "불만 접수")], [(5_000, 7_000)]),
    "of the one who is asked for": ([said("죄송합니다", ParticipantRole="CUSTOMER")], None),
    "within the first ten seconds": ([said("민원", **FIRST_10_S)], [(3_000, 4_000)]),
    "not outside them": ([said("죄송합니다", **FIRST_10_S)], None),
    "within a range": ([said("죄송합니다", AbsoluteTimeRange={"StartTime": 29_000, "EndTime": 40_000})], [(30_000, 32_000)]),
    "within a part of the call": ([said("죄송합니다", RelativeTimeRange={"StartPercentage": 30, "EndPercentage": 50})], [(30_000, 32_000)]),
    "within the first per cent": ([said("죄송합니다", RelativeTimeRange={"First": 20})], None),
    "within the last per cent": ([said("좋은 하루", RelativeTimeRange={"Last": 40})], [(60_000, 62_666)]),
    "what was not said": ([said("welcome", "hello", Negate=True, **FIRST_10_S)], [(0, 10_000)]),
    "but was": ([said("안녕하세요", Negate=True, **FIRST_10_S)], None),
    "a pause of at least the threshold": ([quiet(Threshold=20_000)], [(8_000, 30_000), (36_000, 60_000), (64_000, 100_000)]),
    "a pause that ends with the range": ([quiet(Threshold=20_000, RelativeTimeRange={"First": 20})], None),
    "no pause": ([quiet(Threshold=40_000, Negate=True)], [(0, 100_000)]),
    "no such absence": ([quiet(Threshold=20_000, Negate=True)], None),
    "interruptions by somebody": ([cut_in()], [(3_000, 4_000), (31_000, 32_000)]),
    "that last long enough together": ([cut_in(Threshold=2_000)], [(3_000, 4_000), (31_000, 32_000)]),
    "and no longer": ([cut_in(Threshold=2_001)], None),
    "by the one who is asked for": ([cut_in(ParticipantRole="AGENT")], None),
    "nobody interrupts": ([cut_in(ParticipantRole="AGENT", Negate=True)], [(0, 100_000)]),
    "half of the turns feel so": ([felt("NEGATIVE", ParticipantRole="CUSTOMER")], [(3_000, 8_000), (31_000, 36_000)]),
    "less than half do not": ([felt("POSITIVE")], None),
    "any of several sentiments": ([felt("POSITIVE", "NEUTRAL", ParticipantRole="AGENT")], [(0, 4_000), (30_000, 32_000), (60_000, 64_000)]),
    "other sentiments": ([felt("NEGATIVE", ParticipantRole="AGENT", Negate=True)], [(0, 4_000), (30_000, 32_000), (60_000, 64_000)]),
    "nobody spoke then": ([felt("NEUTRAL", **LAST_10_S)], None),
    "all rules together": ([said("민원"), quiet(Threshold=30_000)], [(3_000, 4_000), (64_000, 100_000)]),
    "and not one alone": ([said("민원"), said("welcome")], None),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_category_matches(name: str, tmp_path: Path) -> None:
    rules, expected = CASES[name]
    assert match(tmp_path, *rules) == expected


def test_without_sentiments_no_sentiment_matches(tmp_path: Path) -> None:
    assert match(tmp_path, felt("NEGATIVE"), facts=[]) is None
    assert match(tmp_path, felt("NEGATIVE", Negate=True), facts=[]) is None


def test_a_phrase_of_a_turn_without_word_times_is_the_whole_turn(tmp_path: Path) -> None:
    from msgspec.structs import replace

    bare = replace(CALL, turns=tuple(replace(t, words=()) for t in CALL.turns))
    assert match(tmp_path, said("민원"), transcript=bare) == [(3_000, 8_000)]


def test_a_list_and_a_mapping_of_categories_are_files_too(tmp_path: Path) -> None:
    one = {"CategoryName": "one", "InputType": "POST_CALL", "Rules": [said("a")]}
    two = {"CategoryName": "two", "Rules": [quiet()]}
    assert [c.CategoryName for c in load_categories(write(tmp_path, [one, two]))] == ["one", "two"]
    assert [c.CategoryName for c in load_categories(write(tmp_path, {"categories": [two, one]}))] == ["two", "one"]


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = write(tmp_path, {"CategoryName": "one", "Rules": [quiet()]})
    assert load_categories(path)[0].CategoryName == "one"
    path.write_text(yaml.safe_dump({"CategoryName": "two", "Rules": [quiet()]}), encoding="utf-8")
    assert load_categories(path)[0].CategoryName == "two"


BAD = {
    "nothing": ("", "it holds no category"),
    "no YAML": ("a: [", "it is not YAML"),
    "a text": ("hello", "it holds no category"),
    "no rules": ({"CategoryName": "x", "Rules": []}, "bank.yaml, x.Rules"),
    "no name": ({"Rules": [quiet()]}, "[0].CategoryName"),
    "a name with a space": ({"CategoryName": "a b", "Rules": [quiet()]}, "a b.CategoryName"),
    "an unknown key": ({"CategoryName": "x", "Rules": [quiet(Treshold=1)]}, "x.Rules[0].NonTalkTimeFilter.Treshold"),
    "no targets": ({"CategoryName": "x", "Rules": [said()]}, "x.Rules[0].TranscriptFilter.Targets"),
    "an empty target": ({"CategoryName": "x", "Rules": [said(" ")]}, "x.Rules[0].TranscriptFilter.Targets[0]"),
    "a type that is not EXACT": (
        {"CategoryName": "x", "Rules": [{"TranscriptFilter": {"TranscriptFilterType": "FUZZY", "Targets": ["a"]}}]},
        "x.Rules[0].TranscriptFilter.TranscriptFilterType",
    ),
    "an unknown role": ({"CategoryName": "x", "Rules": [cut_in(ParticipantRole="BOSS")]}, "InterruptionFilter.ParticipantRole"),
    "an unknown sentiment": ({"CategoryName": "x", "Rules": [felt("ANGRY")]}, "SentimentFilter.Sentiments[0]"),
    "two filters in a rule": ({"CategoryName": "x", "Rules": [quiet() | cut_in()]}, "x.Rules[0]: Value error, a rule is exactly one filter"),
    "two ranges": ({"CategoryName": "x", "Rules": [quiet(AbsoluteTimeRange={"First": 1}, RelativeTimeRange={"First": 1})]}, "not both"),
    "a range without an end": ({"CategoryName": "x", "Rules": [quiet(AbsoluteTimeRange={"StartTime": 1})]}, "a start and, after it, an end"),
    "a range that ends before it starts": ({"CategoryName": "x", "Rules": [quiet(RelativeTimeRange={"StartPercentage": 50, "EndPercentage": 10})]}, "a start and, after it, an end"),
    "an empty range": ({"CategoryName": "x", "Rules": [quiet(AbsoluteTimeRange={})]}, "give First, or Last"),
    "more than a hundred per cent": ({"CategoryName": "x", "Rules": [quiet(RelativeTimeRange={"First": 101})]}, "RelativeTimeRange.First"),
    "a threshold in words": ({"CategoryName": "x", "Rules": [quiet(Threshold="long")]}, "NonTalkTimeFilter.Threshold"),
    "a name twice": ([{"CategoryName": "x", "Rules": [quiet()]}] * 2, "x is defined twice"),
    "a real-time category": ({"CategoryName": "x", "InputType": "REAL_TIME", "Rules": [quiet()]}, "x.InputType"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_its_name_and_key(name: str, tmp_path: Path) -> None:
    tree, why = BAD[name]
    with pytest.raises(Misconfigured) as refusal:
        load_categories(write(tmp_path, tree))
    assert "bank.yaml" in str(refusal.value)
    assert why in str(refusal.value)
    assert refusal.value.reason == "bad_categories"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"nowhere.yaml: there is no such file"):
        load_categories(tmp_path / "nowhere.yaml")


def test_the_catalogue_that_ships_finds_a_complaint_and_an_apology() -> None:
    found = to_call_analytics(CALL, FEELINGS)["Categories"]["MatchedCategories"]
    assert {"complaint", "apology", "friendly-goodbye"} - set(found) == {"friendly-goodbye"}
    assert "greeting-missing" not in found
    assert len(load_categories()) >= 12


@pytest.mark.parametrize(
    ("target", "text", "is_said"),
    [
        ("IRP", "IRP를 해지할게요", True),
        ("ISA", "VISA 카드", False),
        ("3.5%", "금리가 3.5%로 올랐어요", True),
        ("삼 점 오 퍼센트", "금리가 3.5%로 올랐어요", True),
        ("5%", "금리가 3.5%로 올랐어요", False),
        ("천만 원", "1000만 원까지 됩니다", True),
        ("100", "100만 원", False),
        ("100", "100이라고 했어요", True),
        ("신용대출", "신용 대출 금리", True),
        ("금융 감독원", "금융감독원에 신고할게요", True),
        ("해지", "그렇게 해 지금", False),
        ("four point five percent", "it is 4.5% now", True),
        ("manager", "managers", False),
    ],
)
def test_a_target_is_said_however_it_is_written(tmp_path: Path, target: str, text: str, is_said: bool) -> None:
    language = "ko" if any("가" <= character <= "힣" for character in text) else "en"
    transcript = structs.replace(call(turn(0, "CUSTOMER", text, 0, 1_000)), language=language)
    assert bool(match(tmp_path, said(target), transcript=transcript, facts=[])) is is_said


def test_what_the_services_own_commands_print_is_read(tmp_path: Path) -> None:
    exported = {
        "CategoryName": "sorry",
        "Rules": [said("죄송합니다")],
        "CreateTime": "2026-01-01T00:00:00Z",
        "LastUpdateTime": 1_700_000_000.5,
        "Tags": [{"Key": "team", "Value": "quality"}],
        "InputType": "POST_CALL",
    }
    for tree in ({"Categories": [exported], "NextToken": "x"}, {"CategoryProperties": exported}):
        (category,) = load_categories(write(tmp_path, tree))
        assert category.CategoryName == "sorry"
        (tmp_path / "bank.yaml").unlink()
