"""The hub at a glance, live."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import Request
from nicegui import background_tasks, ui
from starlette.responses import Response

from console.client import Trouble
from console.shell import TO_LOGIN, Console, Visit, card, empty, frame, text, trouble
from console.widgets import TreatmentChart, feed_item, scenario_names

REFRESH_S = 3.0
FEED_KEPT = 12
RETRY_S = 3.0

TILES: tuple[tuple[str, str, str], ...] = (
    ("calls", "graphic_eq", "violet"),
    ("memos", "receipt_long", "teal"),
    ("clicks", "ads_click", "blue"),
    ("behavior_events", "hub", "indigo"),
    ("customers", "group", "green"),
    ("features", "tune", "amber"),
    ("live_events", "stream", "sky"),
    ("refused", "report", "rose"),
)
STAGE_ICONS = {
    "waiting": "radio_button_unchecked",
    "running": "autorenew",
    "done": "check_circle",
    "failed": "error",
}
NAMES = {"customers": "customer_count"}


def add_to(console: Console) -> None:
    """Add the page."""

    @ui.page("/")
    async def show_overview(request: Request) -> Response | None:
        visit = console.visit(request)
        if visit is None:
            return TO_LOGIN
        with frame(visit, "overview", visit.say("overview"), visit.say("overview_sub")):
            await _draw(visit)
        return None


async def _draw(visit: Visit) -> None:
    try:
        shown = await visit.get("/v1/overview")
        names = await scenario_names(visit)
    except Trouble as error:
        trouble(visit, error)
        return
    tiles = _Tiles(visit, shown)
    with ui.element("div").classes("hub-split"):
        with card(visit.say("by_scenario"), visit.say("by_scenario_sub"), "hub-grow"):
            chart = TreatmentChart(visit, names, shown["decisions"])
        feed = _Feed(visit, names)
    stages = _Stages(visit, shown)
    tables = _Tables(visit, shown)

    async def refresh() -> None:
        try:
            now = await visit.get("/v1/overview")
        except Trouble:
            return
        tiles.show(now)
        stages.show(now)
        tables.show(now)
        chart.show(now["decisions"])

    ui.timer(REFRESH_S, refresh, immediate=False)
    await feed.start()


class _Tiles:
    """The row of figures."""

    def __init__(self, visit: Visit, shown: dict[str, Any]) -> None:
        self._visit = visit
        self._numbers: dict[str, ui.element] = {}
        self._notes: dict[str, ui.element] = {}
        with ui.element("div").classes("hub-tiles"):
            for name, icon, tint in TILES:
                with ui.element("div").classes(f"hub-tile hub-{tint}").mark(f"tile-{name}"):
                    with ui.element("div").classes("hub-tile-top"):
                        ui.icon(icon).classes("hub-tile-icon")
                        text(visit.say(NAMES.get(name, name)), "hub-tile-name")
                    self._numbers[name] = text("", "hub-tile-number")
                    self._notes[name] = text("", "hub-tile-note")
        self.show(shown)

    def show(self, shown: dict[str, Any]) -> None:
        """Show new figures."""
        figures = shown["figures"]
        for name, number in self._numbers.items():
            number.text = f"{figures[name]:,}"
            self._notes[name].text = self._note(name, figures)

    def _note(self, name: str, figures: dict[str, int]) -> str:
        say = self._visit.say
        notes = {
            "customers": lambda: say("linked_ids", n=f"{figures['linked_ids']:,}"),
            "features": lambda: say("feature_rows", n=f"{figures['feature_rows']:,}"),
            "refused": lambda: say("some_refused" if figures["refused"] else "none_refused"),
        }
        return notes[name]() if name in notes else ""


class _Stages:
    """How far the hub's jobs are."""

    def __init__(self, visit: Visit, shown: dict[str, Any]) -> None:
        self._visit = visit
        with card(visit.say("stages")) as self._card:
            self._body = ui.element("div").classes("hub-stages").mark("stages")
        self._before: object = None
        self.show(shown)

    def show(self, shown: dict[str, Any]) -> None:
        """Redraw when something changed; hidden where no job is known."""
        stages = shown["stages"]
        self._card.set_visibility(bool(stages))
        if stages == self._before:
            return
        self._before = stages
        self._body.clear()
        with self._body:
            for stage in stages:
                with ui.element("span").classes(f"hub-stage is-{stage['state']}"):
                    ui.icon(STAGE_ICONS.get(stage["state"], "circle"))
                    text(self._visit.term(stage["name"]), tag="span")


