"""One customer: features, recommendations and decisions. Every look is put on record by the API."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from fastapi import Request
from nicegui import ui
from starlette.responses import Response

from console.client import Trouble
from console.shell import TO_LOGIN, Console, Visit, card, chip, empty, frame, text, trouble
from console.widgets import feed_item, scenario_names

RECENT = 40
SUGGESTED = 8
PRODUCTS = 6
NAMED = re.compile(r"^[A-Za-z0-9_-]{1,64}$")
NO_CUSTOMER = 404


def add_to(console: Console) -> None:
    """Add the page."""

    @ui.page("/customers")
    async def show_customers(request: Request, customer: str = "") -> Response | None:
        visit = console.visit(request)
        if visit is None:
            return TO_LOGIN
        name = customer.strip()
        back = f"/customers?customer={name}" if NAMED.match(name) else "/customers"
        with frame(visit, "customers", visit.say("customers"), visit.say("customers_sub"), back=back):
            _search(visit, name)
            try:
                await (_draw(visit, name) if NAMED.match(name) else _suggest(visit))
            except Trouble as error:
                trouble(visit, error)
        return None


def _search(visit: Visit, name: str) -> None:
    def go() -> None:
        if field.value and NAMED.match(field.value.strip()):
            ui.navigate.to(f"/customers?customer={field.value.strip()}")

    with ui.element("div").classes("hub-search"):
        field = ui.input(placeholder=visit.say("customer_hint"), value=name).props("outlined dense clearable")
        field.classes("hub-field hub-grow").mark("customer").on("keydown.enter", go)
        ui.button(visit.say("show"), on_click=go).props("unelevated no-caps").classes("hub-button").mark("show")


async def _suggest(visit: Visit) -> None:
    decided = (await visit.get("/v1/decisions", limit=RECENT, newest_first=True))["decisions"]
    keys = list(dict.fromkeys(item["decision"]["customer_key"] for item in decided))[:SUGGESTED]
    with card(visit.say("recently_decided")):
        if not keys:
            empty(visit.say("no_decisions"), "person_search")
        with ui.element("div").classes("hub-keys"):
            for key in keys:
                with ui.link(target=f"/customers?customer={key}").classes("hub-key").mark("suggested"):
                    ui.icon("person")
                    text(key, "hub-mono", tag="span")


async def _draw(visit: Visit, name: str) -> None:
    services = (await visit.get("/v1/features"))["services"]
    asked = {"entities": {"customer_id": [name]}, "feature_service": "customer", "full_feature_names": True}
    served = await visit.post("/get-online-features", asked)
    with ui.element("div").classes("hub-detail"):
        with ui.element("div").classes("hub-stack"):
            for view in services:
                if view != "customer":
                    _view(visit, view, served)
            text(visit.say("on_record"), "hub-on-record")
        with ui.element("div").classes("hub-aside"):
            await _recommendations(visit, name)
            await _decisions(visit, name)


def _view(visit: Visit, view: str, served: dict[str, Any]) -> None:
    names = served["metadata"]["feature_names"]
    fresh = served["metadata"]["views"].get(view)
    columns = {n: c for n, c in zip(names, served["results"], strict=True) if n.startswith(f"{view}__")}
    as_of = fresh["as_of"][0] if fresh else None
    note = visit.say("as_of", t=_local(visit, as_of)) if as_of else visit.say("unknown_value")
    with card(view, note), ui.element("div").classes("hub-values"):
        for name, column in columns.items():
            _feature(visit, name.partition("__")[2], column["values"][0], column["statuses"][0])


def _feature(visit: Visit, name: str, value: object, status: str) -> None:
    is_known = value is not None
    with ui.element("div").classes("hub-value" + ("" if is_known else " is-unknown")).mark("feature"):
        text(name, "hub-value-name")
        text(_shown(visit, value) if is_known else visit.say("unknown_value"), "hub-value-number")
        if status == "OUTSIDE_MAX_AGE":
            chip(visit.say("stale"), "is-stale")


def _local(visit: Visit, iso: str) -> str:
    return visit.time(round(datetime.fromisoformat(iso).timestamp() * 1_000), "%Y-%m-%d %H:%M")


def _shown(visit: Visit, value: object) -> str:
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1_000 or value.is_integer() else f"{value:.3f}"
    return f"{value:,}" if isinstance(value, int) else visit.term(str(value))


async def _recommendations(visit: Visit, name: str) -> None:
    try:
        answer = await visit.get(f"/v1/customers/{name}/recommendations", limit=PRODUCTS)
    except Trouble as error:
        with card(visit.say("recommendations")):
            text(str(error), "hub-notice-text")
        return
    best = max((product["score"] for product in answer["products"]), default=0.0) or 1.0
    with card(visit.say("recommendations"), f"{visit.say('model')} {answer['model_version']}"):
        for product in answer["products"]:
            with ui.element("div").classes("hub-rank").mark("product"):
                text(str(product["rank"]), "hub-rank-place")
                with ui.element("div").classes("hub-grow"):
                    known = product["product"] or {}
                    text(visit.named(known.get("name"), product["product_id"]), "hub-rank-name")
                    with ui.element("div").classes("hub-bar"):
                        ui.element("i").style(f"width: {100 * product['score'] / best:.0f}%")
                text(f"{product['score']:.1%}", "hub-rank-score")


async def _decisions(visit: Visit, name: str) -> None:
    try:
        decided = (await visit.get("/v1/decisions", customer=name, newest_first=True, limit=PRODUCTS))["decisions"]
    except Trouble as error:
        if error.status != NO_CUSTOMER:
            trouble(visit, error)
        return
    names = await scenario_names(visit)
    with card(visit.say("their_decisions")), ui.element("div").classes("hub-feed"):
        if not decided:
            empty(visit.say("no_decisions"), "bolt")
        for item in decided:
            decision = item["decision"]
            headline = {**decision, "channel": decision["action"].get("channel")}
            feed_item(visit, headline, names.get(decision["scenario_id"], ""))
