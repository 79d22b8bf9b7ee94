"""The scenarios of the book: what is watched, for whom, who owns it, what became of it."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from nicegui import ui
from starlette.responses import Response

from console.client import Trouble
from console.shell import TO_LOGIN, Console, Visit, card, chip, empty, frame, text, trouble
from console.widgets import TREATMENTS, folded


def add_to(console: Console) -> None:
    """Add the page."""

    @ui.page("/scenarios")
    async def show_scenarios(request: Request) -> Response | None:
        visit = console.visit(request)
        if visit is None:
            return TO_LOGIN
        with frame(visit, "scenarios", visit.say("scenarios"), visit.say("scenarios_sub"), back="/scenarios"):
            try:
                listed = (await visit.get("/v1/scenarios"))["scenarios"]
            except Trouble as error:
                trouble(visit, error)
                return None
            if not listed:
                empty(visit.say("no_scenarios"), "account_tree")
            with ui.element("div").classes("hub-grid"):
                for item in listed:
                    _scenario(visit, item["scenario"], item["decisions"])
        return None


def _scenario(visit: Visit, scenario: dict[str, Any], counts: dict[str, int]) -> None:
    with card(classes="hub-scenario"):
        with ui.element("div").classes("hub-scenario-top"):
            with ui.element("div").classes("hub-grow"):
                text(visit.named(scenario["name"], scenario["scenario_id"]), "hub-scenario-name")
                text(f"{scenario['scenario_id']} · v{scenario['version']}", "hub-mono hub-faint")
            chip(visit.term(scenario["status"]), f"is-status-{scenario['status']}")
        text(visit.named(scenario["description"]), "hub-scenario-text")
        if scenario["pattern"]:
            folded(visit.say("pattern"), scenario["pattern"])
        if scenario["audience"]:
            folded(visit.say("audience"), scenario["audience"])
        _bar(visit, counts)
        with ui.element("div").classes("hub-scenario-foot"):
            for icon, label in _notes(visit, scenario):
                with ui.element("span").classes("hub-note"):
                    ui.icon(icon)
                    text(label, tag="span")


def _notes(visit: Visit, scenario: dict[str, Any]) -> list[tuple[str, str]]:
    notes = [("badge", f"{visit.say('owner')} {scenario['owner']}"), ("low_priority", str(scenario["priority"]))]
    if scenario["channel"]:
        notes.append(("send", visit.term(scenario["channel"])))
    if scenario["control_percent"]:
        notes.append(("science", visit.say("control_share", n=f"{scenario['control_percent']:g}")))
    if scenario["consent_purpose"]:
        notes.append(("verified_user", visit.term(scenario["consent_purpose"])))
    return notes


def _bar(visit: Visit, counts: dict[str, int]) -> None:
    total = sum(counts.values())
    with ui.element("div").classes("hub-split-bar"):
        for treatment, color in TREATMENTS:
            if counts.get(treatment):
                ui.element("i").style(f"width: {100 * counts[treatment] / total:.2f}%; background: {color}")
    with ui.element("div").classes("hub-split-legend"):
        for treatment, color in TREATMENTS:
            with ui.element("span"):
                ui.element("i").style(f"background: {color}")
                text(f"{visit.say(treatment)} {counts.get(treatment, 0):,}", tag="span")
