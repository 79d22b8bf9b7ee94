"""Scenario files: refused with file, field, line and fix."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.errors import Misconfigured
from rules.book import CATALOG_DIR, compile_book, load_book
from rules.check import check_file, check_text
from rules.scenario.report import BadScenario, CheckReport
from tests.rules.streams import FEATURES, book_of, scenario

GOOD = scenario("event: screen.viewed", audience="age >= 19")


def check(text: str) -> CheckReport:
    return check_text(text, "one.yaml", FEATURES)


def only_error(text: str) -> str:
    errors = [str(p) for p in check(text).problems if p.severity == "error"]
    assert len(errors) == 1, errors
    return errors[0]


def test_a_good_file_has_no_errors() -> None:
    assert check(GOOD).ok


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("audience: age >= 19", "audience: agee >= 19", "one.yaml:7: audience: There is no feature agee; did you mean age?"),
        ("audience: age >= 19", "audience: age >= 'a'", "audience: A number is never comparable with a str."),
        ("consent: null", "consent: marketing", "one.yaml:6: consent: consent is one of marketing_offers"),
        ("version: 1", "version: 0", "one.yaml:2: version: Input should be greater than or equal to 1"),
        ("owner: tests\n", "", "owner: This field is missing."),
        ("priority: 50", "prioritty: 50", "prioritty: There is no field prioritty here; did you mean priority?"),
        ("  event: screen.viewed", "  evnt: screen.viewed", "There is no field evnt"),
        ("priority: 50", "priority: 50\npriority: 51", "priority is there twice"),
        ("priority: 50", "priority: &p 50", "Anchors and aliases"),
        ("priority: 50", "priority: !!python/object/apply:os.system ['true']", "Not YAML"),
        ("  event: screen.viewed", "  event: [screen.viewed", "Not YAML"),
        ("action: {channel: console, offer: test}\n", "", "say what happens then"),
        ("offer: test}", "offer: test, message: 'Hi {nmae}', values: {name: age}}", "did you mean name?"),
        ("offer: test}", "offer: test, values: {channel: age}}", "The name channel is kept"),
        ("priority: 50", "priority: 50\ncaps: {max: 3}", "max and within belong together"),
        ("priority: 50", "priority: 50\ncaps: {cool_down: soon}", "is not a duration such as"),
    ],
)  # fmt: skip
def test_a_mistake_names_its_place_and_its_fix(old: str, new: str, told: str) -> None:
    assert old in GOOD
    problems = [str(p) for p in check(GOOD.replace(old, new)).problems if p.severity == "error"]
    assert any(told in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("{event: screen.viewed, count: {of: {event: a.b}, at_least: 1, within: 1m}}", "exactly one operator"),
        ("count: {of: {event: screen.viewed}, at_least: 0, within: 1m}", "whole number of at least 1"),
        ("count: {of: {event: screen.viewed}, at_least: 3, within: 0m}", "is not a duration"),
        ("count: {of: {event: screen.viewed}, at_least: $few, within: 1m}", "There is no parameter few"),
        ("sum: {of: {event: screen.viewed}, at_least: 3, within: 1m}", "sum needs a value"),
        ("sequence: {steps: [{event: screen.viewed}], within: 1m}", "at least 2 items"),
        ("sequence: {steps: [{event: a.b}, {event: a.c, where: event.x == b.x}], within: 1m}", "Nothing is called b here"),
        ("schedule: {of: {event: a.b}, date: event.day}", "either before or after"),
        ("{event: screen.viewed, where: event.x, as: event}", "The name event is taken"),
        ("any: [{event: a.b, as: x}, {event: a.c, as: x}]", "The name x is taken"),
        ("sequence: {steps: [{event: a.b}, {event: a.c}], without: {count: {of: {event: a.d}, at_least: 1, within: 1m}}, within: 1m}", "without takes an event"),
        ("count: {of: {event: a.b}, at_least: 1, within: 1m, by: 'event.x +'}", "Expected a value at the end"),
    ],
)  # fmt: skip
def test_a_pattern_that_cannot_work_is_refused(pattern: str, told: str) -> None:
    problems = [str(p) for p in check(scenario(pattern)).problems]
    assert any(told in problem for problem in problems), problems


def test_patterns_nest_only_so_deep() -> None:
    pattern = "{event: screen.viewed}"
    for _ in range(10):
        pattern = f"{{count: {{of: {pattern}, at_least: 1, within: 1m}}}}"
    assert "nest at most" in only_error(scenario(pattern))


def test_an_unknown_event_type_is_a_warning_with_the_nearest_name() -> None:
    report = check(scenario("event: product.veiwed"))
    assert report.ok
    assert [p.severity for p in report.problems if "did you mean product.viewed?" in p.message] == ["warning"]


def test_an_undeclared_property_is_a_warning_with_the_nearest_name() -> None:
    report = check(scenario("{event: product.viewed, where: event.produkt_id == 'S1'}"))
    assert report.ok
    assert any("did you mean product_id?" in p.message for p in report.problems)


def test_without_declarations_any_feature_name_is_taken() -> None:
    assert check_text(scenario("event: screen.viewed", audience="whatever > 3"), "one.yaml").ok


def test_a_circle_of_facts_is_refused_with_its_way() -> None:
    def fact(name: str, listens: str, asserts: str) -> str:
        return scenario(f"event: {listens}", name=name, action=None, **{"assert": f"{{type: {asserts}}}"})

    with pytest.raises(BadScenario, match="one -> two -> three -> one"):
        book_of(fact("one", "a.c", "a.a"), fact("two", "a.a", "a.b"), fact("three", "a.b", "a.c"))
    with pytest.raises(BadScenario, match="one -> one"):
        book_of(fact("one", "a.a", "a.a"))
    book_of(fact("one", "a.c", "a.a"), fact("two", "a.a", "a.b"), fact("three", "a.b", "a.d"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("lateness: soon\n", "book.yaml:1: lateness: 'soon' is not a duration"),
        ("offers_max: 3\n", "offers_max and offers_within belong together"),
        ("campaigns: {x: {max: 3}}\n", "max and within belong together"),
        ("global_control: 5\n", "did you mean global_control_percent?"),
    ],
)
def test_a_mistake_in_the_book_file_names_its_place(text: str, told: str) -> None:
    with pytest.raises(BadScenario) as caught:
        book_of(GOOD, book=text, features=FEATURES)
    assert told in str(caught.value)


def test_a_campaign_has_one_control_group() -> None:
    one = scenario("event: screen.viewed", campaign="x", control="{percent: 10}")
    two = scenario("event: screen.viewed", name="two", campaign="x", control="{percent: 20}")
    with pytest.raises(BadScenario, match="a campaign has one control group"):
        book_of(one, two)


def test_one_id_belongs_to_one_file() -> None:
    with pytest.raises(BadScenario, match="an id belongs to one file"):
        book_of(GOOD, GOOD.replace("version: 1", "version: 2"), features=FEATURES)


def test_an_unknown_superseded_scenario_is_refused() -> None:
    other = scenario("event: screen.viewed", name="other", supersedes="{what: [onee], for: 1d}")
    with pytest.raises(BadScenario, match="did you mean one"):
        book_of(scenario("event: screen.viewed"), other)


def test_all_errors_of_all_files_are_told_at_once() -> None:
    texts = {"a.yaml": GOOD.replace("age", "agee"), "b.yaml": "id: [", "c.yaml": "- 1"}
    with pytest.raises(BadScenario) as caught:
        compile_book(texts, FEATURES)
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == ["b.yaml", "c.yaml", "a.yaml"]


def test_a_missing_folder_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="HUB_RULES__CATALOG_DIR"):
        load_book(tmp_path / "nothing")
    with pytest.raises(Misconfigured, match="holds no scenario"):
        load_book(tmp_path)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_bytes(b"\xff\xfe\x00")
    assert not check_file(tmp_path / "one.yaml").ok
    with pytest.raises(BadScenario, match="not UTF-8"):
        load_book(tmp_path)


def test_an_example_that_does_not_behave_is_reported() -> None:
    text = scenario(
        "event: screen.viewed",
        examples="{fires: [{name: fires, events: [{at: 0m, type: screen.ended}]}],"
        " misses: [{name: misses, events: [{at: 0m, type: screen.viewed}]}]}",
    )
    report = check(text)
    assert [e.passed for e in report.examples] == [False, False]
    assert not report.ok


@pytest.mark.parametrize(
    "path", sorted(CATALOG_DIR.glob("[!b]*.yaml")) + sorted(CATALOG_DIR.glob("b[!o]*.yaml")), ids=lambda p: p.stem
)
def test_every_scenario_of_the_catalogue_behaves_as_its_examples_say(path: Path) -> None:
    report = check_file(path)
    assert report.ok, [*map(str, report.problems), *report.examples]
    assert report.scenario_id == path.stem
    assert len(report.examples) >= 2


def test_the_catalogue_uses_declared_features_events_and_properties_only() -> None:
    from lakehouse.features import feature_specs

    assert load_book(features=feature_specs()).warnings == ()


def test_every_scenario_of_the_business_is_in_the_catalogue() -> None:
    wanted = [
        "savings-browse-abandon",
        "product-compare-and-leave",
        "same-screens-back-and-forth",
        "maturity-yield-check",
        "quote-no-follow-up-email",
        "quote-no-follow-up-call",
        "claim-cross-sell",
        "sales-support",
        "fraud-contact-change-then-claim",
        "fraud-repeated-payout-enquiries",
        "fraud-enquiry-then-similar-claim",
        "aml-structuring",
        "card-merchant-spend",
        "card-coffee-regular",
        "card-over-limit",
        "day-trader",
        "branch-visit-survey",
        "fx-remittance-staff-alert",
        "loan-review-missing-document",
        "loan-life-event",
        "complaint-then-churn-signs",
        "merchant-offer",
    ]
    ids = {s.id for s in load_book().scenarios}
    assert ids >= set(wanted)
