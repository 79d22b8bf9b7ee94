"""From match to decision: every reason that stops a match, who wins, and what a decision tells."""

from __future__ import annotations

import msgspec
import pytest

from hub.clock import DAY_MS, HOUR_MS, MINUTE_MS
from hub.records import Decision, Treatment
from rules.book import Book, load_book
from rules.check import example_events
from rules.scenario.model import Example, ExampleEvent
from tests.rules.streams import KIM, START_MS, book_of, consent, decide, event, features, scenario

VIEW = "event: screen.viewed"


def reasons(book: Book, *events: object, scenario_id: str | None = None) -> list[str]:
    made = decide(book, list(events))  # type: ignore[arg-type]
    return [d.reason for d in made if scenario_id is None or d.scenario_id == scenario_id]


def test_a_match_that_nothing_stops_is_treated() -> None:
    (made,) = decide(book_of(scenario(VIEW)), [event(0, "screen.viewed")])
    assert (made.treatment, made.reason) == (Treatment.TREATED, "matched")


@pytest.mark.parametrize(("age", "reason"), [(30, "matched"), (18, "audience"), (None, "audience")])
def test_outside_the_audience_or_unknown_to_it_is_suppressed(age: int | None, reason: str) -> None:
    book = book_of(scenario(VIEW, audience="age >= 19"))
    assert reasons(book, features(age=age), event(0, "screen.viewed")) == [reason]


def test_a_newer_feature_value_counts_and_an_older_one_does_not() -> None:
    book = book_of(scenario(VIEW, audience="age >= 19"))
    known = [features(0, age=18), features(2, age=20), features(3, age=10)]
    stale = msgspec.structs.replace(known[2], event_time_ms=START_MS + 1)
    (made,) = decide(book, [*known[:2], stale, event(4, "screen.viewed")])
    assert made.reason == "matched"


def test_consent_is_needed_until_it_is_withdrawn() -> None:
    book = book_of(scenario(VIEW, consent_purpose="marketing_offers"))
    stream = [
        event(0, "screen.viewed"),
        consent(1),
        event(2, "screen.viewed"),
        event(3, "consent.withdrawn", purpose="marketing_offers"),
        event(4, "screen.viewed"),
    ]
    assert reasons(book, *stream) == ["no_consent:marketing_offers", "matched", "no_consent:marketing_offers"]


def test_a_grant_that_arrives_after_a_later_withdrawal_grants_nothing() -> None:
    book = book_of(scenario(VIEW, consent_purpose="service"))
    old_grant = msgspec.structs.replace(consent(10, "service"), event_time_ms=START_MS)
    stream = [event(5, "consent.withdrawn", purpose="service"), old_grant, event(11, "screen.viewed")]
    assert reasons(book, *stream) == ["no_consent:service"]


def test_control_groups_are_stable_and_of_about_the_size_they_say() -> None:
    text = scenario(VIEW, consent_purpose="marketing_offers", control="{percent: 20}", campaign="autumn")
    book = book_of(text, book="global_control_percent: 10\n")
    made: dict[str, Decision] = {}
    for number in range(2_000):
        key = f"cus_{number}"
        (decision,) = decide(book, [consent(customer=key), event(0, "screen.viewed", customer=key)])
        made[key] = decision
    counts = {
        reason: sum(d.reason == reason for d in made.values()) for reason in ("control_global", "control_campaign")
    }
    assert 160 < counts["control_global"] < 240
    assert 300 < counts["control_campaign"] < 420
    again = {
        key: decide(book, [consent(customer=key), event(9, "screen.viewed", customer=key)])[0]
        for key in list(made)[:200]
    }
    assert all(again[key].treatment is made[key].treatment for key in again)
    assert {d.propensity for d in made.values() if d.treatment is Treatment.TREATED} == {0.72}
    assert {d.propensity for d in made.values() if d.treatment is Treatment.CONTROL} == {0.28}


def test_one_campaign_has_one_control_group_and_another_campaign_another() -> None:
    one = scenario(VIEW, name="one", campaign="x", control="{percent: 50}")
    two = scenario(VIEW, name="two", campaign="x", control="{percent: 50}")
    three = scenario(VIEW, name="three", campaign="y", control="{percent: 50}")
    book = book_of(one, two, three)
    differs = 0
    for number in range(100):
        made = {d.scenario_id: d.treatment for d in decide(book, [event(0, "screen.viewed", customer=f"c{number}")])}
        assert made["one"] == made["two"]
        differs += made["one"] != made["three"]
    assert 20 < differs < 80


def test_a_cool_down_ends_exactly_when_it_says() -> None:
    book = book_of(scenario(VIEW, caps="{cool_down: 1h}"))
    stream = [event(at, "screen.viewed") for at in (0, HOUR_MS - 1, HOUR_MS)]
    assert reasons(book, *stream) == ["matched", "cool_down", "matched"]


