"""Refused records with their reasons."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from nicegui import ui
from starlette.responses import Response

from console.client import Trouble
from console.shell import TO_LOGIN, Console, Visit, card, chip, empty, frame, text, trouble

SHOWN = 200


def add_to(console: Console) -> None:
    """Add the page."""

    @ui.page("/dead-letters")
    async def show_dead_letters(request: Request) -> Response | None:
        visit = console.visit(request)
        if visit is None:
            return TO_LOGIN
        with frame(visit, "dead_letters", visit.say("dead_letters"), visit.say("letters_sub"), back="/dead-letters"):
            try:
                answer = await visit.get("/v1/dead-letters", limit=SHOWN)
            except Trouble as error:
                trouble(visit, error)
                return None
            _draw(visit, answer)
        return None


def _draw(visit: Visit, answer: dict[str, Any]) -> None:
    if not answer["dead_letters"]:
        with card():
            empty(visit.say("no_letters"), "task_alt")
        return
    with ui.element("div").classes("hub-filters"):
        for reason, count in sorted(answer["by_reason"].items(), key=lambda item: -item[1]):
            with ui.element("span").classes("hub-filter"):
                text(reason, "hub-mono", tag="span")
                text(f"{count:,}", "hub-filter-count", tag="span")
    with card(), ui.element("div").classes("hub-letters"):
        for letter in answer["dead_letters"]:
            _letter(visit, letter)


def _letter(visit: Visit, letter: dict[str, Any]) -> None:
    place = letter["provenance"]
    where = place["object"] or place["dataset"]
    if place["offset"] is not None:
        where = f"{where} · #{place['offset']}"
    with ui.element("div").classes("hub-letter").mark("letter"):
        with ui.element("div").classes("hub-grow"):
            with ui.element("div").classes("hub-letter-top"):
                text(letter["reason"], "hub-letter-reason hub-mono")
                chip(visit.say(letter["status"]), f"is-letter-{letter['status']}")
            text(letter["message"], "hub-letter-text")
            text(f"{letter['feed']} › {letter['stage']} · {where}", "hub-faint hub-break")
        text(visit.time(letter["received_ms"]), "hub-letter-time")
