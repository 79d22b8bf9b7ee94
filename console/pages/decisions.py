"""The newest decisions, by what became of them."""

from __future__ import annotations

from fastapi import Request
from nicegui import ui
from starlette.responses import Response

from console.client import Trouble
from console.shell import TO_LOGIN, Console, Visit, card, empty, frame, text, trouble
from console.widgets import TREATMENTS, feed_item, scenario_names

SHOWN = 100


def add_to(console: Console) -> None:
    """Add the page."""

    @ui.page("/decisions")
    async def show_decisions(request: Request, treatment: str = "") -> Response | None:
        visit = console.visit(request)
        if visit is None:
            return TO_LOGIN
        with frame(visit, "decisions", visit.say("decisions"), visit.say("decisions_sub"), back="/decisions"):
            await _draw(visit, treatment)
        return None


async def _draw(visit: Visit, treatment: str) -> None:
    try:
        headlines = (await visit.get("/v1/decisions/recent", limit=SHOWN))["decisions"]
        counts = (await visit.get("/v1/decisions/summary"))["scenarios"]
        names = await scenario_names(visit)
    except Trouble as error:
        trouble(visit, error)
        return
    _filters(visit, counts, treatment)
    shown = [h for h in headlines if not treatment or h["treatment"] == treatment]
    with card(), ui.element("div").classes("hub-feed is-wide"):
        if not shown:
            empty(visit.say("no_decisions"), "bolt")
        for headline in shown:
            feed_item(visit, headline, names.get(headline["scenario_id"], ""))


def _filters(visit: Visit, counts: dict[str, dict[str, int]], chosen: str) -> None:
    with ui.element("div").classes("hub-filters"):
        _filter(visit, "all", "/decisions", sum(sum(one.values()) for one in counts.values()), not chosen)
        for treatment, _ in TREATMENTS:
            total = sum(one.get(treatment, 0) for one in counts.values())
            _filter(visit, treatment, f"/decisions?treatment={treatment}", total, chosen == treatment)


def _filter(visit: Visit, word: str, path: str, count: int, is_chosen: bool) -> None:
    with ui.link(target=path).classes("hub-filter" + (" is-here" if is_chosen else "")):
        text(visit.say(word), tag="span")
        text(f"{count:,}", "hub-filter-count", tag="span")
