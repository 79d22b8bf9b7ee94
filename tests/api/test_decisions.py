"""Decisions are listed, shown, explained and streamed; each person read is on record."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import msgspec
import pytest
from fastapi.testclient import TestClient

from api.feed import DecisionFeed
from hub.clock import HOUR_MS
from hub.records import Decision, Treatment
from rules.explanation.reasons import REASONS
from rules.explanation.story import Step, explain
from rules.kernel import deciding
from tests.doubles.api_parts import KIM, LEE, NOW_MS, SCENARIOS, SPECS, Desk, loan_decision

KIMS = loan_decision()


def test_decisions_are_filtered_and_each_person_listed_is_recorded(client: TestClient, desk: Desk) -> None:
    headers = desk.headers("auditor")
    everyone = client.get("/v1/decisions", headers=headers).json()["decisions"]
    assert [item["decision"]["customer_key"] for item in everyone] == [KIM, LEE]
    assert {r.subject for r in desk.catalog.access_log.list()} == {KIM, LEE}
    one = client.get(f"/v1/decisions?customer={LEE}&scenario=loan-life-event", headers=headers).json()["decisions"]
    assert [item["decision"]["treatment"] for item in one] == ["control"]
    after = client.get(f"/v1/decisions?after={everyone[-1]['sequence']}", headers=headers).json()
    assert after["decisions"] == []


def test_the_whole_decision_comes_back_as_it_was_saved(client: TestClient, desk: Desk) -> None:
    shown = client.get(f"/v1/decisions/{KIMS.decision_id}", headers=desk.headers("service")).json()
    assert shown["evidence"][0]["provenance"]["start_ms"] == 12_400
    assert shown["features"][1] == {
        "name": "loan_propensity",
        "value": 0.4182,
        "as_of_ms": NOW_MS - 14 * HOUR_MS,
        "version": "7",
    }
    assert desk.catalog.access_log.list()[0].task == "show decision"


def test_an_unknown_decision_is_a_404(client: TestClient, desk: Desk) -> None:
    answer = client.get(f"/v1/decisions/{'0' * 32}", headers=desk.headers("service"))
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_decision")


def test_the_summary_counts_by_scenario_and_treatment_and_names_nobody(client: TestClient, desk: Desk) -> None:
    answer = client.get("/v1/decisions/summary", headers=desk.headers("viewer")).json()
    assert answer["scenarios"] == {"loan-life-event": {"treated": 1, "control": 1}}
    assert desk.catalog.access_log.list() == []


def test_an_explanation_goes_back_to_the_second_of_the_call_and_the_click(client: TestClient, desk: Desk) -> None:
    url = f"/v1/decisions/{KIMS.decision_id}/explanation"
    steps = client.get(url, headers=desk.headers("auditor")).json()["steps"]
    assert [step["kind"] for step in steps] == [
        "scenario",
        "call",
        "click",
        "feature",
        "feature",
        "feature",
        "model",
        "consent",
        "outcome",
        "action",
        "measure",
    ]
    scenario, call, click, age, propensity, unknown, model, consent, *_ = steps
    assert scenario["title"]["ko"] == "시나리오 생애 사건 뒤 대출 관심 · 버전 3"
    assert scenario["facts"]["pattern"] == SCENARIOS[0].pattern
    assert call["detail"]["ko"] == "“다음 달에 이사를 가게 됐어요” (0:12.4 – 0:15.1) → 이사"
    assert (call["facts"]["start_ms"], call["facts"]["end_ms"]) == (12_400, 15_100)
    assert click["title"]["en"] == "Product viewed · 2026-10-31 14:03:26"
    assert age["title"]["ko"] == "age = 34"
    assert age["detail"]["en"] == "as of 2026-10-31 00:03:27, 14 hours old at the decision"
    assert propensity["facts"]["version"] == "7"
    assert unknown["detail"]["ko"] == "알려진 값이 없었습니다."
    assert model["title"]["en"] == "Model 7"
    assert consent["title"]["ko"] == "‘마케팅 제안’ 동의 확인"
    assert desk.catalog.access_log.list()[0].task == "explain decision"


def told(decision: Decision) -> dict[str, Step]:
    return {step.kind: step for step in explain(decision, SCENARIOS[0], SPECS, 9.0).steps}


@pytest.mark.parametrize(
    ("reason", "outcome", "consent"),
    [
        ("matched", "대상·동의·한도·우선순위를 모두 통과했고 대조군이 아닙니다.", "‘마케팅 제안’ 동의 확인"),
        ("control_campaign", "이 캠페인의 대조군에 속한 고객입니다.", "‘마케팅 제안’ 동의 확인"),
        ("cap_scenario", "이 시나리오의 횟수 한도에 이르렀습니다.", "‘마케팅 제안’ 동의 확인"),
        ("no_consent:marketing_offers", "필요한 동의가 없습니다.", "‘마케팅 제안’ 동의 없음"),
        ("audience", "대상 조건에 맞지 않습니다.", "‘마케팅 제안’ 동의 확인 전"),
        (
            "superseded_by:complaint-then-churn-signs",
            "우선순위가 높은 시나리오 complaint-then-churn-signs에 자리를 내주었습니다.",
            "‘마케팅 제안’ 동의 확인",
        ),
        ("something_new", "something_new", "‘마케팅 제안’ 동의 확인"),
    ],
)
def test_whatever_stops_a_match_is_said(reason: str, outcome: str, consent: str) -> None:
    steps = told(msgspec.structs.replace(KIMS, reason=reason))
    assert (steps["outcome"].detail.ko, steps["consent"].title.ko) == (outcome, consent)


def test_every_reason_of_the_kernel_has_its_sentence() -> None:
    source = Path(deciding.__file__).read_text("utf-8")
    given = set(re.findall(r'suppress\(f?"(\w+)', source)) | set(
        re.findall(r'return (?:Treatment\.\w+, )?"(\w+)"', source)
    )
    assert len(given) > 8
    assert given - set(REASONS) == set()


def test_an_offer_is_quoted_and_one_not_sent_says_so() -> None:
    sent, kept = told(KIMS)["action"], told(loan_decision(treatment=Treatment.CONTROL))["action"]
    assert sent.title.ko == "제안"
    assert sent.detail.ko.startswith("“고객님만을 위한 대출 금리를 확인하세요.” · channel app_push")
    assert sent.detail.ko.endswith("2026-11-14 14:03:27까지")
    assert kept.title.en == "Offer not sent"


def test_a_scenario_gone_or_changed_does_not_lend_its_pattern() -> None:
    gone = explain(KIMS, None, SPECS, 9.0).steps[0]
    assert gone.detail.en == "No longer in the book."
    older = explain(KIMS, SCENARIOS[1], SPECS, 9.0).steps[0]
    assert older.facts["pattern"] is None


def test_the_feed_gives_old_decisions_then_new_ones_in_order(desk: Desk) -> None:
    async def follow() -> list[int]:
        feed = DecisionFeed(desk.catalog.decisions, poll_s=0.02)
        seen: list[int] = []
        async for item in feed.follow(0):
            assert item is not None
            seen.append(item[0])
            if len(seen) == 2:
                later = [loan_decision(at_ms=NOW_MS + n) for n in range(1, 4)]
                desk.catalog.decisions.save(later)
            if len(seen) == 5:
                break
        await feed.close()
        return seen

    seen = asyncio.run(asyncio.wait_for(follow(), 20))
    assert seen == sorted(set(seen))
    assert len(seen) == 5


def test_recommendations_rank_products_with_model_and_as_of(client: TestClient, desk: Desk) -> None:
    answer = client.get(f"/v1/customers/{KIM}/recommendations", headers=desk.headers("marketer")).json()
    assert (answer["model_version"], answer["features_as_of"]) == ("7", "2026-10-30T15:03:27.000Z")
    assert [(p["rank"], p["product_id"], p["product"]["name"]["ko"]) for p in answer["products"]] == [
        (1, "LN01", "새출발 신용대출"),
        (2, "SV01", "매일 적금"),
    ]


def test_a_customer_nobody_knows_is_a_404(client: TestClient, desk: Desk) -> None:
    answer = client.get(f"/v1/customers/{LEE}/recommendations", headers=desk.headers("marketer"))
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_customer")
