"""Answers to offers: by the hidden uplift, the same every time, and none twice."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from demo.responses import answer
from hub.clock import DAY_MS, parse_ms
from hub.errors import Permanent
from hub.ids import Pseudonymizer
from hub.records import Decision, Treatment

from .conftest import Bank, readable

KEY = Pseudonymizer(b"k" * 32).customer
DECIDED = parse_ms("2026-10-20T10:00:00+09:00")


def _decision(number: int, treatment: str = "treated", **changes: Any) -> dict[str, Any]:
    return {
        "decision_id": f"d{number:05d}",
        "customer_key": KEY(f"C{number % 200 + 1:07d}"),
        "treatment": treatment,
        "decided_ms": DECIDED + number * 1_000,
        "measure_until_ms": DECIDED + 14 * DAY_MS,
        "consent_purpose": "marketing_offers",
        "action": {"offer": "loan-rate", "product_id": "L01"},
        **changes,
    }


@pytest.fixture
def truth(bank: Bank, tmp_path: Path) -> Path:
    folder = tmp_path / "truth"
    folder.mkdir()
    shutil.copy(bank.truth / "uplift.jsonl", folder)
    return folder


def _lines(source: Path) -> list[dict[str, Any]]:
    return [line for path in sorted((source / "logs").glob("web-*-answers.jsonl")) for line in readable(path)]


def _answers(decisions: Any, tmp_path: Path, truth: Path) -> list[dict[str, Any]]:
    answer(decisions, tmp_path / "source", truth, customer_key=KEY)
    return _lines(tmp_path / "source")


def test_treated_customers_buy_as_often_as_base_and_uplift_say(truth: Path, tmp_path: Path) -> None:
    lines = _answers((_decision(n) for n in range(20_000)), tmp_path, truth)
    bought = sum(line["event"] == "product.subscribed" for line in lines) / 20_000
    assert bought == pytest.approx(_mean_rate(truth, with_uplift=True), abs=0.012)


def test_control_customers_buy_at_their_base_rate_and_hear_of_no_offer(truth: Path, tmp_path: Path) -> None:
    lines = _answers((_decision(n, "control") for n in range(20_000)), tmp_path, truth)
    assert Counter(line["event"] for line in lines).keys() == {"product.subscribed"}
    assert len(lines) / 20_000 == pytest.approx(_mean_rate(truth, with_uplift=False), abs=0.01)


def _mean_rate(truth: Path, *, with_uplift: bool) -> float:
    rates = [r for r in readable(truth / "uplift.jsonl") if r["product_id"] == "L01"]
    return sum(r["base"] + (r["uplift"] if with_uplift else 0.0) for r in rates) / len(rates)


def test_answering_twice_or_more_offers_later_changes_no_answer(truth: Path, tmp_path: Path) -> None:
    first = _answers([_decision(n) for n in range(300)], tmp_path, truth)
    assert _answers([_decision(n) for n in range(300)], tmp_path, truth) == first
    later = _answers([_decision(n) for n in range(400)], tmp_path, truth)
    assert [line for line in later if line in first] == first
    assert len(later) > len(first)
    assert len({line["messageId"] for line in later}) == len(later)


def test_a_repeated_decision_is_answered_once(truth: Path, tmp_path: Path) -> None:
    assert answer([_decision(1)] * 5, tmp_path / "a", truth, customer_key=KEY) == answer(
        [_decision(1)], tmp_path / "b", truth, customer_key=KEY
    )


def test_answers_come_in_order_within_the_window_and_say_whose_they_are(truth: Path, tmp_path: Path) -> None:
    lines = _answers((_decision(n) for n in range(2_000)), tmp_path, truth)
    per_decision: dict[str, list[str]] = {}
    for line in lines:
        assert DECIDED < parse_ms(line["originalTimestamp"]) < DECIDED + 14 * DAY_MS
        if "decision_id" in line["properties"]:
            per_decision.setdefault(line["properties"]["decision_id"], []).append(line["event"])
            number = int(line["properties"]["decision_id"][1:])
            assert line["userId"] == f"C{number % 200 + 1:07d}"
    assert {tuple(events) for events in per_decision.values()} == {
        ("offer.opened",),
        ("offer.declined",),
        ("offer.opened", "offer.declined"),
        ("offer.opened", "offer.accepted", "product.subscribed"),
    } - {("offer.declined",)} | ({("offer.declined",)} if ["offer.declined"] in per_decision.values() else set())


@pytest.mark.parametrize(
    "change",
    [{"treatment": "suppressed"}, {"consent_purpose": None}, {"consent_purpose": "service"}, {"customer_key": "cus_x"}],
)
def test_what_is_no_offer_to_a_customer_is_passed_over(truth: Path, tmp_path: Path, change: dict[str, Any]) -> None:
    assert (
        _answers(
            [_decision(n, **change) if "treatment" not in change else _decision(n) | change for n in range(50)],
            tmp_path,
            truth,
        )
        == []
    )


@pytest.mark.parametrize(
    ("about", "product_id"),
    [
        ({"action": {"values": {"product_id": "S02"}}}, "S02"),
        ({"action": {"product_type": "fund"}}, "F01"),
        ({"action": {}, "features": [{"name": "best_product", "value": "U01"}]}, "U01"),
        ({"action": {}, "evidence": [{"properties": {"line": "car", "quote_id": "Q1"}}]}, "A01"),
        ({"action": {}, "evidence": [{"properties": {"product_id": "D02"}}]}, "D02"),
    ],
)
def test_the_product_is_found_in_the_action_the_features_or_the_evidence(
    truth: Path, tmp_path: Path, about: dict[str, Any], product_id: str
) -> None:
    lines = _answers((_decision(n, **about) for n in range(400)), tmp_path, truth)
    bought = {line["properties"]["product_id"] for line in lines if line["event"] == "product.subscribed"}
    assert bought == {product_id}


def test_a_coupon_is_taken_without_a_subscription(truth: Path, tmp_path: Path) -> None:
    lines = _answers((_decision(n, action={"offer": "coffee"}) for n in range(200)), tmp_path, truth)
    events = Counter(line["event"] for line in lines)
    assert events["offer.accepted"] > 40
    assert not events["product.subscribed"]


def test_what_would_happen_after_the_last_day_has_not_happened(truth: Path, tmp_path: Path) -> None:
    answer(
        (_decision(n) for n in range(500)), tmp_path / "source", truth, customer_key=KEY, last_day=date(2026, 10, 20)
    )
    assert {p.name for p in (tmp_path / "source/logs").iterdir()} == {"web-2026-10-20-answers.jsonl"}


def _records() -> Iterator[Decision]:
    for number in range(60):
        d = _decision(number)
        yield Decision(
            decision_id=d["decision_id"], scenario_id="loan-life-event", scenario_version=1,
            customer_key=d["customer_key"], decided_ms=d["decided_ms"], trigger_event_id="e", treatment=Treatment.TREATED,
            reason="matched", campaign="", action=d["action"], evidence=(), features=(),
            consent_purpose="marketing_offers", measure_until_ms=d["measure_until_ms"],
        )  # fmt: skip


def test_records_and_plain_values_are_answered_alike(truth: Path, tmp_path: Path) -> None:
    from_records = _answers(_records(), tmp_path / "r", truth)
    assert from_records
    assert from_records == _answers(map(msgspec.to_builtins, _records()), tmp_path / "p", truth)


def test_without_a_truth_the_message_says_so(tmp_path: Path) -> None:
    with pytest.raises(Permanent, match="generate one first"):
        answer([_decision(1)], tmp_path, tmp_path, customer_key=KEY)


def test_a_decision_without_its_id_is_refused(truth: Path, tmp_path: Path) -> None:
    with pytest.raises(Permanent, match="decision_id"):
        answer([_decision(1) | {"decision_id": ""}], tmp_path, truth, customer_key=KEY)
