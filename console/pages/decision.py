"""One decision, told from the first sentence to the offer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from nicegui import ui
from starlette.responses import Response

from console.client import Trouble
from console.shell import TO_LOGIN, Console, Visit, card, chip, frame, text, trouble
from console.widgets import folded

ICONS = {
    "scenario": "account_tree",
    "call": "graphic_eq",
    "click": "ads_click",
    "transaction": "receipt_long",
    "event": "radio_button_checked",
    "model": "model_training",
    "consent": "verified_user",
    "outcome": "flag",
    "action": "redeem",
    "measure": "query_stats",
}
MS = 1_000
WINDOW_MS = 4 * MS


def add_to(console: Console) -> None:
    """Add the page."""

    @ui.page("/decisions/{decision_id}")
    async def show_decision(request: Request, decision_id: str) -> Response | None:
        visit = console.visit(request)
        if visit is None:
            return TO_LOGIN
        path = f"/v1/decisions/{decision_id}"
        try:
            decision = await visit.get(path)
            told = await visit.get(f"{path}/explanation")
        except Trouble as error:
            with frame(visit, "decisions", visit.say("decision")):
                trouble(visit, error)
            return None
        with frame(
            visit, "decisions", visit.named(told["summary"]), visit.say("why"), back=f"/decisions/{decision_id}"
        ):
            _draw(visit, decision, told["steps"])
        return None


def _draw(visit: Visit, decision: dict[str, Any], steps: list[dict[str, Any]]) -> None:
    features = [step for step in steps if step["kind"] == "feature"]
    with ui.element("div").classes("hub-detail"):
        with card(classes="hub-timeline-card"), ui.element("ol").classes("hub-timeline"):
            for step in steps:
                if step["kind"] == "feature":
                    if step is features[0]:
                        _features(visit, features)
                else:
                    _step(visit, step)
        with ui.element("div").classes("hub-aside"):
            _facts(visit, decision)
            _offer(visit, decision["action"])


def _step(visit: Visit, step: dict[str, Any]) -> None:
    kind, facts = step["kind"], step["facts"]
    tint = f"is-{facts['treatment']}" if kind == "outcome" else ""
    with ui.element("li").classes(f"hub-step is-{kind} {tint}").mark(f"step-{kind}"):
        with ui.element("span").classes("hub-step-icon"):
            ui.icon(ICONS.get(kind, "circle"))
        with ui.element("div").classes("hub-grow"):
            text(visit.named(step["title"]), "hub-step-title")
            _told(visit, step)
            if kind == "scenario" and facts.get("pattern"):
                folded(visit.say("pattern"), facts["pattern"])
                if facts.get("audience"):
                    folded(visit.say("audience"), facts["audience"])
            if facts.get("dataset"):
                place = f"{facts['dataset']}" + (f" · #{facts['offset']}" if facts["offset"] is not None else "")
                text(f"{visit.say('source')}: {place}", "hub-step-source")


def _told(visit: Visit, step: dict[str, Any]) -> None:
    facts = step["facts"]
    sentence = (facts.get("properties") or {}).get("sentence")
    if not sentence:
        text(visit.named(step["detail"]), "hub-step-text")
        return
    with ui.element("blockquote").classes("hub-quote").mark("sentence"):
        text(f"“{sentence}”", "hub-quote-text")
        if facts.get("start_ms") is not None and facts.get("end_ms") is not None:
            _range(facts["start_ms"], facts["end_ms"])
        text(visit.named(step["detail"]).rpartition("→")[2].strip(), "hub-chip is-meaning")


def _range(start_ms: int, end_ms: int) -> None:
    """Draw where in the recording it was said, within a window that leaves air on both sides."""
    window_start = max(0, start_ms - WINDOW_MS)
    window_ms = end_ms + WINDOW_MS - window_start
    left = 100 * (start_ms - window_start) / window_ms
    width = max(1.5, 100 * (end_ms - start_ms) / window_ms)
    with ui.element("div").classes("hub-range"):
        ui.icon("graphic_eq").classes("hub-range-icon")
        with ui.element("div").classes("hub-range-track"):
            ui.element("i").style(f"left: {left:.1f}%; width: {width:.1f}%")
        text(f"{_clock(start_ms)} – {_clock(end_ms)}", "hub-range-time")


def _clock(position_ms: int) -> str:
    minutes, rest_ms = divmod(position_ms, 60 * MS)
    return f"{minutes}:{rest_ms / MS:04.1f}"


def _features(visit: Visit, steps: list[dict[str, Any]]) -> None:
    with ui.element("li").classes("hub-step is-feature").mark("step-feature"):
        with ui.element("span").classes("hub-step-icon"):
            ui.icon("tune")
        with ui.element("div").classes("hub-grow"):
            text(visit.say("looked_at"), "hub-step-title")
            with ui.element("div").classes("hub-values"):
                for step in steps:
                    _value(visit, step)


def _value(visit: Visit, step: Mapping[str, Any]) -> None:
    title = visit.named(step["title"])
    name, _, value = title.partition(" = ")
    with ui.element("div").classes("hub-value"):
        text(name, "hub-value-name")
        text(value, "hub-value-number")
        text(visit.named(step["detail"]), "hub-value-note")


def _facts(visit: Visit, decision: dict[str, Any]) -> None:
    with card(visit.say("decision")):
        chip(visit.say(decision["treatment"]), f"is-{decision['treatment']} is-large")
        rows = (
            ("customer", decision["customer_key"]),
            ("when", visit.time(decision["decided_ms"], "%Y-%m-%d %H:%M:%S")),
            ("scenario", f"{decision['scenario_id']} v{decision['scenario_version']}"),
            ("campaign", decision["campaign"]),
            ("model", decision["model_version"] or "–"),
        )
        with ui.element("dl").classes("hub-facts"):
            for word, value in rows:
                text(visit.say(word), tag="dt")
                if word == "customer":
                    with ui.element("dd"):
                        ui.link(value, f"/customers?customer={value}").classes("hub-mono")
                else:
                    text(str(value), tag="dd")


def _offer(visit: Visit, action: dict[str, Any]) -> None:
    if not action:
        return
    with card(visit.say("offer")), ui.element("dl").classes("hub-facts"):
        for name, value in action.items():
            text(name, tag="dt")
            text(_shown(visit, name, value), tag="dd")


def _shown(visit: Visit, name: str, value: object) -> str:
    if name.endswith("_ms") and isinstance(value, int):
        return visit.time(value, "%Y-%m-%d %H:%M")
    if isinstance(value, float):
        return f"{value:.4g}"
    return "–" if value is None else visit.term(str(value))
