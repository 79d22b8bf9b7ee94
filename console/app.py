"""Mounting the console under ``/console`` of the API's application."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from fastapi import FastAPI, Request
from nicegui import app as console_app
from nicegui import ui
from starlette.responses import RedirectResponse, Response

from console.client import HubClient
from console.pages import customers, dead_letters, decision, decisions, login, overview, scenarios
from console.sessions import COOKIE, LANGUAGE_COOKIE, Sessions
from console.shell import Console
from console.words import LANGUAGES
from hub.settings import Settings

MOUNT_PATH = "/console"
STATIC = Path(__file__).parent / "static"
SECRET_BYTES = 32
A_YEAR_S = 365 * 24 * 3_600
PAGES = (login, overview, decisions, decision, customers, scenarios, dead_letters)


def mount(app: FastAPI, settings: Settings) -> None:
    """Put the console on an application. It speaks to that application over HTTP like any other client."""
    console = Console(HubClient(base_url(settings)), Sessions(), settings.timezone_offset_hours)
    console_app.add_static_files("/static", STATIC, max_cache_age=3_600)
    _add_doors(console)
    for page in PAGES:
        page.add_to(console)
    ui.run_with(
        app,
        title="Speech-log hub",
        favicon=STATIC / "favicon.svg",
        mount_path=MOUNT_PATH,
        language="ko-KR",
        storage_secret=storage_secret(settings.home),
        session_middleware_kwargs={"same_site": "strict"},
        show_welcome_message=False,
    )


def base_url(settings: Settings) -> str:
    """Return where the API of this process listens."""
    host = "127.0.0.1" if settings.api.host in ("0.0.0.0", "::", "") else settings.api.host  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.api.port}"


def storage_secret(home: Path) -> str:
    """Return the secret that signs the console's cookies; made once, readable by its owner alone."""
    path = home / "keys" / "console.secret"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secret)
    return secret


def _add_doors(console: Console) -> None:
    """Add the three requests that set or clear a cookie."""

    @console_app.get("/enter")
    def enter(ticket: str, request: Request) -> Response:
        session_id = console.sessions.redeem(ticket)
        if session_id is None:
            return RedirectResponse(f"{MOUNT_PATH}/login", 303)
        answer = RedirectResponse(f"{MOUNT_PATH}/", 303)
        is_https = request.url.scheme == "https"
        answer.set_cookie(COOKIE, session_id, path=MOUNT_PATH, httponly=True, samesite="strict", secure=is_https)
        return answer

    @console_app.get("/leave")
    def leave(request: Request) -> Response:
        console.sessions.end(request.cookies.get(COOKIE, ""))
        answer = RedirectResponse(f"{MOUNT_PATH}/login", 303)
        answer.delete_cookie(COOKIE, path=MOUNT_PATH)
        return answer

    @console_app.get("/language/{language}")
    def choose_language(language: str, back: str = "/") -> Response:
        is_ours = back.startswith("/") and not back.startswith(("//", "/\\"))
        answer = RedirectResponse(f"{MOUNT_PATH}{back if is_ours else '/'}", 303)
        if language in LANGUAGES:
            answer.set_cookie(LANGUAGE_COOKIE, language, path=MOUNT_PATH, max_age=A_YEAR_S, samesite="strict")
        return answer
