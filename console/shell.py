"""What every page has: who is looking, in which language, and the frame around the content."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from fastapi import Request
from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from starlette.responses import RedirectResponse

from console.client import Document, HubClient, Trouble
from console.sessions import COOKIE, LANGUAGE_COOKIE, Session, Sessions
from console.words import DEFAULT_LANGUAGE, LANGUAGES, ago, say, term

NAVIGATION = (
    ("overview", "/", "space_dashboard"),
    ("decisions", "/decisions", "bolt"),
    ("customers", "/customers", "person_search"),
    ("scenarios", "/scenarios", "account_tree"),
    ("dead_letters", "/dead-letters", "report"),
)
FORBIDDEN = 403
ACCENT = "#4f46e5"
TO_LOGIN = RedirectResponse("/console/login", 303)


@dataclass(frozen=True)
class Console:
    """What pages are made with."""

    client: HubClient
    sessions: Sessions
    offset_hours: float

    def visit(self, request: Request) -> Visit | None:
        """Return the visit of a logged-in browser."""
        session = self.sessions.find(request.cookies.get(COOKIE, ""))
        return Visit(self, session, language_of(request), _origin(request)) if session else None


@dataclass(frozen=True)
class Visit:
    """One logged-in browser looking at one page."""

    console: Console
    session: Session
    language: str
    origin: str

    def say(self, word: str, **values: object) -> str:
        """Return a word in the visitor's language."""
        return say(self.language, word, **values)

    def term(self, code: str) -> str:
        """Return the word for a code."""
        return term(self.language, code)

    def named(self, names: dict[str, str] | None, otherwise: str = "") -> str:
        """Return the name in the visitor's language."""
        return (names or {}).get(self.language) or otherwise

    def time(self, epoch_ms: int, pattern: str = "%m-%d %H:%M:%S") -> str:
        """Return a local time."""
        zone = timezone(timedelta(hours=self.console.offset_hours))
        return datetime.fromtimestamp(epoch_ms / 1_000, tz=UTC).astimezone(zone).strftime(pattern)

    def ago(self, now_ms: int, epoch_ms: int | None) -> str:
        """Return how long ago something was."""
        return self.say("never") if epoch_ms is None else ago(self.language, max(0, now_ms - epoch_ms))

    async def get(self, path: str, **query: str | int | bool) -> Document:
        """Read from the API as this visitor. Raises Trouble."""
        return await self.console.client.get(path, self.session.key, self.origin, **query)

    async def post(self, path: str, body: object) -> Document:
        """Ask the API as this visitor. Raises Trouble."""
        return await self.console.client.post(path, self.session.key, self.origin, body)


def language_of(request: Request) -> str:
    """Return the language the browser chose, Korean at first."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, DEFAULT_LANGUAGE)
    return chosen if chosen in LANGUAGES else DEFAULT_LANGUAGE


def dress() -> None:
    """Load the look."""
    ui.colors(primary=ACCENT)
    ui.add_head_html('<link rel="stylesheet" href="/console/static/console.css">')


@contextmanager
def frame(visit: Visit, here: str, title: str, subtitle: str = "", back: str = "/") -> Iterator[None]:
    """Draw navigation and heading; what is drawn inside becomes the content."""
    dress()
    ui.page_title(f"{title} · {visit.say('product')}")
    with ui.element("div").classes("hub-app"):
        _side(visit, here, back)
        with ui.element("main").classes("hub-main"):
            with ui.element("header").classes("hub-head"), ui.element("div"):
                text(title, "hub-title", tag="h1")
                if subtitle:
                    text(subtitle, "hub-subtitle")
            with ui.element("section").classes("hub-content"):
                yield
        _tabs(visit, here)


def _side(visit: Visit, here: str, back: str) -> None:
    with ui.element("aside").classes("hub-side"):
        brand(visit.say("product"))
        with ui.element("nav").classes("hub-nav"):
            for word, path, icon in NAVIGATION:
                _entry(visit, word, path, icon, here)
        with ui.element("div").classes("hub-side-foot"):
            with ui.element("div").classes("hub-who"):
                ui.icon("vpn_key").classes("hub-who-icon")
                with ui.element("div").classes("hub-grow"):
                    text(visit.session.label or visit.session.role, "hub-who-name")
                    text(visit.session.role, "hub-who-role")
            with ui.element("div").classes("hub-side-links"):
                ui.link(visit.say("switch"), _other_language(visit, back)).classes("hub-quiet").mark("language")
                ui.link(visit.say("log_out"), "/leave").classes("hub-quiet").mark("log-out")


def _tabs(visit: Visit, here: str) -> None:
    """Navigation of narrow screens."""
    with ui.element("nav").classes("hub-tabs"):
        for word, path, icon in NAVIGATION:
            _entry(visit, word, path, icon, here)


def _entry(visit: Visit, word: str, path: str, icon: str, here: str) -> None:
    with ui.link(target=path).classes("hub-nav-item" + (" is-here" if word == here else "")):
        ui.icon(icon)
        text(visit.say(word), tag="span")


def _other_language(visit: Visit, back: str) -> str:
    other = next(language for language in LANGUAGES if language != visit.language)
    return f"/language/{other}?back={back}"


def brand(name: str) -> None:
    """Draw the mark and the name."""
    with ui.element("div").classes("hub-brand"):
        ui.image("/static/favicon.svg").classes("hub-mark")
        text(name, "hub-brand-name", tag="span")


def text(content: str, classes: str = "", tag: str = "div") -> TextElement:
    """Draw plain text; it is escaped. Its ``text`` may be set later."""
    element = TextElement(tag=tag, text=content)
    element.classes(classes)
    return element


@contextmanager
def card(title: str = "", subtitle: str = "", classes: str = "") -> Iterator[ui.element]:
    """Draw a card."""
    with ui.element("div").classes(f"hub-card {classes}") as element:
        if title:
            with ui.element("div").classes("hub-card-head"):
                text(title, "hub-card-title", tag="h2")
                if subtitle:
                    text(subtitle, "hub-card-sub")
        yield element


def chip(content: str, kind: str = "") -> ui.element:
    """Draw a small label."""
    return text(content, f"hub-chip {kind}", tag="span")


def empty(content: str, icon: str = "inbox") -> None:
    """Say that there is nothing."""
    with ui.element("div").classes("hub-empty"):
        ui.icon(icon).classes("hub-empty-icon")
        text(content)


def trouble(visit: Visit, error: Trouble) -> None:
    """Say what went wrong in the API's own words."""
    is_forbidden = error.status == FORBIDDEN
    with ui.element("div").classes("hub-notice"):
        ui.icon("lock" if is_forbidden else "cloud_off").classes("hub-notice-icon")
        with ui.element("div"):
            text(visit.say("not_allowed" if is_forbidden else "trouble"), "hub-notice-title")
            text(str(error), "hub-notice-text")


def _origin(request: Request) -> str:
    return request.client.host if request.client else "unknown"
