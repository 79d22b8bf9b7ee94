"""People use the console in a real browser: it shows what the API says, live, and nothing leaves the machine."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.console.conftest import Served

pytestmark = pytest.mark.servers


def log_in(page: Page, served: Served, role: str = "admin") -> None:
    page.goto(f"{served.url}/console/")
    page.locator("input[type=password]").fill(served.keys[role])
    page.locator("button.hub-button").click()
    expect(page.locator(".hub-title")).to_be_visible()


def test_every_page_asks_for_a_key_first(page: Page, served: Served) -> None:
    for path in ("", "decisions", f"decisions/{'0' * 32}", "customers", "scenarios", "dead-letters"):
        page.goto(f"{served.url}/console/{path}")
        expect(page).to_have_url(re.compile("/console/login$"))


def test_a_wrong_key_is_refused_in_words(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/console/login")
    page.locator("input[type=password]").fill("wrong")
    page.locator("button.hub-button").click()
    expect(page.locator(".hub-refusal")).to_have_text("This API key is not known or was revoked.")


def test_the_key_is_nowhere_in_the_browser_and_a_ticket_works_once(page: Page, served: Served) -> None:
    tickets: list[str] = []
    page.on("request", lambda request: tickets.append(request.url) if "ticket=" in request.url else None)
    log_in(page, served)
    kept = page.evaluate("JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}])")
    cookies = {c["name"]: c for c in page.context.cookies()}
    assert served.keys["admin"] not in kept + str(cookies) + page.content()
    assert cookies["hub_console"]["httpOnly"]
    assert cookies["hub_console"]["sameSite"] == "Strict"
    page.context.clear_cookies()
    page.goto(tickets[0])
    expect(page).to_have_url(re.compile("/console/login$"))


def test_the_overview_counts_and_a_new_decision_appears_by_itself(page: Page, served: Served) -> None:
    log_in(page, served)
    expect(page.locator(".hub-tile-number").first).to_have_text("412")
    expect(page.locator(".hub-chart canvas")).to_be_visible()
    newest = page.locator(".hub-feed-item").first
    before = newest.get_attribute("href")
    (served.home / "decide").touch()
    expect(newest).not_to_have_attribute("href", before or "")
    expect(newest).to_contain_text("생애 사건 뒤 대출 관심")


def test_a_decision_is_told_down_to_the_sentence_and_its_seconds(page: Page, served: Served) -> None:
    log_in(page, served)
    page.goto(f"{served.url}/console/decisions?treatment=treated")
    page.locator(".hub-feed-item").first.click()
    expect(page.locator(".hub-quote-text")).to_have_text("“다음 달에 이사를 가게 됐어요”")
    expect(page.locator(".hub-range-time")).to_have_text("0:12.4 – 0:15.1")
    expect(page.locator(".hub-step.is-click")).to_contain_text("LN01")
    expect(page.locator(".hub-step.is-model")).to_contain_text("7")
    expect(page.locator(".hub-value")).to_have_count(3)


def test_a_customer_shows_features_and_ranked_products(page: Page, served: Served) -> None:
    log_in(page, served)
    page.goto(f"{served.url}/console/customers")
    page.locator(".hub-search input").fill("C000042")
    page.keyboard.press("Enter")
    expect(page.locator(".hub-rank-name").first).to_have_text("새출발 신용대출")
    expect(page.locator(".hub-value", has_text="region")).to_contain_text("서울")
    page.goto(f"{served.url}/console/customers?customer=C000042%22%3E%3Cscript%3E")
    expect(page.locator(".hub-rank")).to_have_count(0)


def test_scenarios_and_dead_letters_are_listed(page: Page, served: Served) -> None:
    log_in(page, served)
    page.goto(f"{served.url}/console/scenarios")
    expect(page.locator(".hub-scenario")).to_have_count(2)
    expect(page.locator(".hub-scenario").first).to_contain_text("retail-lending")
    page.goto(f"{served.url}/console/dead-letters")
    expect(page.locator(".hub-letter")).to_contain_text("missing_column")


def test_a_viewer_is_told_what_the_key_may_not_see(page: Page, served: Served) -> None:
    log_in(page, served, "viewer")
    expect(page.locator(".hub-tile")).to_have_count(8)
    page.locator(".hub-feed-item").first.click()
    expect(page.locator(".hub-notice")).to_contain_text("This needs a key of role admin")


def test_the_language_changes_and_stays(page: Page, served: Served) -> None:
    log_in(page, served)
    expect(page.locator(".hub-title")).to_have_text("현황")
    page.get_by_text("English").click()
    expect(page.locator(".hub-title")).to_have_text("Overview")
    page.goto(f"{served.url}/console/scenarios")
    expect(page.locator(".hub-scenario-name").first).to_have_text("Loan interest after a life event")


def test_logging_out_ends_the_session(page: Page, served: Served) -> None:
    log_in(page, served)
    page.get_by_text("로그아웃").click()
    expect(page).to_have_url(re.compile("/console/login$"))
    page.goto(f"{served.url}/console/")
    expect(page).to_have_url(re.compile("/console/login$"))


def test_no_request_leaves_the_machine_and_no_script_fails(page: Page, served: Served) -> None:
    foreign: list[str] = []
    failures: list[str] = []
    ours = (served.url, served.url.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda request: None if request.url.startswith(ours) else foreign.append(request.url))
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("console", lambda message: failures.append(message.text) if message.type == "error" else None)
    log_in(page, served)
    for path in ("decisions", "customers", "scenarios", "dead-letters"):
        page.goto(f"{served.url}/console/{path}")
        expect(page.locator(".hub-title")).to_be_visible()
    assert (foreign, failures) == ([], [])


@pytest.mark.parametrize("path", ["", "decisions", "customers?customer=C000042", "scenarios", "dead-letters"])
def test_nothing_overflows_a_telephone(page: Page, served: Served, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    log_in(page, served)
    page.goto(f"{served.url}/console/{path}")
    expect(page.locator(".hub-tabs")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