class _Tables:
    """Rows and freshness of each table, by zone."""

    def __init__(self, visit: Visit, shown: dict[str, Any]) -> None:
        self._visit = visit
        with card(visit.say("tables"), visit.say("tables_sub")):
            self._body = ui.element("div").classes("hub-zones")
        self._before: object = None
        self.show(shown)

    def show(self, shown: dict[str, Any]) -> None:
        """Redraw when something changed."""
        tables = shown["tables"]
        ages = [self._visit.ago(shown["now_ms"], table["written_ms"]) for table in tables]
        state = [(table["name"], table["rows"], age) for table, age in zip(tables, ages, strict=True)]
        if state == self._before:
            return
        self._before = state
        self._body.clear()
        with self._body:
            if not tables:
                empty(self._visit.say("no_tables").replace("`", ""), "table_chart")
            for zone in dict.fromkeys(table["zone"] for table in tables):
                with ui.element("div").classes(f"hub-zone hub-zone-{zone}"):
                    text(zone, "hub-zone-name")
                    for table, age in zip(tables, ages, strict=True):
                        if table["zone"] == zone:
                            self._row(table, age)

    def _row(self, table: dict[str, Any], age: str) -> None:
        with ui.element("div").classes("hub-table-row"):
            text(table["name"].partition(".")[2], "hub-table-name")
            text(f"{table['rows']:,}", "hub-table-rows")
            text(age, "hub-table-age")


class _Feed:
    """Decisions as they happen, newest first."""

    def __init__(self, visit: Visit, names: dict[str, str]) -> None:
        self._visit = visit
        self._names = names
        with card(classes="hub-feed-card"):
            with ui.element("div").classes("hub-card-head"):
                text(visit.say("live_feed"), "hub-card-title", tag="h2")
                with ui.element("span").classes("hub-live"):
                    ui.element("i").classes("hub-live-dot")
                    text(visit.say("live"), tag="span")
            self._list = ui.element("div").classes("hub-feed").mark("feed")
        self._shown = 0

    async def start(self) -> None:
        """Show the latest, then follow the stream until the browser leaves."""
        after = await self._latest()
        client = ui.context.client
        task = background_tasks.create(self._follow(after), name="decision feed")
        client.on_delete(lambda: task.cancel())

    async def _latest(self) -> int:
        headlines = (await self._visit.get("/v1/decisions/recent", limit=FEED_KEPT))["decisions"]
        for headline in reversed(headlines):
            self._add(headline)
        if not headlines:
            with self._list:
                empty(self._visit.say("waiting"), "hourglass_empty")
        return int(headlines[0]["sequence"]) if headlines else 0

    async def _follow(self, after: int) -> None:
        visit = self._visit
        while True:
            try:
                async for headline in visit.console.client.decisions(visit.session.key, visit.origin, after):
                    after = headline["sequence"]
                    self._add(headline)
            except Trouble:
                pass
            await asyncio.sleep(RETRY_S)

    def _add(self, headline: dict[str, Any]) -> None:
        if not self._shown:
            self._list.clear()
        with self._list:
            feed_item(self._visit, headline, self._names.get(headline["scenario_id"], "")).move(target_index=0)
        self._shown += 1
        children = self._list.default_slot.children
        while len(children) > FEED_KEPT:
            self._list.remove(children[-1])