def test_a_scenario_approaches_a_customer_only_so_often() -> None:
    book = book_of(scenario(VIEW, caps="{max: 2, within: 1h}"))
    stream = [event(at * MINUTE_MS, "screen.viewed") for at in (0, 10, 20, 60, 61)]
    assert reasons(book, *stream) == ["matched", "matched", "cap_scenario", "matched", "cap_scenario"]


def test_offers_of_all_campaigns_share_one_cap_and_service_messages_are_free_of_it() -> None:
    texts = [scenario(f"event: a.{n}", name=n, consent_purpose="marketing_offers") for n in ("one", "two")]
    service = scenario("event: a.three", name="three", consent_purpose="service")
    book = book_of(*texts, service, book="global_control_percent: 0\noffers_max: 1\noffers_within: 1d\n")
    stream = [consent(), consent(-1, "service"), event(0, "a.one"), event(1, "a.two"), event(2, "a.three")]
    assert reasons(book, *stream) == ["matched", "cap_global", "matched"]


def test_scenarios_of_one_campaign_share_its_cap() -> None:
    texts = [scenario(f"event: a.{n}", name=n, campaign="x") for n in ("one", "two")]
    book = book_of(*texts, book="global_control_percent: 0\ncampaigns: {x: {max: 1, within: 1d}}\n")
    assert reasons(book, event(0, "a.one"), event(1, "a.two"), event(DAY_MS, "a.two")) == [
        "matched",
        "cap_campaign",
        "matched",
    ]


def test_control_customers_are_capped_like_treated_ones() -> None:
    book = book_of(scenario(VIEW, control="{percent: 90}", caps="{cool_down: 1h}"))
    made = [decide(book, [event(t, "screen.viewed", customer=f"c{n}") for t in (0, 1)]) for n in range(20)]
    assert any(pair[0].reason == "control_campaign" for pair in made)
    assert all(pair[1].reason == "cool_down" for pair in made)


def test_of_two_offers_at_one_time_the_more_important_stands() -> None:
    low = scenario(VIEW, name="low", priority="10", consent_purpose="marketing_offers")
    high = scenario(VIEW, name="high", priority="20", consent_purpose="marketing_offers")
    notice = scenario(VIEW, name="notice", priority="1")
    made = {d.scenario_id: d.reason for d in decide(book_of(low, high, notice), [consent(), event(0, "screen.viewed")])}
    assert made == {"high": "matched", "low": "superseded_by:high", "notice": "matched"}


def test_two_events_at_one_millisecond_give_one_offer() -> None:
    texts = [scenario(f"event: a.{n}", name=n, consent_purpose="marketing_offers") for n in ("one", "two")]
    assert reasons(book_of(*texts), consent(), event(0, "a.one"), event(0, "a.two")) == ["matched", "superseded_by:one"]


def test_a_retention_call_keeps_offers_away_for_as_long_as_it_says() -> None:
    call = scenario("event: complaint.made", name="call", supersedes="{what: [offers], for: 2d}")
    offer = scenario(VIEW, name="offer", priority="900", consent_purpose="marketing_offers")
    book = book_of(call, offer)
    stream = [
        consent(),
        event(0, "complaint.made"),
        event(DAY_MS, "screen.viewed"),
        event(2 * DAY_MS + 1, "screen.viewed"),
    ]
    assert reasons(book, *stream, scenario_id="offer") == ["superseded_by:call", "matched"]


def test_supersedes_works_at_the_same_time_even_against_a_higher_priority() -> None:
    call = scenario(VIEW, name="call", priority="1", supersedes="{what: [offer]}")
    offer = scenario(VIEW, name="offer", priority="900", consent_purpose="marketing_offers")
    assert reasons(book_of(call, offer), consent(), event(0, "screen.viewed"), scenario_id="offer") == [
        "superseded_by:call"
    ]


def test_a_period_and_a_pause_stop_a_match() -> None:
    past = scenario(VIEW, name="past", period="{to: 2020-01-31}")
    later = scenario(VIEW, name="later", period="{from: 2040-01-01}")
    today = scenario(VIEW, name="today", period="{from: 2020-01-01, to: 2040-01-01}")
    paused = scenario(VIEW, name="paused", paused="true")
    made = {d.scenario_id: d.reason for d in decide(book_of(past, later, today, paused), [event(0, "screen.viewed")])}
    assert made == {"past": "outside_period", "later": "outside_period", "today": "matched", "paused": "paused"}


def test_a_budget_is_spent_once() -> None:
    book = book_of(scenario(VIEW, budget="{total: 3000, per_offer: 1000}"))
    assert reasons(book, *(event(n, "screen.viewed", customer=f"c{n}") for n in range(5))) == [
        *["matched"] * 3,
        *["budget_spent"] * 2,
    ]


