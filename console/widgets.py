"""Pieces that several pages draw: a decision in a list, decisions by scenario as a chart."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from console.shell import Visit, chip, empty, text

TREATMENTS = (("treated", "#4f46e5"), ("control", "#a5b4fc"), ("suppressed", "#e2e8f0"))
ROW_PX = 36
AXIS_PX = 70
MAX_BARS = 8
MIN_CHART_PX = 260


def feed_item(visit: Visit, headline: dict[str, Any], name: str = "") -> ui.element:
    """Draw one decision as a line that leads to its explanation."""
    with ui.link(target=f"/decisions/{headline['decision_id']}").classes("hub-feed-item").mark("decision") as item:
        ui.element("i").classes(f"hub-dot is-{headline['treatment']}")
        with ui.element("div").classes("hub-grow"):
            text(name or headline["scenario_id"], "hub-feed-name")
            channel = visit.term(headline.get("channel") or "")
            text(" · ".join(x for x in (visit.time(headline["decided_ms"]), channel) if x), "hub-feed-note")
        chip(visit.say(headline["treatment"]), f"is-{headline['treatment']}")
    return item


class TreatmentChart:
    """Decisions by scenario: one bar each, stacked by what became of the match."""

    def __init__(self, visit: Visit, names: dict[str, str], counts: dict[str, dict[str, int]]) -> None:
        self._visit = visit
        self._names = names
        self._counts: dict[str, dict[str, int]] | None = None
        self._box = ui.element("div").classes("hub-chart").mark("chart")
        self.show(counts)

    def show(self, counts: dict[str, dict[str, int]]) -> None:
        """Redraw when something changed."""
        if counts == self._counts:
            return
        self._counts = counts
        self._box.clear()
        with self._box:
            if counts:
                shown = _most_active(counts)
                height = max(MIN_CHART_PX, AXIS_PX + ROW_PX * len(shown))
                ui.echart(_options(self._visit, self._names, shown)).style(f"height: {height}px; width: 100%")
            else:
                empty(self._visit.say("no_decisions"), "bar_chart")


def _most_active(counts: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    busiest = sorted(counts, key=lambda scenario: -sum(counts[scenario].values()))[:MAX_BARS]
    return {scenario: counts[scenario] for scenario in busiest}


def folded(label: str, content: str) -> None:
    """Draw code that opens on a click."""
    with ui.element("details").classes("hub-folded"):
        text(label, tag="summary")
        text(content, "hub-code-text", tag="code")


def _options(visit: Visit, names: dict[str, str], counts: dict[str, dict[str, int]]) -> dict[str, Any]:
    scenarios = sorted(counts, key=lambda scenario: sum(counts[scenario].values()))
    font = {"fontFamily": "inherit", "color": "#64748b"}
    return {
        "textStyle": {"fontFamily": "Pretendard, Noto Sans KR, Noto Sans CJK KR, sans-serif"},
        "animationDuration": 300,
        "grid": {"left": 4, "right": 16, "top": 34, "bottom": 6, "containLabel": True},
        "legend": {"top": 0, "left": 0, "icon": "roundRect", "itemWidth": 10, "itemHeight": 10, "textStyle": font},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "xAxis": {
            "type": "value",
            "minInterval": 1,
            "axisLabel": font,
            "splitLine": {"lineStyle": {"color": "#f1f5f9"}},
        },
        "yAxis": {
            "type": "category",
            "data": [names.get(scenario, scenario) for scenario in scenarios],
            "axisTick": {"show": False},
            "axisLine": {"show": False},
            "axisLabel": {"color": "#334155", "width": 180, "overflow": "truncate"},
        },
        "series": [
            {
                "name": visit.say(treatment),
                "type": "bar",
                "stack": "decisions",
                "barMaxWidth": 18,
                "itemStyle": {"color": color},
                "data": [counts[scenario].get(treatment, 0) for scenario in scenarios],
            }
            for treatment, color in TREATMENTS
        ],
    }


async def scenario_names(visit: Visit) -> dict[str, str]:
    """Return the scenarios' names in the visitor's language."""
    listed: list[dict[str, Any]] = (await visit.get("/v1/scenarios"))["scenarios"]
    return {
        item["scenario"]["scenario_id"]: visit.named(item["scenario"]["name"], item["scenario"]["scenario_id"])
        for item in listed
    }
