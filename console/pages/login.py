"""Logging in with an API key."""

from __future__ import annotations

from fastapi import Request
from nicegui import ui
from starlette.responses import RedirectResponse, Response

from console.client import Trouble
from console.shell import Console, brand, dress, language_of, text
from console.words import LANGUAGES, say

HIGHLIGHTS = (
    ("graphic_eq", "calls"),
    ("receipt_long", "memos"),
    ("ads_click", "clicks"),
    ("bolt", "decisions"),
)


def add_to(console: Console) -> None:
    """Add the page."""

    @ui.page("/login")
    def show_login(request: Request) -> Response | None:
        if console.visit(request) is not None:
            return RedirectResponse("/console/", 303)
        language = language_of(request)
        origin = request.client.host if request.client else "unknown"
        dress()
        ui.page_title(say(language, "product"))
        with ui.element("div").classes("hub-login"):
            _hero(language)
            with ui.element("div").classes("hub-login-side"), ui.element("div").classes("hub-login-box"):
                _form(console, language, origin)
        return None


def _hero(language: str) -> None:
    with ui.element("div").classes("hub-hero"):
        brand(say(language, "product"))
        text(say(language, "tagline"), "hub-hero-line", tag="h1")
        with ui.element("div").classes("hub-hero-row"):
            for icon, word in HIGHLIGHTS:
                with ui.element("div").classes("hub-hero-item"):
                    ui.icon(icon)
                    text(say(language, word))


def _form(console: Console, language: str, origin: str) -> None:
    text(say(language, "log_in"), "hub-login-title", tag="h2")
    field = ui.input(say(language, "api_key"), password=True, password_toggle_button=True)
    field.props('outlined autofocus autocomplete="current-password"').classes("hub-field").mark("api-key")
    refusal = text("", "hub-refusal")

    async def log_in() -> None:
        key = field.value.strip()
        if not key:
            return
        try:
            account = await console.client.get("/v1/me", key, origin)
        except Trouble as error:
            refusal.text = str(error)
            return
        field.value = ""
        ui.navigate.to(f"/enter?ticket={console.sessions.ticket(key, account['role'], account['label'])}")

    field.on("keydown.enter", log_in)
    button = ui.button(say(language, "log_in"), on_click=log_in).props("unelevated no-caps")
    button.classes("hub-button").mark("log-in")
    text(say(language, "key_help").replace("`", ""), "hub-login-help")
    text(say(language, "key_kept"), "hub-login-help")
    other = next(one for one in LANGUAGES if one != language)
    ui.link(say(language, "switch"), f"/language/{other}?back=/login").classes("hub-quiet")