def test_a_decision_tells_what_it_rests_on() -> None:
    text = scenario(
        "sequence: {steps: [{event: quote.requested, as: quote}, {event: screen.viewed}], within: 1h}",
        audience="loan_propensity > 0.5 and age > 18",
        action="{channel: sms, offer: test, message: 'Quote {quote_id} at {p}', expires_after: 1d,"
        " values: {quote_id: quote.quote_id, p: loan_propensity, screen: event.screen, start: first.type}}",
        measure="14d",
        control="{percent: 10}",
    )
    stream = [
        features(-2, age=40),
        features(-1, view="customer_scores", version="7", loan_propensity=0.75),
        event(0, "quote.requested", quote_id="Q1"),
        event(5, "screen.viewed", screen="home"),
    ]
    key = next(f"c{n}" for n in range(99) if _is_treated(text, stream, f"c{n}"))
    (made,) = decide(book_of(text), [msgspec.structs.replace(e, customer_key=key) for e in stream])
    assert made.action == {
        "channel": "sms", "offer": "test", "priority": 50, "quote_id": "Q1", "p": 0.75, "screen": "home",
        "start": "quote.requested", "message": "Quote Q1 at 0.75", "expires_ms": START_MS + 5 + DAY_MS,
    }  # fmt: skip
    assert [(e.role, e.type, e.properties) for e in made.evidence] == [
        ("quote", "quote.requested", {"quote_id": "Q1"}),
        ("trigger", "screen.viewed", {"screen": "home"}),
    ]
    assert [e.provenance.dataset for e in made.evidence] == ["test", "test"]
    assert [(f.name, f.value, f.as_of_ms, f.version) for f in made.features] == [
        ("age", 40, START_MS - 2, "1"),
        ("loan_propensity", 0.75, START_MS - 1, "7"),
    ]
    assert (made.model_version, made.propensity, made.measure_until_ms) == ("7", 0.9, START_MS + 5 + 14 * DAY_MS)
    assert made.trigger_event_id == stream[-1].event_id


def _is_treated(text: str, stream: list[object], key: str) -> bool:
    made = decide(book_of(text), [msgspec.structs.replace(e, customer_key=key) for e in stream])
    return made[0].treatment is Treatment.TREATED


def test_a_derived_fact_carries_the_events_it_rests_on_and_needs_no_channel() -> None:
    fact = scenario(
        "count: {of: {event: payout.enquired}, at_least: 2, within: 1d}",
        name="watch",
        action=None,
        **{"assert": "{type: watchlist.entered, properties: {cause: event.via}}"},
    )
    user = scenario("{event: watchlist.entered, where: event.cause == 'call'}", name="user")
    made = decide(
        book_of(fact, user), [event(0, "payout.enquired", via="web"), event(1, "payout.enquired", via="call")]
    )
    by_id = {d.scenario_id: d for d in made}
    assert by_id["watch"].action == {
        "channel": "internal",
        "offer": "fact",
        "fact": "watchlist.entered",
        "cause": "call",
    }
    assert [e.role for e in by_id["user"].evidence] == ["origin", "origin", "trigger"]
    assert by_id["user"].evidence[-1].provenance.dataset == "rules"


def test_outside_its_audience_a_scenario_asserts_nothing() -> None:
    fact = scenario(VIEW, name="watch", audience="age > 60", action=None, **{"assert": "{type: x.noticed}"})
    user = scenario("event: x.noticed", name="user")
    assert reasons(book_of(fact, user), features(age=30), event(0, "screen.viewed")) == ["audience"]


def test_a_complaint_then_churn_signs_silences_the_marketing_of_the_whole_catalogue() -> None:
    stream = Example(
        name="",
        features={"segment": "vip", "age": 30},
        events=[
            ExampleEvent(at="0m", type="complaint.made", channel="call", properties={"object": "fees"}),
            ExampleEvent(at="1d", type="closing_page.viewed", properties={"session_id": "s"}),
            *(
                ExampleEvent(at=f"{minute}m", type="product.viewed", properties={"product_type": "savings", "page": "detail", "product_id": "S01"})
                for minute in (2900, 2901, 2902)
            ),
        ],
    )  # fmt: skip
    book = load_book(global_control_percent=0)
    for number in range(20):
        made = {d.scenario_id: d for d in decide(book, example_events(stream, f"cus_{number}"), 400 * DAY_MS)}
        if made["complaint-then-churn-signs"].treatment is Treatment.TREATED:
            assert made["savings-browse-abandon"].reason == "superseded_by:complaint-then-churn-signs"
            return
    pytest.fail("nobody was treated")


def test_other_customers_are_other_worlds() -> None:
    book = book_of(scenario("count: {of: {event: screen.viewed}, at_least: 2, within: 1h}", caps="{cool_down: 1d}"))
    stream = [event(n, "screen.viewed", customer=key) for n, key in enumerate(("c1", "c2", "c1", "c2"))]
    assert [(d.customer_key, d.reason) for d in decide(book, stream)] == [("c1", "matched"), ("c2", "matched")]
    assert KIM not in {d.customer_key for d in decide(book, stream)}
